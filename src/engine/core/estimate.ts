/** How much linear memory a run will take, before it is started. */
import type { RunPlan } from "../../plan/plan.js";
import {
  DEVICE_BYTES,
  GROUP_BYTES,
  NIC_BYTES,
  PORT_BYTES,
  PORTEXTRA_BYTES,
  RECEIVER_BYTES,
  SENDER_BYTES,
  START_BYTES,
  SWITCH_BYTES,
  UPSTREAM_BYTES,
} from "./layout.js";
import { planSizes } from "./sizes.js";
import { planTiming } from "./timing.js";

/** A queue and an inbox share of a busy port: two chunks of the packet pool. */
const POOL_BYTES_PER_PORT = 512;
const BOX_BYTES = 16;

/**
 * Bytes of linear memory: the tables exactly, packets in flight by the number of ports. Deep queues
 * (incast, collisions over a long time) take more.
 */
export function estimateMemoryBytes(plan: RunPlan): number {
  const timing = planTiming(plan);
  const sizes = planSizes(plan, timing);
  const { fabric, flows } = plan;
  const ports = fabric.peerPort.length;
  const tables =
    fabric.deviceCount * (DEVICE_BYTES + timing.slots * BOX_BYTES) +
    ports * (PORT_BYTES + PORTEXTRA_BYTES) +
    fabric.switches.length * SWITCH_BYTES +
    sizes.groupCount * GROUP_BYTES +
    sizes.routeBytes +
    fabric.nics.count * NIC_BYTES +
    flows.count * (SENDER_BYTES + RECEIVER_BYTES + START_BYTES + 8) +
    sizes.dependencyCount * (UPSTREAM_BYTES + 4) +
    sizes.hazardBytes +
    sizes.bitmapBytes +
    sizes.tickBytes +
    sizes.packetMapBytes +
    sizes.scratchEntries * 16;
  return tables + ports * POOL_BYTES_PER_PORT;
}
