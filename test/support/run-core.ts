import { CoreRun } from "../../src/core/run.js";
import type { Outcome } from "../../src/plan/outcome.js";
import type { RunPlan } from "../../src/plan/plan.js";

/** Runs a plan on the core to its end, `hopsPerCall` packet-hops at a time. */
export async function runCore(plan: RunPlan, hopsPerCall = 1e6): Promise<Outcome> {
  const run = await CoreRun.start(plan);
  while (run.advance(hopsPerCall));
  return run.outcome();
}
