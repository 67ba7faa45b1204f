import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { movesOf } from "../../src/engine/core/send-lists.js";
import type { RunPlan } from "../../src/plan/plan.js";
import { runOracle } from "../oracle/run.js";
import { expectSameWhenResumed } from "../support/agreement.js";
import { expectSameOutcome } from "../support/compare.js";
import { describePlan } from "../support/describe-plan.js";
import { fitsCore } from "../support/fits-core.js";
import { buildPlan } from "../support/network.js";
import type { NetworkSpec } from "../support/network-spec.js";
import { randomChanges, withChanges } from "../support/random-changes.js";
import { randomMoves, withMoves } from "../support/random-moves.js";
import { randomNetwork } from "../support/random-plan.js";
import { randomPrograms, withPrograms } from "../support/random-programs.js";
import { runCore } from "../support/run-core.js";

const RUNS = Number(process.env.HEDDLE_RUNS ?? 60);
/** What waits for a link that is down goes on for all of its timeouts. */
const MAX_LENGTHS = 20;

type Drawn = { changes: Parameters<typeof withChanges>[2]; moves: Parameters<typeof withMoves>[2] };

/** A network whose queue pairs move while links go down and come back, cut off where it would not end. */
function moved(spec: NetworkSpec, { changes, moves }: Drawn): RunPlan {
  const { endPs } = runOracle(buildPlan(spec));
  const timeLimitPs = Math.min(spec.timeLimitPs ?? Number.POSITIVE_INFINITY, MAX_LENGTHS * endPs);
  const all = { ...withChanges(spec, endPs, changes), timeLimitPs };
  const plan = withMoves(buildPlan(all), endPs, moves);
  const print = () => `${JSON.stringify(all)}\n${JSON.stringify(movesOf(plan))}\n${describePlan(plan)}\n`;
  return Object.assign(plan, { [fc.toStringMethod]: print });
}

/** Devices of several hosts, so that most queue pairs have another NIC to go to. */
const network = fc
  .record({ network: randomNetwork(), hostsPerDevice: fc.integer({ min: 1, max: 4 }) })
  .map(({ network, hostsPerDevice }) => ({ ...network, hostsPerDevice }))
  .filter(({ transport }) => transport?.congestionControl?.kind !== "rccc");

const drawn = fc.record({ changes: randomChanges, moves: randomMoves });

const movedPlan = fc
  .record({ network, drawn })
  .map(({ network, drawn }) => moved(network, drawn))
  .filter((plan) => fitsCore(plan));

const movedPrograms = fc
  .record({ network, programs: randomPrograms, drawn })
  .map(({ network, programs, drawn }) => moved(withPrograms(network, programs), drawn))
  .filter((plan) => fitsCore(plan));

describe("queue pairs that move between NICs", () => {
  it("give the same outcome, bit for bit, as in the oracle, with 1, 2 and 3 threads", async () => {
    const seen = { others: 0, lost: 0, again: 0, finished: 0 };
    await fc.assert(
      fc.asyncProperty(movedPlan, fc.constantFrom(1, 1, 2, 3), async (plan, threads) => {
        const expected = runOracle(plan);
        const { srcNic } = plan.flows;
        seen.others += movesOf(plan).filter((move) => move.srcNic !== srcNic[move.flow]).length;
        seen.lost += expected.totals.droppedLinkDown;
        seen.again += expected.totals.retransmitted;
        seen.finished += expected.status === "finished" ? 1 : 0;
        expectSameOutcome(await runCore(plan, 1e6, threads), expected);
      }),
      { numRuns: RUNS },
    );
    expect(seen.others).toBeGreaterThan(RUNS);
    expect(seen.lost).toBeGreaterThan(RUNS);
    expect(seen.again).toBeGreaterThan(RUNS);
    expect(seen.finished).toBeGreaterThan(RUNS / 5);
  }, 300_000);

  it("give the same outcome when the run is broken off anywhere and continued", async () => {
    await expectSameWhenResumed(movedPlan, { numRuns: RUNS / 2 });
  }, 300_000);

  it("give the same outcome with programs", async () => {
    await fc.assert(
      fc.asyncProperty(movedPrograms, fc.constantFrom(1, 1, 2), async (plan, threads) => {
        expectSameOutcome(await runCore(plan, 1e6, threads), runOracle(plan));
      }),
      { numRuns: RUNS / 2 },
    );
  }, 300_000);
});
