import type fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunPlan } from "../../src/plan/plan.js";
import { clusterPlan } from "./clusters.js";
import { copiedPlan } from "./copies.js";
import { starPlan } from "./stars.js";
import { type Attempt, tryEach } from "./support.js";

/** Runs an arbitrary's plans in all ways, and says how many of them were simulated in part only. */
async function shareOf(plans: fc.Arbitrary<RunPlan>, numRuns: number, oracle: boolean) {
  const attempts = await tryEach(plans, numRuns, oracle);
  const share = (holds: (attempt: Attempt) => boolean) =>
    attempts.filter((tried) => tried.some(holds)).length / attempts.length;
  const found = {
    folded: share(({ whole, broken }) => !whole && broken === undefined),
    whole: share(({ whole, broken }) => whole && broken === undefined),
    broken: share(({ broken }) => broken !== undefined),
  };
  if (process.env.HEDDLE_SAY) console.log(attempts.length, found, reasons(attempts.flat()));
  return found;
}

function reasons(attempts: readonly Attempt[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { broken } of attempts) if (broken !== undefined) counts[broken] = (counts[broken] ?? 0) + 1;
  return counts;
}

const runs = (usual: number) => Number(process.env.HEDDLE_RUNS ?? usual);

describe("one of what is alike", () => {
  it("stands for copies of random networks, with pauses, drops and all", async () => {
    const { folded, whole } = await shareOf(copiedPlan, runs(80), true);
    expect(folded + whole).toBeGreaterThan(0.1);
    expect(whole).toBeGreaterThan(0.05);
  }, 600_000);

  it("stands for groups under one switch, in whatever order its ports are", async () => {
    const { folded } = await shareOf(starPlan, runs(120), true);
    expect(folded).toBeGreaterThan(0.2);
  }, 600_000);

  it("stands for parts of clusters, upset in a place or not", async () => {
    const { folded } = await shareOf(clusterPlan, runs(100), false);
    expect(folded).toBeGreaterThan(0.02);
  }, 600_000);
});
