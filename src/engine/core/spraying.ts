/** What the core keeps where senders spray. */
import type { RoutingParams } from "../../plan/plan.js";
import { ROUTING } from "../../plan/policies/routing.js";
import { SPRAYING_BYTES, TAG_BYTES } from "./layout.js";

/** The header's fields. Penalties are a byte for each entropy value. */
export function sprayingHeader({ policy, entropies, freezePs }: RoutingParams) {
  const { sprays, keepsPenalties } = ROUTING[policy];
  if (!sprays) return { sprayingBytes: 0, entropies: 0, freezePs: 0 };
  const penaltyBytes = keepsPenalties ? Math.ceil(entropies / 8) * 8 : 0;
  return { sprayingBytes: SPRAYING_BYTES + penaltyBytes, entropies, freezePs };
}

/** Bytes of a packet's tag that spraying needs. */
export function sprayingTagBytes({ policy }: RoutingParams): number {
  return ROUTING[policy].sprays ? TAG_BYTES : 0;
}
