/** What fast-forward is not made for: it stays off there, and the result says why. */
import type { RunPlan } from "../../plan/plan.js";
import { whyNotAccelerated } from "../../plan/policies/in-use.js";

/**
 * Why a run of this plan cannot be fast-forwarded, by the rows of what it uses; null where it can.
 */
export function whyNot(plan: RunPlan): string | null {
  return whyNotAccelerated(plan, "fastForward");
}
