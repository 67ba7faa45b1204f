/** What windows leave of the packet pool at most, whatever the traffic does. */
import { packetsPerChunk } from "../../plan/flows.js";
import { controlOf, type RunPlan } from "../../plan/plan.js";
import { creditBytes } from "../core/credit.js";
import { laneCount } from "../core/data-classes.js";
import { POOL } from "../core/layout.js";
import type { Timing } from "../core/timing.js";
import { CHUNK_RECORDS } from "./chunks.js";
import { mostUnderWayBytes } from "./control.js";

/**
 * Chunks of the packet pool that can be in use at a time, as long as nothing is sent twice. Each
 * packet under way has a record, or its ACK has. Records share chunks, but for the last one of each
 * list: the queues of a lane, or the posts of a NIC. An inbox of a device and window is a list of
 * whole blocks.
 */
export function mostChunks(plan: RunPlan, timing: Timing): number {
  const { fabric, flows, transport } = plan;
  const windows = fabric.linkClasses.map(({ mtuBytes, rateBps }, linkClass) => {
    const fixed = transport.windowPackets === 0 ? Number.POSITIVE_INFINITY : transport.windowPackets;
    const controlled = mostUnderWayBytes(controlOf(transport, linkClass), rateBps, mtuBytes) / mtuBytes;
    return Math.max(1, Math.min(fixed, Math.ceil(controlled)));
  });
  let records = creditBytes(plan) === 0 ? 0 : laneCount(plan);
  for (let flow = 0; flow < flows.count; flow++) {
    const window = windows[fabric.portClass[fabric.nics.port[flows.srcNic[flow]!]!]!]!;
    records += Math.min(window, packetsPerChunk(fabric, flows, flow) * flows.chunks[flow]!);
  }
  const blocks = timing.slots * fabric.deviceCount;
  const lists = 2 * laneCount(plan) + fabric.nics.count;
  const { BLOCK_CHUNKS } = POOL;
  return Math.min(BLOCK_CHUNKS * records, BLOCK_CHUNKS * blocks + lists + records / CHUNK_RECORDS);
}
