import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PathCause } from "../../src/answer/path/tiles.js";
import { hasPath, pathOfOracle } from "../oracle/path.js";
import { runSimulation } from "../oracle/run.js";
import { Simulation } from "../oracle/simulation.js";
import { pathOf, plain } from "../support/critical-path.js";
import { randomPlan } from "../support/random-plan.js";

const RUNS = Number(process.env.HEDDLE_RUNS ?? 40);
/** Causes that random networks bring often. */
const FREQUENT: readonly PathCause[] = ["queueing", "pause", "credit", "timeout", "retransmission", "window", "pacing"];

describe("the critical path of random runs", () => {
  it("has no gaps, sums to the completion time, knows every cause, and is the oracle's", async () => {
    const causes = new Map<PathCause, number>();
    await fc.assert(
      fc.asyncProperty(randomPlan(), fc.constantFrom(1, 1, 1, 2, 3), async (plan, threads) => {
        fc.pre(hasPath(plan));
        const { outcome, tiles, digests } = await pathOf(plan, threads);
        fc.pre(tiles !== undefined);
        expect(new Set(digests).size).toBe(1);
        let atPs = 0;
        for (const { fromPs, toPs, cause } of tiles!) {
          expect(fromPs).toBe(atPs);
          expect(toPs).toBeGreaterThan(fromPs);
          atPs = toPs;
          causes.set(cause, (causes.get(cause) ?? 0) + 1);
        }
        expect(atPs).toBe(Math.max(...outcome.finishPs));
        expect(tiles!.filter(({ cause }) => cause === "unknown")).toEqual([]);
        const sim = new Simulation(plan);
        runSimulation(sim);
        expect(plain(tiles!)).toEqual(plain(pathOfOracle(sim)));
      }),
      { numRuns: RUNS },
    );
    if (RUNS >= 150) for (const cause of FREQUENT) expect(causes.get(cause), cause).toBeGreaterThan(0);
  }, 300_000);
});
