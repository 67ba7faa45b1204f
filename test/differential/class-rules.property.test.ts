import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunPlan } from "../../src/plan/plan.js";
import { runOracle } from "../oracle/run.js";
import { expectSameWhenResumed } from "../support/agreement.js";
import { expectSameOutcome } from "../support/compare.js";
import type { NetworkClass, NetworkSpec } from "../support/network-spec.js";
import { crowded, randomClassRules } from "../support/random-classes.js";
import { randomPlan } from "../support/random-plan.js";
import { runCore } from "../support/run-core.js";

/** A lossless class and a lossy one at least, in any order. */
const classes = fc
  .tuple(
    fc.array(fc.record({ priority: fc.nat(2), weight: fc.constantFrom(1, 1, 2, 7, 0.3), rules: randomClassRules }), {
      minLength: 2,
      maxLength: 4,
    }),
    fc.boolean(),
  )
  .map(([list, isFirstLossy]) =>
    list
      .map(
        (each, i): NetworkClass =>
          i > 1 ? each : { ...each, rules: { ...each.rules, isLossy: (i === 0) === isFirstLossy } },
      )
      .sort((a, b) => b.priority - a.priority),
  );

/** Shallow switches with PFC, and an incast of each class on top of whatever there is. */
function shallow(dataClasses: readonly NetworkClass[]) {
  return (spec: NetworkSpec): NetworkSpec => {
    const switches = spec.switches.map(({ credit: _, lossyBytes = 0, ...sw }) => ({
      ...sw,
      lossless: true,
      lossyBytes: Math.max(lossyBytes, 20_000),
      bufferBytes: (sw.bufferBytes ?? 0) + 400_000,
    }));
    return { ...crowded(dataClasses)(spec), switches };
  };
}

const plans = classes.chain((list) => randomPlan(shallow(list)));
const runs = (count: number) => ({ numRuns: Number(process.env.HEDDLE_RUNS ?? count) });

describe("data classes with rules of their own", () => {
  it("are dropped beside others that are paused, as the oracle has them, with 1 to 3 threads", async () => {
    const seen = { dropped: 0, paused: 0, marked: 0 };
    const count = (plan: RunPlan, { totals }: Awaited<ReturnType<typeof runCore>>) => {
      if (totals.droppedCongestion + totals.trimmed > 0) seen.dropped += 1;
      if (totals.pausesSent > 0) seen.paused += 1;
      if (plan.ecn !== null && totals.ecnMarked > 0) seen.marked += 1;
    };
    await fc.assert(
      fc.asyncProperty(plans, fc.constantFrom(1, 2, 3), async (plan, threads) => {
        const outcome = await runCore(plan, 1e6, threads);
        expectSameOutcome(outcome, runOracle(plan));
        count(plan, outcome);
      }),
      runs(40),
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(3);
  }, 300_000);

  it("go on where they were broken off", async () => {
    await expectSameWhenResumed(plans, runs(30));
  }, 300_000);
});
