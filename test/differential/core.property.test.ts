import fc from "fast-check";
import { describe, it } from "vitest";
import { runOracle } from "../oracle/run.js";
import { expectSameOutcome } from "../support/compare.js";
import { randomPlan } from "../support/random-plan.js";
import { runCore } from "../support/run-core.js";

describe("the core against the oracle", () => {
  it("agrees where the time limit falls into the last packets' way back", async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(), fc.integer({ min: -2_000_000, max: 2_000_000 }), async (plan, aroundPs) => {
        const { endPs, status } = runOracle({ ...plan, timeLimitPs: Number.POSITIVE_INFINITY });
        fc.pre(status === "finished");
        const cut = { ...plan, timeLimitPs: Math.max(0, endPs + aroundPs) };
        expectSameOutcome(await runCore(cut), runOracle(cut));
      }),
      { numRuns: 60 },
    );
  }, 300_000);

  it("gives the same outcome, bit for bit, on random fabrics, flows and policies", async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(), async (plan) => {
        expectSameOutcome(await runCore(plan), runOracle(plan));
      }),
      { numRuns: Number(process.env.HEDDLE_RUNS ?? 200) },
    );
  }, 300_000);
});
