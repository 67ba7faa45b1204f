/** Which sender to watch, and after how many of its rhythm's periods to look. */
import type { CoreInstance } from "../core/instance.js";
import { Run, SENDER_BYTES, Sender } from "../core/layout.js";
import { field } from "./moment.js";
import { hasPrograms } from "./programs.js";
import type { Rhythm } from "./rhythm.js";

/** A period has at least this number of windows: to look in between costs a window. */
const MIN_WINDOWS = 4;
/** Periods after which a state is compared with the one that was kept. */
export const PERIODS = [1, 2, 3, 4, 5, 6, 8, 12];
/** A flow of fewer chunks than this is not worth a look at a repetition of whole chunks. */
const MIN_CHUNKS = 6;

/** Address of the sender that waits for answers and has most left to send; 0 where nobody does. */
export function busiestSender(core: CoreInstance): number {
  const words = new Uint32Array(core.memory.memory.buffer);
  const senders = field(core, "senders");
  const count = field(core, "flowCount");
  let best = 0;
  let most = 0;
  for (let flow = 0; flow < count; flow++) {
    const at = (senders + flow * SENDER_BYTES) >>> 2;
    const deadline = at + (Sender.deadlinePs.offset >>> 2);
    if (words[deadline] === 0 && words[deadline + 1] === 0) continue;
    const left = words[at + (Sender.totalPackets.offset >>> 2)]! - words[at + (Sender.acked.offset >>> 2)]!;
    if (left <= most) continue;
    most = left;
    best = 4 * at;
  }
  return best;
}

/** As many of the rhythm's periods as last some windows. */
export function stretched(core: CoreInstance, { packets, periodPs }: Rhythm): Rhythm {
  const times = Math.ceil((MIN_WINDOWS * field(core, "windowPs")) / periodPs);
  return { packets: packets * times, periodPs: periodPs * times };
}

/**
 * After how many periods to look. After a few, since other flows may take several to do the same
 * again. Also after as many as make whole chunks of the watched flow, since no repetition goes
 * beyond the end of a chunk.
 * @param chunksOnly Not inside a chunk, where there are enough of them.
 */
export function periodsOf(core: CoreInstance, { packets }: Rhythm, chunksOnly: boolean): number[] {
  const { memory, header } = core;
  const at = memory.get(header, Run.watched);
  const sent = memory.get(at, Sender.highest);
  const perChunk = memory.get(at, Sender.packetsPerChunk);
  const total = memory.get(at, Sender.totalPackets);
  const chunk = perChunk / greatestCommonDivisor(packets, perChunk);
  const left = (end: number, least: number) => (count: number) => (end - sent) / packets >= least * count;
  // Programs may decide about the next chunk.
  const inChunks = hasPrograms(core) ? [] : [chunk, 2 * chunk].filter(left(total, MIN_CHUNKS));
  if (chunk === 1 && !hasPrograms(core)) return PERIODS.filter(left(total, 3));
  const chunkEnd = (Math.floor(memory.get(at, Sender.acked) / perChunk) + 1) * perChunk;
  const skipsInside = chunksOnly && inChunks.length !== 0 ? [] : PERIODS.filter(left(chunkEnd, 3));
  return [...skipsInside, ...inChunks];
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
