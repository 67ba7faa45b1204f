import type { RunPlan } from "../../plan/plan.js";
import { controlTagBytes } from "./congestion.js";
import { sprayingTagBytes } from "./spraying.js";

/** Bytes of the tag that every packet of the run has; 0 where no policy needs one. */
export function tagBytes({ transport, routing }: RunPlan): number {
  return Math.max(controlTagBytes(transport.congestionControl), sprayingTagBytes(routing));
}
