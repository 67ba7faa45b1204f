import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { CorePolicy } from "../../src/engine/core/core-policy.js";
import { resolvePolicy } from "../../src/engine/policy/source.js";
import { CoreRun } from "../../src/engine/run/run.js";
import type { RoutingParams, RunPlan } from "../../src/plan/plan.js";
import { ROUTING } from "../../src/plan/policies/routing.js";
import { readPolicyFile } from "../../src/study/policies/read-file.js";
import { runOracle } from "../oracle/run.js";
import { expectSameOutcome } from "../support/compare.js";
import { randomPlan } from "../support/random-plan.js";
import { runCore, runInterrupted } from "../support/run-core.js";
import { BY_QUEUE_PAIR, choose, EVERYTHING, MIN_QUEUED, ROUND_ROBIN } from "./rules.js";

const RULES = fileURLToPath(new URL("./rules.ts", import.meta.url));

/** The policy of rules.ts as a module, which every thread loads. */
let policy: CorePolicy;

beforeAll(async () => {
  policy = (await resolvePolicy(await (await readPolicyFile(RULES)).source())).policy;
}, 120_000);

function custom(rule: number, stateWords = 16): Partial<RoutingParams> {
  return {
    policy: "custom",
    custom: { stateWords, parameters: [rule, stateWords], identity: rule * 100 + stateWords },
  };
}

const routing = fc.record({
  rule: fc.constantFrom(ROUND_ROBIN, MIN_QUEUED, BY_QUEUE_PAIR, EVERYTHING, EVERYTHING),
  stateWords: fc.constantFrom(1, 16, 1000),
  quantumShift: fc.constantFrom(10, 12, 18),
});

/** A random plan, routed by a rule of rules.ts. */
const customPlan = fc.tuple(randomPlan(), routing).map(([plan, { rule, stateWords, quantumShift }]) => ({
  ...plan,
  routing: { ...plan.routing, quantumShift, ...custom(rule, stateWords) },
}));

const interruption = fc.record({
  afterHops: fc.oneof(fc.nat(20), fc.nat(3000)),
  threads: fc.constantFrom([1, 1], [1, 1], [1, 2], [3, 2]) as unknown as fc.Arbitrary<[number, number]>,
});

async function digestOf(plan: RunPlan, how: { threads?: number; policy?: CorePolicy } = {}): Promise<string> {
  const run = await CoreRun.start(plan, how);
  while (run.advance(1e9));
  const digest = run.digest(run.outcome());
  await run.close();
  return digest;
}

describe("a custom policy", () => {
  it("sees and changes what the oracle says, with 1, 2 and 3 threads", async () => {
    await fc.assert(
      fc.asyncProperty(customPlan, fc.constantFrom(1, 1, 1, 2, 3), async (plan, threads) => {
        expectSameOutcome(await runCore(plan, 1e6, threads, policy), runOracle(plan, undefined, choose));
      }),
      { numRuns: 40 },
    );
  }, 300_000);

  it("goes on with its state when a run is broken off and continued", async () => {
    await fc.assert(
      fc.asyncProperty(customPlan, interruption, async (plan, interrupted) => {
        const { outcome } = await runInterrupted(plan, { ...interrupted, policy });
        expectSameOutcome(outcome, runOracle(plan, undefined, choose));
      }),
      { numRuns: 20 },
    );
  }, 300_000);

  it("can come into force, and be given up, in the middle of a run", async () => {
    await fc.assert(
      fc.asyncProperty(
        customPlan,
        randomPlan(),
        fc.boolean(),
        interruption,
        async (plan, other, first, interrupted) => {
          fc.pre(ROUTING[other.routing.policy].fork === true);
          const before = first ? plan : { ...plan, routing: other.routing };
          const rules = first ? other.routing : plan.routing;
          const { outcome, resumedPs } = await runInterrupted(before, { ...interrupted, routing: rules, policy });
          expectSameOutcome(outcome, runOracle(before, { fromPs: resumedPs, routing: rules }, choose));
        },
      ),
      { numRuns: 20 },
    );
  }, 300_000);

  it.each([
    ["round-robin", ROUND_ROBIN],
    ["adaptive", MIN_QUEUED],
    ["ecmp-qp", BY_QUEUE_PAIR],
  ] as const)("that does what %s does has its digest", async (name, rule) => {
    await fc.assert(
      fc.asyncProperty(randomPlan(), async (plan) => {
        const builtIn = await digestOf({ ...plan, routing: { ...plan.routing, policy: name } });
        const same = { ...plan, routing: { ...plan.routing, ...custom(rule) } };
        expect(await digestOf(same, { policy })).toBe(builtIn);
        const asFunction: CorePolicy = { kind: "function", name: "choose", choose };
        expect(await digestOf(same, { policy: asFunction, threads: 2 })).toBe(builtIn);
      }),
      { numRuns: 10 },
    );
  });
});
