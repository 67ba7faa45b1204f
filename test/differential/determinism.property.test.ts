import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CoreRun } from "../../src/engine/run/run.js";
import type { RunPlan } from "../../src/plan/plan.js";
import { randomPlan } from "../support/random-plan.js";

/** Digest of a run that is advanced by this number of packet-hops a call. */
async function digest(plan: RunPlan, hopsPerCall: number): Promise<string> {
  const run = await CoreRun.start(plan);
  while (run.advance(hopsPerCall)) run.progress();
  return run.digest(run.outcome());
}

describe("the engine digest", () => {
  it("is the same twice, and however often progress is asked for", async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(), async (plan) => {
        const whole = await digest(plan, 1e9);
        expect(await digest(plan, 1e9)).toBe(whole);
        expect(await digest(plan, 1)).toBe(whole);
      }),
      { numRuns: 40 },
    );
  });

  it("does not depend on another run that goes on in the same process", async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(), randomPlan(), async (a, b) => {
        const alone = [await digest(a, 1e9), await digest(b, 1e9)];
        const runs = [await CoreRun.start(a), await CoreRun.start(b)];
        let going = true;
        while (going) going = runs.map((run) => run.advance(50)).some((goesOn) => goesOn);
        expect(runs.map((run) => run.digest(run.outcome()))).toEqual(alone);
      }),
      { numRuns: 30 },
    );
  });

  it("differs where behaviour differs", async () => {
    const plan = fc.sample(randomPlan(), { numRuns: 30, seed: 7 }).find((candidate) => candidate.flows.count > 2);
    if (plan === undefined) throw new Error("no plan with several flows among the samples");
    const other = { ...plan, flows: { ...plan.flows, startPs: plan.flows.startPs.map((ps) => ps + 1) } };
    expect(await digest(other, 1e9)).not.toBe(await digest(plan, 1e9));
  });
});
