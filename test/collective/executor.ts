import type { Collective } from "../../src/build/collective/schedule.js";
import { COLLECTIVES } from "../../src/plan/collectives.js";

/** Which ranks' values are summed in a part of a rank's buffer: bit r for rank r. */
type Contributions = bigint;

/**
 * Carries out a schedule on buffers, without a network: chunks are delivered one at a time, flows
 * picked by `pick`. Throws where the schedule would give wrong sums, or gets stuck.
 * @returns Bytes that each rank sent.
 */
export function executeAllReduce(collective: Collective, ranks: number, pick: (n: number) => number): number[] {
  const { schedule, parts, cargo } = collective;
  const all: Contributions = (1n << BigInt(ranks)) - 1n;
  const buffers = Array.from({ length: ranks }, (_, rank) => new Array<Contributions>(parts).fill(1n << BigInt(rank)));
  const started = new Uint32Array(schedule.count);
  const delivered = new Uint32Array(schedule.count);
  const sentBytes = new Array<number>(ranks).fill(0);
  const underway: { flow: number; chunk: number; values: Contributions[] }[] = [];

  const isAllowed = (flow: number, chunk: number) => {
    for (let i = schedule.upFirst[flow]!; i < schedule.upFirst[flow + 1]!; i++) {
      const upstream = schedule.upFlow[i]!;
      const needed = Math.min(chunk - schedule.upLag[i]!, schedule.chunks[upstream]! - 1);
      if (needed >= 0 && delivered[upstream]! <= needed) return false;
    }
    return true;
  };
  const start = (flow: number) => {
    const chunk = started[flow]!++;
    const { first, count } = cargo(flow, chunk);
    underway.push({ flow, chunk, values: buffers[schedule.src[flow]!]!.slice(first, first + count) });
    sentBytes[schedule.src[flow]!]! += schedule.chunkBytes[flow]!;
  };
  const deliver = (index: number) => {
    const [{ flow, chunk, values }] = underway.splice(index, 1) as [(typeof underway)[number]];
    const buffer = buffers[schedule.dst[flow]!]!;
    const { first, reduces } = cargo(flow, chunk);
    values.forEach((value, i) => {
      const own = buffer[first + i]!;
      if (reduces && (own & value) !== 0n) throw new Error(`flow ${flow} chunk ${chunk}: a value is added twice`);
      if (!reduces && value !== all) throw new Error(`flow ${flow} chunk ${chunk}: passes on an unfinished sum`);
      buffer[first + i] = reduces ? own | value : value;
    });
    delivered[flow]! += 1;
  };

  for (;;) {
    const ready: number[] = [];
    for (let flow = 0; flow < schedule.count; flow++) {
      if (started[flow]! < schedule.chunks[flow]! && isAllowed(flow, started[flow]!)) ready.push(flow);
    }
    // Chunks of one flow arrive in order.
    const arriving = underway.flatMap(({ flow }, i) =>
      underway.findIndex((other) => other.flow === flow) === i ? [i] : [],
    );
    const choices = ready.length + arriving.length;
    if (choices === 0) break;
    const choice = pick(choices);
    if (choice < ready.length) start(ready[choice]!);
    else deliver(arriving[choice - ready.length]!);
  }
  if (!schedule.chunks.every((chunks, flow) => delivered[flow] === chunks)) throw new Error("the schedule got stuck");
  const { sumOf } = COLLECTIVES["all-reduce"];
  buffers.forEach((buffer, rank) => {
    buffer.forEach((value, part) => {
      const whose = sumOf({ rank, part, ranks, parts });
      if (whose === null) return;
      if (value !== (whose === "all" ? all : 1n << BigInt(whose))) throw new Error("a sum is not complete");
    });
  });
  return sentBytes;
}
