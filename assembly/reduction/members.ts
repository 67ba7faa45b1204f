/** Flows that take part in operations which switches reduce. */
import { run } from "../memory/arena";
import { FULL } from "../memory/features";
import { ReductionMember } from "../memory/structs/reduction";

/** Whether the run has operations. */
export let reducing: bool = false;

export function loadReductionParameters(): void {
  if (FULL) reducing = run.reductionNodeCount != 0;
}


@inline
export function memberAt(flow: u32): ReductionMember {
  return changetype<ReductionMember>(run.reductionMembers + flow * offsetof<ReductionMember>());
}

/** Whether the flow is a member of an operation; only where the run has any. */
@inline
export function isMember(flow: u32): bool {
  return memberAt(flow).windowPackets != 0;
}
