/** Which of the two cores a run takes. */
import type { RunPlan } from "../../plan/plan.js";
import { isLean } from "../../plan/policies/in-use.js";
import { policiesWith } from "../../plan/policies/routing.js";
import { Run } from "./layout.js";

/**
 * Whether the run needs nothing that the lean core is compiled without
 * (`assembly/memory/features.ts`). Its result is the same in both, and in the lean one it is there
 * sooner.
 */
export function fitsLeanCore(plan: RunPlan): boolean {
  return isLean(plan);
}

/**
 * Whether the lean core can go on from the image of a run that was routed otherwise: what that
 * policy has left in the network may need the full one.
 */
export function imageFitsLeanCore(image: Uint8Array, header: number): boolean {
  const view = new DataView(image.buffer, image.byteOffset + header);
  const number = view.getUint32(Run.policy.offset, true);
  return policiesWith(({ lean, id }) => lean && id === number).length > 0;
}
