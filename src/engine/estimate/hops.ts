/** How much work a run will be. */
import { packetsPerChunk } from "../../plan/flows.js";
import type { RunPlan } from "../../plan/plan.js";
import { planTiming } from "../core/timing.js";
import { Network } from "./pipes.js";
import { waysOf } from "./ways.js";

/** Flows whose ways are walked; they stand for all. */
const MAX_WALKED = 20_000;

/**
 * Packet-hops of a run in which nothing is lost: data over the ways of the flows, and its
 * acknowledgements back.
 */
export function estimateHops(plan: RunPlan): number {
  const { flows, fabric, transport } = plan;
  const stride = Math.max(1, Math.ceil(flows.count / MAX_WALKED));
  const walked = Uint32Array.from({ length: Math.ceil(flows.count / stride) }, (_, i) => i * stride);
  const { first } = waysOf(new Network(plan, planTiming(plan)), walked);
  let hops = 0;
  walked.forEach((flow, i) => {
    const packets = packetsPerChunk(fabric, flows, flow);
    // A chunk's last packet is acknowledged whatever the count says.
    const acks = Math.ceil(packets / transport.ackEvery);
    hops += flows.chunks[flow]! * (packets + acks) * (first[i + 1]! - first[i]!);
  });
  return walked.length === 0 ? 0 : (hops * flows.count) / walked.length;
}
