import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runOracle } from "../oracle/run.js";
import { expectSameWhenResumed } from "../support/agreement.js";
import { expectSameOutcome } from "../support/compare.js";
import { describePlan } from "../support/describe-plan.js";
import { fitsCore } from "../support/fits-core.js";
import { buildPlan } from "../support/network.js";
import type { NetworkSpec } from "../support/network-spec.js";
import { randomChanges, withChanges } from "../support/random-changes.js";
import { randomNetwork } from "../support/random-plan.js";
import { randomPrograms, withPrograms } from "../support/random-programs.js";
import { runCore } from "../support/run-core.js";

const RUNS = Number(process.env.HEDDLE_RUNS ?? 100);
/** What waits for a link that is down goes on for all of its timeouts. */
const MAX_LENGTHS = 20;

/** A network with changes all over its run, cut off where these keep it from ending. */
function changed(spec: NetworkSpec, drawn: Parameters<typeof withChanges>[2]) {
  const { endPs } = runOracle(buildPlan(spec));
  const timeLimitPs = Math.min(spec.timeLimitPs ?? Number.POSITIVE_INFINITY, MAX_LENGTHS * endPs);
  const all = { ...withChanges(spec, endPs, drawn), timeLimitPs };
  const plan = buildPlan(all);
  const print = () => `buildPlan(${JSON.stringify(all)})\n${describePlan(plan)}\n`;
  return Object.assign(plan, { [fc.toStringMethod]: print });
}

const changedPlan = fc
  .record({ network: randomNetwork(), drawn: randomChanges })
  .map(({ network, drawn }) => changed(network, drawn))
  .filter((plan) => fitsCore(plan));

const changedPrograms = fc
  .record({ network: randomNetwork(), programs: randomPrograms, drawn: randomChanges })
  .map(({ network, programs, drawn }) => changed(withPrograms(network, programs), drawn))
  .filter((plan) => fitsCore(plan));

describe("changes in the middle of a run", () => {
  it("give the same outcome, bit for bit, as in the oracle, with 1, 2 and 3 threads", async () => {
    const seen = { changes: 0, lost: 0, finished: 0 };
    await fc.assert(
      fc.asyncProperty(changedPlan, fc.constantFrom(1, 1, 2, 3), async (plan, threads) => {
        const expected = runOracle(plan);
        seen.changes += plan.changes?.length ?? 0;
        seen.lost += expected.totals.droppedLinkDown;
        seen.finished += expected.status === "finished" ? 1 : 0;
        expectSameOutcome(await runCore(plan, 1e6, threads), expected);
      }),
      { numRuns: RUNS },
    );
    expect(seen.changes).toBeGreaterThan(RUNS);
    expect(seen.lost).toBeGreaterThan(RUNS);
    expect(seen.finished).toBeGreaterThan(RUNS / 5);
  }, 300_000);

  it("give the same outcome when the run is broken off anywhere and continued", async () => {
    await expectSameWhenResumed(changedPlan, { numRuns: RUNS / 2 });
  }, 300_000);

  it("give the same outcome with programs, whose computations change too", async () => {
    await fc.assert(
      fc.asyncProperty(changedPrograms, fc.constantFrom(1, 1, 2), async (plan, threads) => {
        expectSameOutcome(await runCore(plan, 1e6, threads), runOracle(plan));
      }),
      { numRuns: RUNS / 2 },
    );
  }, 300_000);
});
