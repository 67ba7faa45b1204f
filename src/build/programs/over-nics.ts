import { PlanError } from "../../plan/plan-error.js";
import type { TraceNics } from "../../scenario/types/trace.js";
import { type ChosenNics, type Schedule, ScheduleBuilder } from "../collective/schedule.js";
import type { RankLayout } from "../ranks.js";

/** Where ranks of a trace are. */
interface Ground {
  readonly layout: RankLayout;
  /** Ranks of the fabric by rank of the trace; left out where they are the same. */
  readonly jobRanks: readonly number[] | undefined;
}

/**
 * The schedule with each flow between nodes on the NICs that its ranks use. A NIC that is at
 * another GPU of the node is reached by way of that GPU, which passes each chunk on as it comes.
 * @throws PlanError where no scale-up network joins these GPUs
 */
export function overNics(schedule: Schedule, nics: TraceNics, ground: Ground): Schedule {
  const { src, dst, chunkBytes, chunks, startPs, upFirst, upFlow, upLag } = schedule;
  const builder = new ScheduleBuilder(schedule.count);
  const chosen: { of: number[]; src: number[]; dst: number[] } = { of: [], src: [], dst: [] };
  const first = new Uint32Array(schedule.count);
  const last = new Uint32Array(schedule.count);
  for (let flow = 0; flow < schedule.count; flow++) {
    const [from, to] = [src[flow]!, dst[flow]!];
    const stops = stopsOf(from, to, nics);
    first[flow] = builder.count;
    for (let leg = 1; leg < stops.length; leg++) {
      const [a, b] = [stops[leg - 1]!, stops[leg]!];
      const startsPs = leg === 1 ? startPs[flow]! : 0;
      builder.add({ src: a, dst: b, chunkBytes: chunkBytes[flow]!, chunks: chunks[flow]!, startPs: startsPs });
      if (leg > 1) builder.after(builder.count - 1, builder.count - 2, 0);
      const isBetween = nodeOf(a, nics) !== nodeOf(b, nics);
      if (!isBetween && stops.length > 2) checkJoined(a, b, ground);
      // Of a GPU with one NIC, that is all of its ports.
      chosen.of.push(isBetween && nics.perGpu > 1 ? nics.perGpu : 0);
      chosen.src.push(isBetween ? nics.number[from]! : 0);
      chosen.dst.push(isBetween ? nics.number[to]! : 0);
    }
    last[flow] = builder.count - 1;
  }
  for (let flow = 0; flow < schedule.count; flow++) {
    for (let i = upFirst[flow]!; i < upFirst[flow + 1]!; i++) builder.after(first[flow]!, last[upFlow[i]!]!, upLag[i]!);
  }
  return { ...builder.build(), nics: columns(chosen) };
}

/** Ranks that a message passes: between nodes also those that its NICs are at. */
function stopsOf(from: number, to: number, nics: TraceNics): number[] {
  if (nodeOf(from, nics) === nodeOf(to, nics)) return [from, to];
  const stops = [from, nics.holder[from]!, nics.holder[to]!, to];
  return stops.filter((rank, i) => rank !== stops[i - 1]);
}

function nodeOf(rank: number, { gpusPerNode }: TraceNics): number {
  return Math.floor(rank / gpusPerNode);
}

function checkJoined(a: number, b: number, { layout: { gpusPerNode, scaleUpNic }, jobRanks }: Ground): void {
  const [first, second] = [a, b].map((rank) => jobRanks?.[rank] ?? rank);
  if (Math.floor(first! / gpusPerNode) === Math.floor(second! / gpusPerNode) && scaleUpNic(first!) >= 0) return;
  const what = `ranks ${a} and ${b} use a NIC of one of them, and no scale-up network joins them in this fabric`;
  throw new PlanError(`${what}; write nodes with a scale-up network, or workload.nics`, [["topology"], ["workload"]]);
}

function columns({ of, src, dst }: { of: number[]; src: number[]; dst: number[] }): ChosenNics {
  return { of: Uint8Array.from(of), src: Uint8Array.from(src), dst: Uint8Array.from(dst) };
}
