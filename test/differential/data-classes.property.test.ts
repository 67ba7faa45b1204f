import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runOracle } from "../oracle/run.js";
import { expectSameWhenResumed } from "../support/agreement.js";
import { expectSameOutcome } from "../support/compare.js";
import type { NetworkSpec } from "../support/network-spec.js";
import { crowded } from "../support/random-classes.js";
import { linkCredit, randomPlan } from "../support/random-plan.js";
import { runCore } from "../support/run-core.js";

const classes = fc
  .array(fc.record({ priority: fc.nat(2), weight: fc.constantFrom(1, 1, 2, 7, 0.3) }), { minLength: 2, maxLength: 4 })
  .map((list) => list.sort((a, b) => b.priority - a.priority));

const pfc = (spec: NetworkSpec): NetworkSpec => ({
  ...spec,
  switches: spec.switches.map(({ credit: _, ...sw }) => ({ ...sw, lossless: true, xoffBytes: 6000 })),
});

const onCredit =
  (rules: { bufferPackets: number; updatePackets: number }) =>
  (spec: NetworkSpec): NetworkSpec => ({
    ...spec,
    switches: spec.switches.map((sw) => ({
      ...sw,
      credit: { bufferBytes: rules.bufferPackets * 4096, updateBytes: rules.updatePackets * 4096 },
    })),
    stalls: [],
  });

/** Whether ports were held otherwise in one class than in another. */
function differ(classes: readonly Float64Array[]): boolean {
  return classes.some((heldPs) => heldPs.some((ps, port) => ps !== classes[0]![port]));
}

describe("several data classes", () => {
  it("pause, and go on, as the oracle has them: any priorities and weights, 1 and 2 threads", async () => {
    let pausedApart = 0;
    await fc.assert(
      fc.asyncProperty(
        classes.chain((list) => randomPlan((spec) => pfc(crowded(list)(spec)))),
        fc.constantFrom(1, 2),
        async (plan, threads) => {
          const outcome = await runCore(plan, 1e6, threads);
          expectSameOutcome(outcome, runOracle(plan));
          if (differ(outcome.classes!.map(({ pausedPs }) => pausedPs))) pausedApart += 1;
        },
      ),
      { numRuns: Number(process.env.HEDDLE_RUNS ?? 40) },
    );
    expect(pausedApart).toBeGreaterThan(5);
  }, 300_000);

  it("have virtual lanes on links with credit, as the oracle has them", async () => {
    let waitedApart = 0;
    await fc.assert(
      fc.asyncProperty(
        fc
          .tuple(classes, linkCredit)
          .chain(([list, rules]) => randomPlan((spec) => onCredit(rules)(crowded(list)(spec)))),
        async (plan) => {
          const outcome = await runCore(plan);
          expectSameOutcome(outcome, runOracle(plan));
          if (differ(outcome.classes!.map(({ creditWaitPs }) => creditWaitPs))) waitedApart += 1;
        },
      ),
      { numRuns: Number(process.env.HEDDLE_RUNS ?? 30) },
    );
    expect(waitedApart).toBeGreaterThan(5);
  }, 300_000);

  it("go on where they were broken off", async () => {
    const plans = classes.chain((list) => randomPlan(crowded(list)));
    await expectSameWhenResumed(plans, { numRuns: Number(process.env.HEDDLE_RUNS ?? 30) });
  }, 300_000);
});
