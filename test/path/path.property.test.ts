import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pathOf } from "../support/critical-path.js";
import { randomPlan } from "../support/random-plan.js";

describe("the critical path of random runs", () => {
  it("has no gaps, sums to the completion time, and knows every cause", async () => {
    const causes = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(randomPlan(), async (plan) => {
        fc.pre(plan.reduction === undefined && plan.programs === undefined);
        const { outcome, tiles, digests } = await pathOf(plan);
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
      }),
      { numRuns: 200 },
    );
  }, 300_000);
});
