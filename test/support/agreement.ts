/** What core and oracle must agree on, for any plans. */
import fc from "fast-check";
import type { RunPlan } from "../../src/plan/plan.js";
import { runOracle } from "../oracle/run.js";
import { expectSameOutcome } from "./compare.js";
import { runInterrupted } from "./run-core.js";

const threads = fc.constantFrom<readonly [number, number]>([1, 1], [1, 2], [2, 1], [3, 2]);

/**
 * A run that is broken off anywhere in its first packet-hops, and continued by other threads
 * perhaps, gives the outcome of the oracle.
 */
export async function expectSameWhenResumed(
  plans: fc.Arbitrary<RunPlan>,
  { numRuns, mostHops = 3000 }: { readonly numRuns: number; readonly mostHops?: number },
): Promise<void> {
  const interruption = fc.record({ afterHops: fc.oneof(fc.nat(20), fc.nat(mostHops)), threads });
  await fc.assert(
    fc.asyncProperty(plans, interruption, async (plan, how) => {
      const { outcome } = await runInterrupted(plan, how);
      expectSameOutcome(outcome, runOracle(plan));
    }),
    { numRuns },
  );
}
