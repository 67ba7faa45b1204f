import { flowTimes } from "./flow-times.js";
import type { PlanView } from "./view.js";

/**
 * A time, in ps, that a flow cannot beat with the network to itself, from its start to its last
 * delivery. The flow may be spread over several queue pairs, which share the links of its source
 * and of its destination. Undefined where there is no way.
 * @param parts flows of the plan that it consists of
 */
export function flowBoundPs(view: PlanView, parts: readonly number[]): number | undefined {
  let [longest, srcWork, dstWork] = [0, 0, 0];
  let [srcRest, dstRest] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const part of parts) {
    const times = flowTimes(view, part);
    if (times === undefined) return undefined;
    longest = Math.max(longest, times.flowPs);
    srcWork += times.srcWorkPs;
    dstWork += times.dstWorkPs;
    srcRest = Math.min(srcRest, times.srcRestPs);
    dstRest = Math.min(dstRest, times.dstRestPs);
  }
  return Math.round(Math.max(longest, srcRest + srcWork, dstRest + dstWork));
}
