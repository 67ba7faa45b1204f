/** The memory of a run and of the smaller runs that may stand for it. */

import type { RunPlan } from "../../plan/plan.js";
import { CapacityError } from "../core/errors.js";
import { lastOf, type MemoryEstimate } from "../estimate/index.js";
import { checkMemory, checkMemorySteps } from "../estimate/limit.js";
import { type Symmetry, symmetriesOf } from "../symmetry/symmetry.js";

/**
 * Refuses a plan that neither fits whole nor has parts that are alike and fit: what `simulate`
 * refuses.
 * @throws CapacityError
 */
export function checkAnyWay(plan: RunPlan): void {
  try {
    checkMemory(plan);
  } catch (cause) {
    if (!(cause instanceof CapacityError)) throw cause;
    const [way] = symmetriesOf(plan);
    if (way === undefined) throw cause;
    lastOf(checkFoldsSteps(way));
  }
}

/** What the runs that stand for a run take together, in steps of some milliseconds. */
export function* checkFoldsSteps(
  { folds }: Symmetry,
  limitBytes = Number.POSITIVE_INFINITY,
  threads = 1,
): Generator<void, MemoryEstimate> {
  const sum = {
    tablesBytes: 0,
    flowBytes: 0,
    packetBytes: 0,
    totalBytes: 0,
    packetMapBytes: 0,
    keptBytes: 0,
    outcomeBytes: 0,
  };
  for (const { plan, flowImages } of folds) {
    const estimate = yield* checkMemorySteps(plan, limitBytes - sum.totalBytes, threads);
    for (const name of Object.keys(sum) as (keyof MemoryEstimate)[]) sum[name] += estimate[name];
    sum.flowBytes += flowImages.byteLength;
    sum.totalBytes += flowImages.byteLength;
  }
  return sum;
}
