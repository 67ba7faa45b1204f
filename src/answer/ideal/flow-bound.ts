import { flowTimes } from "./flow-times.js";
import type { PlanView } from "./view.js";

/**
 * A time, in ps, that a flow cannot beat with the network to itself, from its start to its last
 * delivery. The flow may be spread over several queue pairs; those of one NIC share its link.
 * Undefined where there is no way.
 * @param parts flows of the plan that it consists of
 */
export function flowBoundPs(view: PlanView, parts: readonly number[]): number | undefined {
  const { srcNic, dstNic } = view.plan.flows;
  const [atSource, atDestination] = [new Map<number, Work>(), new Map<number, Work>()];
  let longest = 0;
  for (const part of parts) {
    const times = flowTimes(view, part);
    if (times === undefined) return undefined;
    longest = Math.max(longest, times.flowPs);
    add(atSource, srcNic[part]!, times.srcWorkPs, times.srcRestPs);
    add(atDestination, dstNic[part]!, times.dstWorkPs, times.dstRestPs);
  }
  for (const { workPs, restPs } of [...atSource.values(), ...atDestination.values()]) {
    longest = Math.max(longest, restPs + workPs);
  }
  return Math.round(longest);
}

/** What the link of a NIC is busy with, and the least that comes before or after it. */
interface Work {
  readonly workPs: number;
  readonly restPs: number;
}

function add(works: Map<number, Work>, nic: number, workPs: number, restPs: number): void {
  const known = works.get(nic) ?? { workPs: 0, restPs: Number.POSITIVE_INFINITY };
  works.set(nic, { workPs: known.workPs + workPs, restPs: Math.min(known.restPs, restPs) });
}
