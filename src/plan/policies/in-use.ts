/** The rows that a run uses, and what follows from them for the engine. */
import type { RunPlan } from "../plan.js";
import { CONGESTION_CONTROL } from "./congestion-control.js";
import { FLOW_CONTROL } from "./flow-control.js";
import { MECHANISMS } from "./mechanisms.js";
import { RECOVERY } from "./recovery.js";
import { ROUTING } from "./routing.js";
import { isAllowed, type Row } from "./row.js";

/** A row with its name. */
export interface NamedRow {
  readonly name: string;
  readonly row: Row;
}

/**
 * Of the rows that a run of this plan uses. The first reason against an acceleration is the one
 * that is told.
 */
function rowsInUse(plan: RunPlan): NamedRow[] {
  const { transport, routing } = plan;
  const control = transport.congestionControl?.kind ?? "none";
  const asked = [...Object.entries(MECHANISMS), ...Object.entries(FLOW_CONTROL)];
  return [
    { name: control, row: CONGESTION_CONTROL[control] },
    ...asked.filter(([, row]) => row.inUse(plan)).map(([name, row]) => ({ name, row })),
    { name: transport.recovery, row: RECOVERY[transport.recovery] },
    { name: routing.policy, row: ROUTING[routing.policy] },
  ];
}

/**
 * Why a run of this plan cannot be accelerated in this way; null where it can. What does not say
 * that it may be is simulated in full.
 */
export function whyNotAccelerated(plan: RunPlan, way: "fastForward" | "symmetry"): string | null {
  const against = rowsInUse(plan).find(({ row }) => !isAllowed(row[way]));
  if (against === undefined) return null;
  const verdict = against.row[way];
  return typeof verdict === "string" ? verdict : `it is not known to go with ${against.name}`;
}

/** Whether the lean core has the code for all that a run of this plan uses. */
export function isLean(plan: RunPlan): boolean {
  return rowsInUse(plan).every(({ row }) => row.lean === true);
}
