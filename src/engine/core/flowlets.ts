/** What the core keeps for routing by flowlets, and by queues at all. */
import type { SwitchSpec } from "../../plan/fabric.js";
import type { RunPlan } from "../../plan/plan.js";
import { ROUTING } from "../../plan/policies/routing.js";
import { FLOWLET_BYTES } from "./layout.js";

/** Whether a switch keeps the depths of its queues up to date for routing. */
export function looksAtQueues({ routing }: RunPlan): boolean {
  return ROUTING[routing.policy].readsQueues;
}

/** Bytes of a switch's table; none where there is never a choice. */
export function flowletTableBytes({ routing: { policy, flowletEntries } }: RunPlan, { routing }: SwitchSpec): number {
  const mayChoose = routing.kind === "table" || routing.upCount > 1 || routing.downWidth > 1;
  return ROUTING[policy].pathPer === "flowlet" && mayChoose ? flowletEntries * FLOWLET_BYTES : 0;
}

/** The header's fields. */
export function flowletHeader(plan: RunPlan) {
  const { policy, flowletGapPs, flowletEntries } = plan.routing;
  if (ROUTING[policy].pathPer !== "flowlet") return { flowletBytes: 0, flowletEntries: 0, flowletGapPs: 0 };
  const flowletBytes = plan.fabric.switches.reduce((sum, sw) => sum + flowletTableBytes(plan, sw), 0);
  return { flowletBytes, flowletEntries, flowletGapPs };
}
