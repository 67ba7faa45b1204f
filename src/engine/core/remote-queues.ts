/** What the core keeps where switches advertise their queues to each other. */
import type { RunPlan } from "../../plan/plan.js";
import { ROUTING } from "../../plan/policies/routing.js";
import { REMOTEQUEUE_BYTES } from "./layout.js";

export function advertisesQueues({ routing }: RunPlan): boolean {
  return ROUTING[routing.policy].tellsQueues;
}

/** Bytes of a row of a switch's table: an entry for each of its ports. */
export function remoteRowBytes(plan: RunPlan, device: number): number {
  const { firstPort } = plan.fabric;
  return advertisesQueues(plan) ? (firstPort[device + 1]! - firstPort[device]!) * REMOTEQUEUE_BYTES : 0;
}

/** The header's fields. */
export function remoteHeader(plan: RunPlan) {
  if (!advertisesQueues(plan)) {
    return { remoteBytes: 0, remoteEntries: 0, groupDivisor: 1, noticeQuanta: 0, noticeIntervalPs: 0 };
  }
  const { remoteEntries, groupDivisor, noticeQuanta, noticeIntervalPs } = plan.routing;
  const rows = plan.fabric.switches.reduce((sum, { device }) => sum + remoteRowBytes(plan, device), 0);
  return { remoteBytes: rows * remoteEntries, remoteEntries, groupDivisor, noticeQuanta, noticeIntervalPs };
}
