import type { RunPlan } from "../../plan/plan.js";
import type { Scenario, Workload } from "../../scenario/types/scenario.js";
import { collectiveOf } from "../../scenario/types/workload-kinds.js";
import { programBoundPs } from "./program.js";
import { scheduleBoundPs } from "./schedule.js";
import { type PlanView, viewPlan } from "./view.js";
import { volumeBoundPs } from "./volume.js";

/**
 * Bounds of a run's completion time, in ps, integers. `idealPs <= schedulePs <= ` the JCT of any
 * run of the plan.
 */
export interface Bounds {
  /** What no algorithm can beat on this fabric. */
  readonly idealPs: number;
  /** What this flow graph cannot beat on an empty network. */
  readonly schedulePs: number;
}

/**
 * Both bounds. Completion times are whole picoseconds, so that a bound may be rounded to the
 * nearest one: `round(L)` never passes `ceil(L)`, and the doubles in between are good to far less
 * than half a picosecond.
 */
export function boundsOf({ workload }: Scenario, view: PlanView): Bounds {
  return jobBounds(workload, view);
}

/**
 * Both bounds of a workload on some ranks.
 * @param view a plan with the flows of the workload alone
 * @param ranks ranks of the fabric by rank of the workload; all where left out
 */
export function jobBounds(workload: Workload, view: PlanView, ranks?: readonly number[]): Bounds {
  const { programs } = view.plan;
  if (programs !== undefined) {
    const boundPs = programBoundPs(view, programs);
    return { idealPs: boundPs, schedulePs: boundPs };
  }
  const collective = collectiveOf(workload);
  const ownPs = scheduleBoundPs(view);
  if (collective === null) return { idealPs: ownPs, schedulePs: ownPs };
  const { row, groups, repeat, reducesIn } = collective;
  const onFabric = groups?.map((group) => group.map((rank) => ranks?.[rank] ?? rank)) ?? [ranks];
  const boundPs = onFabric.map((members) =>
    volumeBoundPs(view, row, collective, { times: repeat, members, reducesIn }),
  );
  const idealPs = Math.round(boundPs.reduce((most, ps) => Math.max(most, ps), 0));
  return { idealPs, schedulePs: Math.max(idealPs, ownPs) };
}

/**
 * Lower bound of the completion time for the fabric, the collective and its size, in ps. For a
 * collective it holds for every algorithm (see `volumeBoundPs`), for a list of flows for every
 * routing (see `capacityBoundPs`, `flowTimes`). Links that a fault makes slower count as such.
 */
export function idealJctPs(scenario: Scenario, plan: RunPlan): number {
  return boundsOf(scenario, viewPlan(plan)).idealPs;
}
