/**
 * Which queue pairs a NIC of the core lists: those that send from it, and those that come to it
 * when the link of another NIC is out (docs/MODEL.md §7, moving).
 */
import type { MoveChange } from "../../plan/changes.js";
import { classOfFlow, type FlowGraph } from "../../plan/flows.js";
import type { RunPlan } from "../../plan/plan.js";

/** Flows of each NIC, by data class, then ascending: those of NIC `n` from `first[n]` on. */
export interface SendLists {
  readonly first: Uint32Array;
  readonly list: Uint32Array;
}

/** Moves of queue pairs, in order of time. */
export function movesOf({ changes = [] }: Pick<Listed, "changes">): readonly MoveChange[] {
  return changes.filter((change) => change.kind === "move");
}

/** By NIC: flows that come to it from others, each once. */
function guestsOf(plan: Listed): ReadonlyMap<number, ReadonlySet<number>> {
  const guests = new Map<number, Set<number>>();
  for (const { flow, srcNic } of movesOf(plan)) {
    if (plan.flows.srcNic[flow] === srcNic) continue;
    const known = guests.get(srcNic);
    if (known === undefined) guests.set(srcNic, new Set([flow]));
    else known.add(flow);
  }
  return guests;
}

type Listed = Pick<RunPlan, "flows" | "fabric" | "changes">;

/** By NIC: how many flows it lists. */
export function sendCounts(plan: Listed): Uint32Array {
  const { flows, fabric } = plan;
  const counts = new Uint32Array(fabric.nics.count);
  for (let flow = 0; flow < flows.count; flow++) counts[flows.srcNic[flow]!]!++;
  for (const [nic, guests] of guestsOf(plan)) counts[nic]! += guests.size;
  return counts;
}

/** The header's fields. */
export function sendHeader(plan: Listed) {
  const moveCount = movesOf(plan).length;
  const { count } = plan.flows;
  return { moveCount, sendEntries: moveCount === 0 ? count : sendCounts(plan).reduce((sum, each) => sum + each, 0) };
}

export function sendListsOf(plan: RunPlan): SendLists {
  const { flows, fabric } = plan;
  const counts = sendCounts(plan);
  const first = new Uint32Array(fabric.nics.count + 1);
  for (let nic = 0; nic < fabric.nics.count; nic++) first[nic + 1] = first[nic]! + counts[nic]!;
  const next = first.slice();
  const list = new Uint32Array(first[fabric.nics.count]!);
  for (let flow = 0; flow < flows.count; flow++) list[next[flows.srcNic[flow]!]!++] = flow;
  const guests = guestsOf(plan);
  for (const [nic, flowsThere] of guests) for (const flow of flowsThere) list[next[nic]!++] = flow;
  for (let nic = 0; nic < fabric.nics.count; nic++) {
    if (plan.dataClasses.length > 1 || guests.has(nic)) list.subarray(first[nic]!, first[nic + 1]!).sort(inTurn(flows));
  }
  return { first, list };
}

/** The order in which a NIC serves its flows. */
function inTurn(flows: FlowGraph) {
  return (a: number, b: number) => classOfFlow(flows, a) - classOfFlow(flows, b) || a - b;
}

/** By flow: its place in the list of the NIC that it sends from at first. */
export function ownPlaces({ flows, fabric }: RunPlan, { first, list }: SendLists): Uint32Array {
  const places = new Uint32Array(flows.count);
  for (let nic = 0; nic < fabric.nics.count; nic++) {
    for (let at = first[nic]!; at < first[nic + 1]!; at++) {
      const flow = list[at]!;
      if (flows.srcNic[flow] === nic) places[flow] = at - first[nic]!;
    }
  }
  return places;
}

/** Place of a flow in the list of a NIC. */
export function placeInList({ first, list }: SendLists, nic: number, flow: number): number {
  return list.subarray(first[nic]!, first[nic + 1]!).indexOf(flow);
}

/** By flow: the NIC that it is at when it starts. */
export function nicsAtStart(plan: RunPlan): Uint32Array {
  const { flows } = plan;
  const nics = flows.srcNic.slice();
  for (const { flow, atPs, srcNic } of movesOf(plan)) if (atPs <= flows.startPs[flow]!) nics[flow] = srcNic;
  return nics;
}
