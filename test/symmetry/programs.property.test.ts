import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunPlan } from "../../src/plan/plan.js";
import { copiedProgramPlan } from "./copies.js";
import { clusterProgramPlan } from "./program-clusters.js";
import { type Attempt, tryAll } from "./support.js";

const RUNS = Number(process.env.HEDDLE_RUNS ?? 60);
/** Of the plans that fold; few runs say nothing of it. */
const LEAST_SHARE = RUNS >= 150 ? 0.1 : 0;

/** Share of the plans of which a part stood for the whole, after all were tried in every way. */
async function shareFolded(plans: fc.Arbitrary<RunPlan>, numRuns: number, oracle: boolean): Promise<number> {
  const attempts: Attempt[][] = [];
  await fc.assert(
    fc.asyncProperty(
      plans,
      fc.constantFrom(1, 1, 1, 2),
      fc.constantFrom(500, 1e6),
      async (plan, threads, hopsPerCall) => {
        attempts.push(await tryAll(plan, { threads, hopsPerCall, oracle }));
      },
    ),
    { numRuns },
  );
  if (process.env.HEDDLE_SAY)
    console.log(
      numRuns,
      attempts.flat().map(({ broken, replicas }) => broken ?? replicas),
    );
  return attempts.filter((tried) => tried.some(({ broken }) => broken === undefined)).length / numRuns;
}

describe("one of what is alike, with programs", () => {
  it("stands for copies of random networks whose hosts run programs", async () => {
    expect(await shareFolded(copiedProgramPlan, RUNS, true)).toBeGreaterThanOrEqual(LEAST_SHARE);
  }, 300_000);

  it("stands for nodes and rails of clusters that run programs", async () => {
    expect(await shareFolded(clusterProgramPlan, RUNS, true)).toBeGreaterThanOrEqual(LEAST_SHARE);
  }, 300_000);
});
