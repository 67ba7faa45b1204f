import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ROUTING } from "../../src/plan/policies/routing.js";
import { runOracle, runToRest } from "../oracle/run.js";
import { expectSameOutcome } from "../support/compare.js";
import { maybe } from "../support/maybe.js";
import { buildPlan } from "../support/network.js";
import type { NetworkSpec } from "../support/network-spec.js";
import { randomNetwork, randomPlan, randomRouting } from "../support/random-plan.js";
import { randomSpread, spreadOver } from "../support/random-spread.js";
import { runCore, runInterrupted } from "../support/run-core.js";

const interruption = fc.record({
  afterHops: fc.oneof(fc.nat(20), fc.nat(3000)),
  threads: fc.constantFrom([1, 1], [1, 1], [1, 2], [2, 1], [3, 2]) as unknown as fc.Arbitrary<[number, number]>,
});

/** Adds two flows that wait for each other. */
function withDeadlock(spec: NetworkSpec): NetworkSpec {
  const [src, dst] = [spec.hosts[0]!, spec.hosts[1]!];
  const { length } = spec.flows;
  // Pauses that are refreshed could keep it going for ever.
  const { refreshShare: _, ...flowControl } = spec.flowControl ?? {};
  return {
    ...spec,
    flowControl,
    flows: [
      ...spec.flows,
      { src, dst, bytes: 1, after: [{ flow: length + 1, lag: 0 }] },
      { src: dst, dst: src, bytes: 1, after: [{ flow: length, lag: 0 }] },
    ],
  };
}

/** Lets every link go down so long before a run comes to rest that its last packets are lost. */
function withoutLastPackets(spec: NetworkSpec, beforePs: number): NetworkSpec {
  const { restPs } = runToRest(buildPlan(spec));
  const downAtPs = Math.max(0, restPs - beforePs);
  return { ...spec, links: spec.links.map((link) => ({ downAtPs, ...link })) };
}

/** Incasts onto shallow queues, which drop or cut, by a draw what waits last. */
function withFullQueues(spec: NetworkSpec): NetworkSpec {
  const { seed = 0 } = spec;
  const [dst, ...others] = spec.hosts;
  const incast = others.slice(0, 4).map((src) => ({ src, dst: dst!, bytes: 40_000 + src }));
  return {
    ...spec,
    switches: spec.switches.map((sw) => ({ ...sw, lossless: false, bufferBytes: 12 * 4096 })),
    flows: [...spec.flows, ...incast],
    wire: { ...spec.wire, ackClass: "control" },
    transport: { ...spec.transport, recovery: "selective", windowPackets: 16 },
    flowControl: { ...spec.flowControl, trim: seed % 2 === 0, victim: seed % 3 === 0 ? "random" : "fair" },
  };
}

describe("the core against the oracle", () => {
  it("agrees where the time limit falls into the last packets' way back", async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(), fc.integer({ min: -2_000_000, max: 2_000_000 }), async (plan, aroundPs) => {
        // Longer than any that finishes: one that does not may refresh pauses for half a second.
        const { endPs, status } = runOracle({ ...plan, timeLimitPs: 5_000_000_000 });
        fc.pre(status === "finished");
        const cut = { ...plan, timeLimitPs: Math.max(0, endPs + aroundPs) };
        expectSameOutcome(await runCore(cut), runOracle(cut));
      }),
      { numRuns: 60 },
    );
  }, 300_000);

  it("agrees on whether anything was left to do where the time limit falls near the end of a run that gets stuck", async () => {
    const beforeRestPs = fc.oneof(
      { weight: 1, arbitrary: fc.integer({ min: -2_000_000, max: 200_000_000 }) },
      { weight: 2, arbitrary: fc.constantFrom(0, 1, 1000, 80_000) },
    );
    const downPs = maybe(2, fc.integer({ min: 0, max: 2_000_000 }));
    await fc.assert(
      fc.asyncProperty(randomNetwork().map(withDeadlock), downPs, beforeRestPs, async (spec, downPs, beforePs) => {
        const uncut = { ...spec, timeLimitPs: Number.POSITIVE_INFINITY };
        const plan = downPs === undefined ? buildPlan(uncut) : buildPlan(withoutLastPackets(uncut, downPs));
        const { status, restPs } = runToRest(plan);
        fc.pre(status === "stuck");
        const cut = { ...plan, timeLimitPs: Math.max(0, restPs - beforePs) };
        expectSameOutcome(await runCore(cut), runOracle(cut));
      }),
      { numRuns: Number(process.env.HEDDLE_RUNS ?? 100) },
    );
  }, 300_000);

  it("drops and cuts the same packets where a draw decides which", async () => {
    let trimmed = 0;
    await fc.assert(
      fc.asyncProperty(randomPlan(withFullQueues), async (plan) => {
        const expected = runOracle(plan);
        trimmed += expected.totals.trimmed;
        expectSameOutcome(await runCore(plan), expected);
      }),
      { numRuns: 40 },
    );
    expect(trimmed).toBeGreaterThan(100);
  }, 300_000);

  it("gives the same outcome, bit for bit, on random fabrics, flows and policies, with 1, 2 and 3 threads", async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(), fc.constantFrom(1, 1, 2, 3), async (plan, threads) => {
        expectSameOutcome(await runCore(plan, 1e6, threads), runOracle(plan));
      }),
      { numRuns: Number(process.env.HEDDLE_RUNS ?? 200) },
    );
  }, 300_000);

  it("agrees where flows start, links fail, NICs stall and limits cut anywhere in a run, with idle times between", async () => {
    await fc.assert(
      fc.asyncProperty(randomNetwork(), randomSpread, fc.constantFrom(1, 1, 2, 3), async (spec, spread, threads) => {
        const { endPs } = runOracle(buildPlan(spec));
        const plan = buildPlan(spreadOver(spec, endPs, spread));
        expectSameOutcome(await runCore(plan, 1e6, threads), runOracle(plan));
      }),
      { numRuns: Number(process.env.HEDDLE_RUNS ?? 100) },
    );
  }, 300_000);

  it("gives the same outcome when it is broken off anywhere and continued, with any number of threads", async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(), interruption, async (plan, interrupted) => {
        const { outcome } = await runInterrupted(plan, interrupted);
        expectSameOutcome(outcome, runOracle(plan));
      }),
      { numRuns: Number(process.env.HEDDLE_RUNS ?? 100) },
    );
  }, 300_000);

  it("takes up other routing rules in the middle, as the oracle does", async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(), interruption, randomRouting, async (plan, interrupted, routing) => {
        fc.pre(ROUTING[plan.routing.policy].fork === true);
        const { outcome, resumedPs } = await runInterrupted(plan, { ...interrupted, routing });
        expectSameOutcome(outcome, runOracle(plan, { fromPs: resumedPs, routing }));
      }),
      { numRuns: Number(process.env.HEDDLE_RUNS ?? 100) },
    );
  }, 300_000);
});
