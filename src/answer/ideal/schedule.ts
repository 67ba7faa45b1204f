import { capacityBoundPs } from "./capacity.js";
import { criticalPathPs } from "./critical-path.js";
import { flowTimes } from "./flow-times.js";
import type { PlanView } from "./view.js";

/**
 * A time, in ps, that this flow graph cannot beat on this fabric even without collisions, pauses or
 * losses: the larger of its critical path and of what the links can carry. Zero for an empty graph.
 */
export function scheduleBoundPs(view: PlanView): number {
  const times = Array.from({ length: view.plan.flows.count }, (_, flow) => flowTimes(view, flow));
  return Math.round(Math.max(criticalPathPs(view.plan, times), capacityBoundPs(view, times)));
}
