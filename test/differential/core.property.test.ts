import fc from "fast-check";
import { describe, it } from "vitest";
import { runOracle } from "../oracle/run.js";
import { expectSameOutcome } from "../support/compare.js";
import { randomPlan } from "../support/random-plan.js";
import { runCore } from "../support/run-core.js";

describe("the core against the oracle", () => {
  it("gives the same outcome, bit for bit, on random fabrics, flows and policies", async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(), async (plan) => {
        expectSameOutcome(await runCore(plan), runOracle(plan));
      }),
      { numRuns: Number(process.env.HEDDLE_RUNS ?? 200) },
    );
  }, 300_000);
});
