/** What the core keeps where senders spray. */
import type { RoutingParams, RoutingPolicyName } from "../../plan/plan.js";
import { SPRAYING_BYTES, TAG_BYTES } from "./layout.js";

const SPRAYING: ReadonlySet<RoutingPolicyName> = new Set(["oblivious", "reps", "bitmap", "mixed"]);

/** Whether senders choose entropy values for their packets. */
export function isSpraying(policy: RoutingPolicyName): boolean {
  return SPRAYING.has(policy);
}

/** Whether a run cannot change to or from the policy: what it needs to know is there from the beginning, or on its way. */
export function lastsForTheRun(policy: RoutingPolicyName): boolean {
  return isSpraying(policy) || policy === "adaptive-remote";
}

/** The header's fields. Penalties are a byte for each entropy value. */
export function sprayingHeader({ policy, entropies, freezePs }: RoutingParams) {
  if (!isSpraying(policy)) return { sprayingBytes: 0, entropies: 0, freezePs: 0 };
  const penaltyBytes = policy === "bitmap" || policy === "mixed" ? Math.ceil(entropies / 8) * 8 : 0;
  return { sprayingBytes: SPRAYING_BYTES + penaltyBytes, entropies, freezePs };
}

/** Bytes of a packet's tag that spraying needs. */
export function sprayingTagBytes({ policy }: RoutingParams): number {
  return isSpraying(policy) ? TAG_BYTES : 0;
}
