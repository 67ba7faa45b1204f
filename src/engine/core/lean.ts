/** Which of the two cores a run takes. */
import type { RoutingPolicyName, RunPlan } from "../../plan/plan.js";
import { POLICY } from "./header.js";
import { Run } from "./layout.js";

/** Of routing policies that the lean core knows. */
const LEAN_POLICIES: ReadonlySet<RoutingPolicyName> = new Set<RoutingPolicyName>([
  "ecmp",
  "ecmp-qp",
  "spray",
  "round-robin",
  "adaptive",
  "pinned",
]);

/**
 * Whether the run needs nothing that the lean core is compiled without (`assembly/memory/features.ts`). Its result is the same in both, and in the lean
 * one it is there sooner.
 */
export function fitsLeanCore({ transport, routing, ecn, flowControl, stalls, dataClasses }: RunPlan): boolean {
  return (
    transport.congestionControl === null &&
    LEAN_POLICIES.has(routing.policy) &&
    ecn === null &&
    !transport.ackMarked &&
    flowControl.credit === null &&
    flowControl.pauses === null &&
    flowControl.watchdog === null &&
    stalls.length === 0 &&
    dataClasses.length === 1
  );
}

/** Whether the lean core can go on from the image of a run that was routed otherwise: what that policy has left in the network may need the full one. */
export function imageFitsLeanCore(image: Uint8Array, header: number): boolean {
  const view = new DataView(image.buffer, image.byteOffset + header);
  const number = view.getUint32(Run.policy.offset, true);
  return [...LEAN_POLICIES].some((name) => POLICY[name as keyof typeof POLICY] === number);
}
