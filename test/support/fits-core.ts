import { CapacityError } from "../../src/engine/core/errors.js";
import { inboxBytes, planTiming } from "../../src/engine/core/timing.js";
import type { RunPlan } from "../../src/plan/plan.js";

/** Of the inboxes of one thread. Several threads have as much each, and the core addresses 4 GiB. */
const MAX_INBOX_BYTES = 2 ** 29;

/**
 * Whether the core can hold the inboxes of a plan with a few threads: links of milliseconds that
 * repeat what they lose, beside latencies of a nanosecond, take more.
 */
export function fitsCore(plan: RunPlan): boolean {
  try {
    return inboxBytes(planTiming(plan).slots, plan.fabric.deviceCount) <= MAX_INBOX_BYTES;
  } catch (cause) {
    if (cause instanceof CapacityError) return false;
    throw cause;
  }
}
