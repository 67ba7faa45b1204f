import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runOracle } from "../oracle/run.js";
import { expectSameOutcome } from "../support/compare.js";
import { buildPlan } from "../support/network.js";
import type { NetworkSpec } from "../support/network-spec.js";
import { dcqcn, randomNetwork } from "../support/random-plan.js";
import { runCore, runInterrupted } from "../support/run-core.js";

const numRuns = Number(process.env.HEDDLE_RUNS ?? 25);

/** From a picosecond, over parts of a round trip and several, to longer than the run. */
const cnpDelayPs = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(1, 83_560, 5_000_000_000) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 4_000_000 }) },
  { weight: 2, arbitrary: fc.integer({ min: 4_000_000, max: 200_000_000 }) },
);

/** Incasts that mark nearly everything, of any of the networks; CNPs wait. */
const marked = fc
  .record({ spec: randomNetwork(), control: dcqcn, cnpDelayPs })
  .map(({ spec, control, cnpDelayPs }): NetworkSpec => {
    const [dst, ...others] = spec.hosts;
    const incast = others.slice(0, 4).map((src) => ({ src, dst: dst!, bytes: 30_000 + src }));
    return {
      ...spec,
      ecn: { kminPs: 0, kmaxPs: 100_000, pmax: 1, at: spec.ecn?.at ?? "enqueue" },
      flows: [...spec.flows, ...incast],
      transport: { ...spec.transport, congestionControl: { ...control, cnpDelayPs } },
    };
  });

describe("notifications that wait at the receiver", () => {
  it("leave at the same instants in core and oracle, with 1, 2 and 3 threads", async () => {
    let cnps = 0;
    await fc.assert(
      fc.asyncProperty(marked, fc.constantFrom(1, 1, 2, 3), async (spec, threads) => {
        const plan = buildPlan(spec);
        const expected = runOracle(plan);
        cnps += expected.totals.cnpsReceived;
        expectSameOutcome(await runCore(plan, 1e6, threads), expected);
      }),
      { numRuns },
    );
    expect(cnps).toBeGreaterThan(10 * numRuns);
  }, 300_000);

  it("are kept when a run is broken off and continued", async () => {
    const threads = fc.constantFrom<[number, number]>([1, 1], [1, 2], [3, 2]);
    await fc.assert(
      fc.asyncProperty(marked, fc.nat(3000), threads, async (spec, afterHops, threads) => {
        const plan = buildPlan(spec);
        const { outcome } = await runInterrupted(plan, { afterHops, threads });
        expectSameOutcome(outcome, runOracle(plan));
      }),
      { numRuns },
    );
  }, 300_000);
});
