import type fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunPlan } from "../../src/plan/plan.js";
import { copiedProgramPlan } from "./copies.js";
import { clusterProgramPlan } from "./program-clusters.js";
import { tryEach } from "./support.js";

const runs = (usual: number) => Number(process.env.HEDDLE_RUNS ?? usual);

/** Share of the plans of which a part stood for the whole, after all were tried in every way. */
async function shareFolded(plans: fc.Arbitrary<RunPlan>, numRuns: number, oracle: boolean): Promise<number> {
  const attempts = await tryEach(plans, numRuns, oracle);
  const share = attempts.filter((tried) => tried.some(({ broken }) => broken === undefined)).length / numRuns;
  if (process.env.HEDDLE_SAY) {
    const ends = attempts.flat().map(({ broken, replicas }) => broken ?? replicas);
    console.log(numRuns, share, ends);
  }
  return share;
}

describe("one of what is alike, with programs", () => {
  it("stands for copies of random networks whose hosts run programs", async () => {
    expect(await shareFolded(copiedProgramPlan, runs(240), true)).toBeGreaterThan(0.1);
  }, 300_000);

  it("stands for nodes and rails of clusters that run programs", async () => {
    expect(await shareFolded(clusterProgramPlan, runs(120), true)).toBeGreaterThan(0.1);
  }, 300_000);
});
