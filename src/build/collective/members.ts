/** Members of operations on NICs and queue pairs: a member has one of each. */
import { NONE } from "../../plan/reduction.js";
import type { RankLayout } from "../ranks.js";
import type { LogicalFlows } from "./logical-flows.js";
import type { Schedule, ScheduleOperation, ScheduleOperations } from "./schedule.js";

/** Operations by flow of the plan. */
export interface ConnectedOperations {
  readonly list: readonly ScheduleOperation[];
  /** Operation of each flow, or `NONE`. */
  readonly operationOf: Int32Array;
  readonly contributes: Uint8Array;
  readonly receives: Uint8Array;
}

/**
 * The NIC of each member: of the network that its operation goes over. Of several NICs an operation
 * takes one, so that operations spread over them.
 * @returns by flow of the schedule; -1 of one that is no member
 */
export function placeMembers(
  { operations, src, count }: Schedule,
  { fabricNic, scaleUpNic }: RankLayout,
): (logical: number) => number {
  if (operations === undefined) return () => -1;
  const memberNic = new Int32Array(count).fill(-1);
  for (const { first, members, network, choice } of operations.list) {
    const nic = network === "scale-up" ? scaleUpNic : fabricNic;
    for (let flow = first; flow < first + members; flow++) memberNic[flow] = nic(src[flow]!, choice);
  }
  return (logical) => memberNic[logical]!;
}

/** The same operations, by the flows of the plan. */
export function connectOperations(
  { list, contributes, receives }: ScheduleOperations,
  { ofFlow, firstFlow }: LogicalFlows,
): ConnectedOperations {
  const operationOf = new Int32Array(ofFlow.length).fill(NONE);
  list.forEach(({ first, members }, operation) => {
    operationOf.fill(operation, firstFlow[first]!, firstFlow[first + members]!);
  });
  return {
    list: list.map((operation) => ({ ...operation, first: firstFlow[operation.first]! })),
    operationOf,
    contributes: Uint8Array.from(ofFlow, (logical) => contributes[logical]!),
    receives: Uint8Array.from(ofFlow, (logical) => receives[logical]!),
  };
}
