/** How many records of each kind a plan needs: fills the size fields of the core's header. */
import { portClasses } from "../../plan/changes.js";
import { MAX_RESEND_BORDERS } from "../../plan/limits.js";
import type { RunPlan, Transport } from "../../plan/plan.js";
import { looksAtQueues } from "./flowlets.js";
import { advertisesQueues } from "./remote-queues.js";
import { sendCounts } from "./send-lists.js";
import { type PsPerByte, serializationPs, type Timing } from "./timing.js";

export interface Sizes {
  readonly groupCount: number;
  readonly routeBytes: number;
  readonly dependencyCount: number;
  readonly hazardBytes: number;
  readonly bitmapBytes: number;
  readonly tickBytes: number;
  readonly packetMapBytes: number;
  readonly scratchEntries: number;
  /** Bits of each packet bitmap of selective recovery; 0 without. */
  readonly packetMapBits: number;
  /** Bytes of a QP's borders of lost resends, which lie behind the bitmaps; 0 without. */
  readonly borderBytes: number;
}

/** Depth arrays are read four at a time. */
export const TICK_PADDING = 4;

export function planSizes(plan: RunPlan, timing: Timing): Sizes {
  const { fabric, flows } = plan;
  let groupCount = 0;
  let routeBytes = 0;
  let tickBytes = 0;
  for (const sw of fabric.switches) {
    const ports = fabric.firstPort[sw.device + 1]! - fabric.firstPort[sw.device]!;
    if (sw.routing.kind === "range") {
      groupCount += childrenOf(sw.routing) + 1;
    } else {
      groupCount += sw.routing.groups.length;
      for (const group of sw.routing.groups) routeBytes += 4 * group.length;
      routeBytes += tableBytes(sw.routing.groupOf) + tableBytes(sw.routing.pins);
    }
    if (looksAtQueues(plan)) tickBytes += 4 * (ports + TICK_PADDING);
  }
  let bitmapBytes = 0;
  for (let d = 0; d < fabric.deviceCount; d++) {
    bitmapBytes += bitmapSize(fabric.firstPort[d + 1]! - fabric.firstPort[d]!);
  }
  for (const count of sendCounts(plan)) bitmapBytes += bitmapSize(count);
  const borderBytes = borderBytesOf(plan.transport);
  const packetMapBits = plan.transport.recovery === "selective" ? mapBits(plan.transport.windowPackets) : 0;
  return {
    groupCount,
    routeBytes,
    dependencyCount: flows.upFlow.length,
    hazardBytes: plan.hazards.reduce((sum, table) => sum + (table === null ? 0 : table.byteLength), 0),
    bitmapBytes,
    tickBytes,
    packetMapBytes: flows.count * ((3 * packetMapBits) / 8 + borderBytes),
    // Any arrival may cause a notice, which is played with the arrivals.
    scratchEntries: scratchEntries(plan, timing) * (advertisesQueues(plan) ? 2 : 1),
    packetMapBits,
    borderBytes,
  };
}

/** Bytes of the borders of lost resends of a QP (MODEL.md §7). */
function borderBytesOf({ recovery, lostResends }: Transport): number {
  return recovery === "selective" && lostResends === "detect" ? 4 * MAX_RESEND_BORDERS : 0;
}

/** Bytes of a table by address, in whole words; 0 where there is none. */
export function tableBytes(table: Uint16Array | undefined): number {
  return table === undefined ? 0 : 4 * Math.ceil(table.length / 2);
}

/** Children that a range-routed switch has below it. */
export function childrenOf(routing: { readonly low: number; readonly high: number; readonly stride: number }): number {
  return Math.ceil((routing.high - routing.low) / routing.stride);
}

/** Bytes of a bitmap of `bits` bits, whole 64-bit words. */
export function bitmapSize(bits: number): number {
  return 8 * Math.ceil(bits / 64);
}

function mapBits(windowPackets: number): number {
  let bits = 64;
  while (bits < windowPackets) bits *= 2;
  return bits;
}

/**
 * Most credit updates that can come to a port in one window. Each tells of blocks that the buffer
 * had in use when an interval as long as the window began, or that came in it.
 */
function updatesInWindow(plan: RunPlan, { psPerByte, windowPs, leastWireBytes }: Timing, port: number, back: number) {
  const { fabric, flowControl, wire, dataClasses } = plan;
  const { credit } = flowControl;
  const peer = fabric.peerPort[port]!;
  const bufferBlocks = credit?.bufferBlocks[peer] ?? 0;
  if (credit === null || bufferBlocks === 0) return 0;
  const floor = wire.serialization === "floor";
  const inWindow = (rate: PsPerByte, bytes: number) =>
    2 + Math.ceil(windowPs / Math.max(1, serializationPs(rate, bytes, floor)));
  const rate = psPerByte[fabric.portClass[port]!]!;
  const arrivingBlocks = inWindow(rate, credit.blockBytes) + inWindow(rate, leastWireBytes);
  const told = Math.ceil((bufferBlocks + arrivingBlocks) / credit.updateBlocks[peer]!) + 2;
  return Math.min(told * dataClasses.length, inWindow(psPerByte[back]!, credit.updateBytes));
}

/** Most arrivals, and most ends of transmission, that any device can have in one window. */
function scratchEntries(plan: RunPlan, timing: Timing): number {
  const { fabric } = plan;
  const floor = plan.wire.serialization === "floor";
  const perClass = timing.psPerByte.map((rate) => {
    const leastPs = Math.max(1, serializationPs(rate, timing.leastWireBytes, floor));
    // Packets and pause frames have different delays, so a window can bring a window's worth of
    // each.
    return 2 * (Math.ceil(timing.windowPs / leastPs) + 1);
  });
  const classesOf = portClasses(plan);
  let most = 0;
  for (let d = 0; d < fabric.deviceCount; d++) {
    let entries = 0;
    for (let p = fabric.firstPort[d]!; p < fabric.firstPort[d + 1]!; p++) {
      const outgoing = classesOf(p).map((taken) => perClass[taken]!);
      const incoming = classesOf(fabric.peerPort[p]!);
      entries += Math.max(
        ...incoming.map((taken) => Math.max(perClass[taken]!, ...outgoing) + updatesInWindow(plan, timing, p, taken)),
      );
    }
    most = Math.max(most, entries);
  }
  return most;
}
