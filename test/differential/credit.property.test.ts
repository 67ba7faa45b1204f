import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runOracle } from "../oracle/run.js";
import { expectSameOutcome } from "../support/compare.js";
import type { NetworkSpec } from "../support/network-spec.js";
import { linkCredit, randomPlan } from "../support/random-plan.js";
import { runCore } from "../support/run-core.js";

/** Every link on credit, without anything that loses packets or pauses. */
function onCredit(rules: { bufferPackets: number; updatePackets: number }) {
  return (spec: NetworkSpec): NetworkSpec => ({
    ...spec,
    switches: spec.switches.map((sw) => ({
      ...sw,
      credit: { bufferBytes: rules.bufferPackets * 4096, updateBytes: rules.updatePackets * 4096 },
    })),
    stalls: [],
    links: spec.links.map(({ hazardPerByte: _, downAtPs: __, ...link }) => link),
  });
}

describe("fabrics whose links are all on credit", () => {
  it("lose nothing, and are as the oracle has them", async () => {
    let waited = 0;
    await fc.assert(
      fc.asyncProperty(
        linkCredit.chain((rules) => randomPlan(onCredit(rules))),
        fc.constantFrom(1, 2),
        async (plan, threads) => {
          const outcome = await runCore(plan, 1e6, threads);
          expectSameOutcome(outcome, runOracle(plan));
          const { droppedCongestion, droppedCrc, pausesSent } = outcome.totals;
          expect([droppedCongestion, droppedCrc, pausesSent]).toEqual([0, 0, 0]);
          if (outcome.ports.creditWaitPs.some((ps) => ps > 0)) waited += 1;
        },
      ),
      { numRuns: Number(process.env.HEDDLE_RUNS ?? 80) },
    );
    expect(waited).toBeGreaterThan(10);
  }, 300_000);
});
