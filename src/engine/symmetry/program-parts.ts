/**
 * What programs add to the parts of a run: a rank is what its programs are, and a flow of a
 * communicator belongs to a slot of a program at each of its ends.
 */
import type { RunPlan } from "../../plan/plan.js";
import { chunksPerOperation, flowEnds, type Programs, programFlows } from "../../plan/programs.js";

export interface ProgramParts {
  readonly programs: Programs;
  /**
   * Program ranks of rank `r` of the fabric are `list[first[r]] … list[first[r+1] - 1]`, ascending.
   */
  readonly first: Uint32Array;
  readonly list: Uint32Array;
  /** By program rank: its place among those of its rank of the fabric. */
  readonly placeOf: Uint32Array;
  /** By entry of the ranks' slots: the program rank that it belongs to. */
  readonly rankOfSlot: Uint32Array;
  /** First flow of a communicator, and one past the last. */
  readonly firstFlow: number;
  readonly endFlow: number;
  /** Columns by flow of a communicator, from the first one on. */
  readonly source: Uint32Array;
  readonly destination: Uint32Array;
  readonly perOperation: Uint32Array;
}

/** Null where no programs run. */
export function programPartsOf({ programs, fabric, flows }: RunPlan): ProgramParts | null {
  if (programs === undefined) return null;
  const { ranks } = programs;
  const first = new Uint32Array(fabric.rankCount + 1);
  for (const rank of ranks.rank) first[rank + 1]!++;
  for (let rank = 0; rank < fabric.rankCount; rank++) first[rank + 1]! += first[rank]!;
  const list = new Uint32Array(ranks.count);
  const placeOf = new Uint32Array(ranks.count);
  const next = first.slice();
  const rankOfSlot = new Uint32Array(ranks.slots.length);
  ranks.rank.forEach((rank, programRank) => {
    placeOf[programRank] = next[rank]! - first[rank]!;
    list[next[rank]!++] = programRank;
    rankOfSlot.fill(programRank, ranks.slotFirst[programRank], ranks.slotFirst[programRank + 1]);
  });
  const [firstFlow, endFlow] = programFlows(programs);
  return {
    ...{ programs, first, list, placeOf, rankOfSlot, firstFlow, endFlow },
    ...flowEnds(programs, fabric, flows),
    perOperation: chunksPerOperation(programs, flows),
  };
}

/** What a rank of the fabric runs; ranks with the same text run the same. */
export function describeRank({ programs, first, list }: ProgramParts, rank: number): string {
  const { role, startPs, computeFactor, jitter, slotFirst } = programs.ranks;
  const own = Array.from(list.subarray(first[rank], first[rank + 1]), (r) => {
    const slots = slotFirst[r + 1]! - slotFirst[r]!;
    return `${role[r]} ${startPs[r]} ${computeFactor[r]} ${jitter[r]} ${slots}`;
  });
  return own.join(", ");
}

/** The slots that a flow belongs to at its ends, and its chunks in an operation. */
export function describeFlow(parts: ProgramParts, flow: number): string {
  const { firstFlow, endFlow, source, destination, perOperation } = parts;
  if (flow < firstFlow || flow >= endFlow) return "";
  const i = flow - firstFlow;
  return `${slotOf(parts, source[i]!)} ${slotOf(parts, destination[i]!)} ${perOperation[i]}`;
}

/** A slot as its rank of the fabric sees it: which of its programs, and which slot of that. */
function slotOf({ programs, placeOf, rankOfSlot }: ProgramParts, entry: number): string {
  const programRank = rankOfSlot[entry]!;
  return `${placeOf[programRank]}.${entry - programs.ranks.slotFirst[programRank]!}`;
}
