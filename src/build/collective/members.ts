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
 * Gives both ends of each member to the NIC that its operation goes over.
 * @returns Tells whether a flow of the schedule is a member.
 */
export function placeMembers(
  { operations, src, count }: Schedule,
  { fabricNic, scaleUpNic }: RankLayout,
  nicOf: { readonly src: Uint32Array; readonly dst: Uint32Array },
): (logical: number) => boolean {
  if (operations === undefined) return () => false;
  const isMember = new Uint8Array(count);
  for (const { first, members, network } of operations.list) {
    const nic = network === "scale-up" ? scaleUpNic : fabricNic;
    for (let flow = first; flow < first + members; flow++) {
      isMember[flow] = 1;
      nicOf.src[flow] = nic(src[flow]!);
      nicOf.dst[flow] = nic(src[flow]!);
    }
  }
  return (logical) => isMember[logical] === 1;
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
