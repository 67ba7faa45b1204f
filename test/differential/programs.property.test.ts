import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runOracle } from "../oracle/run.js";
import { expectSameWhenResumed } from "../support/agreement.js";
import { expectSameOutcome } from "../support/compare.js";
import { describePlan } from "../support/describe-plan.js";
import { buildPlan } from "../support/network.js";
import { randomNetwork } from "../support/random-plan.js";
import { randomPrograms, withPrograms } from "../support/random-programs.js";
import { runCore } from "../support/run-core.js";

const RUNS = Number(process.env.HEDDLE_RUNS ?? 120);

const programPlan = fc.record({ network: randomNetwork(), programs: randomPrograms }).map(({ network, programs }) => {
  const spec = withPrograms(network, programs);
  const plan = buildPlan(spec);
  const print = () => `buildPlan(${JSON.stringify(spec)})\n${describePlan(plan)}\n`;
  return Object.assign(plan, { [fc.toStringMethod]: print });
});

describe("programs in the core against the oracle", () => {
  it("gives the same outcome, bit for bit, on random fabrics and programs, with 1, 2 and 3 threads", async () => {
    const ends = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(programPlan, fc.constantFrom(1, 1, 2, 3), async (plan, threads) => {
        const expected = runOracle(plan);
        ends.set(expected.status, (ends.get(expected.status) ?? 0) + 1);
        expectSameOutcome(await runCore(plan, 1e6, threads), expected);
      }),
      { numRuns: RUNS },
    );
    expect(ends.get("finished")).toBeGreaterThan(RUNS / 5);
    expect(ends.get("stuck")).toBeGreaterThan(RUNS / 100);
  }, 300_000);

  it("gives the same outcome when it is broken off anywhere and continued, with any number of threads", async () => {
    await expectSameWhenResumed(programPlan, { numRuns: RUNS / 2, mostHops: 1000 });
  }, 300_000);
});
