import type { Outcome } from "../../plan/outcome.js";
import type { RunPlan } from "../../plan/plan.js";
import { firstStartPs } from "./job.js";

/**
 * Time on the clock of the simulation up to which an outcome tells what happened, in ps: the end of
 * the last transmission or delivery, and the time limit where that cut the run off. It does not
 * depend on how the run was come by.
 * @param nowPs Clock of the engine, which counts where the run did not come to its end.
 */
export function simulatedPs({ timeLimitPs }: RunPlan, outcome: Outcome, nowPs: number): number {
  const { status, endPs, lastTransmissionPs } = outcome;
  const lastPs = Math.max(endPs, lastTransmissionPs);
  if (status === "finished" || status === "stuck") return lastPs;
  return Math.max(lastPs, status === "time-limit" ? timeLimitPs : nowPs);
}

/**
 * Time over which links are observed, in ps: from the first start of any flow to the end of what
 * was simulated. No link can transmit outside of it, so none is used more than all of the time.
 */
export function observedPs(plan: RunPlan, outcome: Outcome, nowPs: number): number {
  return Math.max(0, simulatedPs(plan, outcome, nowPs) - firstStartPs(plan.flows));
}
