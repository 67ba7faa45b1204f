import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runOracle } from "../oracle/run.js";
import { expectSameOutcome } from "../support/compare.js";
import type { NetworkSpec } from "../support/network-spec.js";
import { randomReductionPlan } from "../support/random-reductions.js";
import { runCore, runInterrupted } from "../support/run-core.js";

const numRuns = Number(process.env.HEDDLE_RUNS ?? 60);
const timeoutMs = 300_000 + 2000 * numRuns;

/** Nothing is lost, and nothing cuts the run off. */
const undisturbed = ({ timeLimitPs: _, ...spec }: NetworkSpec): NetworkSpec => ({
  ...spec,
  switches: spec.switches.map((sw) => ({ ...sw, lossless: true })),
  links: spec.links.map(({ hazardPerByte: _, downAtPs: __, ...link }) => link),
});

const plans = fc.boolean().chain((quiet) => randomReductionPlan(quiet ? undisturbed : undefined));

describe("operations that switches reduce", () => {
  it(
    "are as the oracle has them, whatever the number of threads",
    async () => {
      let finished = 0;
      let overTrees = 0;
      await fc.assert(
        fc.asyncProperty(plans, fc.constantFrom(1, 2, 3), async (plan, threads) => {
          const outcome = await runCore(plan, 1e6, threads);
          expectSameOutcome(outcome, runOracle(plan));
          if (outcome.status !== "finished") return;
          finished += 1;
          if (plan.reduction!.nodes.parent.some((parent) => parent >= 0)) overTrees += 1;
        }),
        { numRuns },
      );
      expect(finished).toBeGreaterThan(numRuns / 3);
      expect(overTrees).toBeGreaterThan(numRuns / 10);
    },
    timeoutMs,
  );

  it(
    "go on from a snapshot as if nothing had happened",
    async () => {
      const threads = fc.constantFrom<readonly [number, number]>([1, 1], [1, 2], [2, 1], [3, 2]);
      await fc.assert(
        fc.asyncProperty(plans, fc.nat(3000), threads, async (plan, afterHops, threads) => {
          const { outcome } = await runInterrupted(plan, { afterHops, threads });
          expectSameOutcome(outcome, runOracle(plan));
        }),
        { numRuns: Math.ceil(numRuns / 3) },
      );
    },
    timeoutMs,
  );
});
