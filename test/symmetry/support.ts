import fc from "fast-check";
import { FoldedRun } from "../../src/engine/run/folded-run.js";
import { CoreRun } from "../../src/engine/run/run.js";
import { expand } from "../../src/engine/symmetry/expand.js";
import { symmetriesOf } from "../../src/engine/symmetry/symmetry.js";
import type { Outcome } from "../../src/plan/outcome.js";
import type { RunPlan } from "../../src/plan/plan.js";
import { runOracle } from "../oracle/run.js";
import { expectSameOutcome } from "../support/compare.js";

export interface Ended {
  readonly outcome: Outcome;
  readonly digest: string;
}

/** Everything simulated. */
export async function plainly(plan: RunPlan): Promise<Ended> {
  const run = await CoreRun.start(plan, { fastForward: false });
  try {
    while (run.advance(1e6));
    const outcome = run.outcome();
    return { outcome, digest: run.digest(outcome) };
  } finally {
    await run.close();
  }
}

export interface Attempt {
  readonly replicas: number;
  readonly whole: boolean;
  /** Why it does not stand for the run. */
  readonly broken?: string;
}

/**
 * Simulates a plan in every way that there is to simulate less of it; throws unless each that holds
 * gives the outcome of the run itself.
 * @param how With `oracle`, has the oracle simulate the smaller runs, too.
 */
export async function tryAll(
  plan: RunPlan,
  { threads = 1, hopsPerCall = 1e6, oracle = false } = {},
): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  let expected: Ended | undefined;
  for (const symmetry of symmetriesOf(plan)) {
    const { replicas, whole } = symmetry;
    const run = await FoldedRun.start(symmetry, { threads });
    try {
      while (run.broken === undefined && run.advanceUntil(hopsPerCall, Number.POSITIVE_INFINITY) !== "ended");
      if (run.broken !== undefined) {
        attempts.push({ replicas, whole, broken: run.broken });
        continue;
      }
      expected ??= await plainly(plan);
      const outcome = run.outcome();
      expectSameOutcome(outcome, expected.outcome);
      if (run.digest(outcome) !== expected.digest) throw new Error("the digests differ");
      if (run.progress().packetHops !== expected.outcome.totals.hops) throw new Error("the hops differ");
      // The oracle takes its time.
      if (oracle && outcome.totals.hops < 20_000)
        expectSameOutcome(
          expand(
            plan,
            symmetry.folds,
            symmetry.folds.map(({ plan }) => runOracle(plan)),
          ),
          outcome,
        );
      attempts.push({ replicas, whole });
    } finally {
      await run.close();
    }
  }
  return attempts;
}

/** Tries plans of an arbitrary in all ways, with one and two threads. @returns attempts by plan */
export async function tryEach(
  plans: fc.Arbitrary<RunPlan>,
  numRuns: number,
  oracle: boolean,
): Promise<readonly (readonly Attempt[])[]> {
  const attempts: Attempt[][] = [];
  await fc.assert(
    fc.asyncProperty(
      plans,
      fc.constantFrom(1, 1, 1, 2),
      fc.constantFrom(500, 1e6),
      async (plan, threads, hopsPerCall) => {
        attempts.push(await tryAll(plan, { threads, hopsPerCall, oracle }));
      },
    ),
    { numRuns },
  );
  return attempts;
}
