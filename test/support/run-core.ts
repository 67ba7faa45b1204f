import type { CorePolicy } from "../../src/engine/core/core-policy.js";
import { CoreRun } from "../../src/engine/run/run.js";
import type { Outcome } from "../../src/plan/outcome.js";
import type { RoutingParams, RunPlan } from "../../src/plan/plan.js";
import { useDebugCore } from "./debug-core.js";

/** `HEDDLE_CORE=debug` makes all runs of this file take the core that checks itself. */
if (process.env.HEDDLE_CORE === "debug") await useDebugCore();

/** Runs a plan on the core to its end, `hopsPerCall` packet-hops at a time. */
export async function runCore(plan: RunPlan, hopsPerCall = 1e6, threads = 1, policy?: CorePolicy): Promise<Outcome> {
  return finish(await CoreRun.start(plan, { threads, ...(policy && { policy }) }), hopsPerCall);
}

/**
 * A run that is broken off after some packet-hops and continued, by other threads perhaps, in a
 * fresh core.
 */
export interface Interruption {
  readonly afterHops: number;
  /** Threads before and after. */
  readonly threads: readonly [number, number];
  /** Other routing rules from there on. */
  readonly routing?: RoutingParams;
  /** What decides where rules are custom. */
  readonly policy?: CorePolicy;
}

/**
 * Runs a plan with an interruption. Returns what came of it, and the instant at which the second
 * half began.
 */
export async function runInterrupted(
  plan: RunPlan,
  { afterHops, threads, routing = plan.routing, policy }: Interruption,
): Promise<{ outcome: Outcome; resumedPs: number }> {
  const first = await CoreRun.start(plan, { threads: threads[0], ...(policy && { policy }) });
  first.advance(afterHops);
  const image = first.image().slice();
  const resumedPs = first.progress().settledPs;
  await first.close();
  const how = { threads: threads[1], ...(policy && { policy }) };
  const second = await CoreRun.resume({ ...plan, routing }, image, how);
  return { outcome: await finish(second, 1e6), resumedPs };
}

async function finish(run: CoreRun, hopsPerCall: number): Promise<Outcome> {
  try {
    while (run.advance(hopsPerCall));
    return run.outcome();
  } finally {
    await run.close();
  }
}
