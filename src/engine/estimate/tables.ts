/**
 * Linear memory that does not change during a run: what `plan()` and `begin()` of the core lay out.
 */
import type { RunPlan } from "../../plan/plan.js";
import { changeBytes } from "../core/changes.js";
import { controlHeader, controlTableBytes } from "../core/congestion.js";
import { creditBytes } from "../core/credit.js";
import { dataClassBytes, laneCount } from "../core/data-classes.js";
import { detourHeader } from "../core/detours.js";
import { flowletHeader } from "../core/flowlets.js";
import {
  DEVICE_BYTES,
  DUECNPS_BYTES,
  GRANT_BYTES,
  GRANTER_BYTES,
  GROUP_BYTES,
  MAX_SAMPLES,
  MAX_THREADS,
  NIC_BYTES,
  PACED_BYTES,
  PORT_BYTES,
  PORTEXTRA_BYTES,
  RECEIVER_BYTES,
  SAMPLE_BYTES,
  SENDER_BYTES,
  STALL_BYTES,
  START_BYTES,
  SWITCH_BYTES,
  THREAD_BYTES,
  UPSTREAM_BYTES,
} from "../core/layout.js";
import { pauseClockBytes } from "../core/pause-clocks.js";
import { policyBytes } from "../core/policy.js";
import { programBytes } from "../core/programs.js";
import { reductionBytes } from "../core/reduction.js";
import { remoteHeader } from "../core/remote-queues.js";
import { planSizes } from "../core/sizes.js";
import { sprayingHeader } from "../core/spraying.js";
import { inboxBytes, type Timing } from "../core/timing.js";

/**
 * Per arrival that a device may have in one window: the sorted and the unsorted entry, links of the
 * plain and of the fast step, its egress, and a release.
 */
const SCRATCH_BYTES = 34;
/** Of a thread, for any plan: lists of all possible egress ports and arrivals, and sort buckets. */
const FIXED_BYTES = 63 * 1024;
/** Of the run, for any plan: header, thread records, samples, the table of packets' tags. */
const SHARED_BYTES = 12 * 1024 + MAX_THREADS * THREAD_BYTES + MAX_SAMPLES * SAMPLE_BYTES;
/** With its connection and its place in its NIC's list. */
export const BYTES_PER_FLOW = SENDER_BYTES + RECEIVER_BYTES + START_BYTES + 8;
/** With its place in the list of dependents. */
export const BYTES_PER_DEPENDENCY = UPSTREAM_BYTES + 4;

/**
 * With its records of congestion control and spraying, its place in the heap of paced QPs, and its
 * credit.
 */
function bytesPerFlow(plan: RunPlan): number {
  const { congestionBytes, pullQuanta } = controlHeader(plan);
  const { sprayingBytes } = sprayingHeader(plan.routing);
  const grantBytes = pullQuanta === 0 ? 0 : GRANT_BYTES;
  return BYTES_PER_FLOW + sprayingBytes + grantBytes + (congestionBytes === 0 ? 0 : congestionBytes + PACED_BYTES);
}

/** With what it grants credit by, and its queue of CNPs. */
function bytesPerNic(plan: RunPlan): number {
  const { pullQuanta, cnpDelayPs } = controlHeader(plan);
  return NIC_BYTES + (pullQuanta === 0 ? 0 : GRANTER_BYTES) + (cnpDelayPs === 0 ? 0 : DUECNPS_BYTES);
}

export interface TableBytes {
  /** Devices, ports, switches, NICs, routes, inboxes. */
  readonly fabricBytes: number;
  /** Queue pairs, dependencies, packet bitmaps of selective recovery. */
  readonly flowBytes: number;
  /** Of that, the bitmaps. */
  readonly packetMapBytes: number;
  /**
   * Of both, what is there once however many threads there are: the records that fast-forward keeps
   * a copy of.
   */
  readonly recordBytes: number;
}

/** @param threads each has inboxes and scratch space of its own. */
export function tableBytes(plan: RunPlan, timing: Timing, threads: number): TableBytes {
  const sizes = planSizes(plan, timing);
  const { fabric, flows } = plan;
  const words = Math.ceil(fabric.deviceCount / 64);
  const perThread =
    inboxBytes(timing.slots, fabric.deviceCount) +
    8 * Math.ceil(timing.slots / 64) +
    words * 4 +
    sizes.scratchEntries * SCRATCH_BYTES +
    FIXED_BYTES;
  const flowBytes =
    flows.count * bytesPerFlow(plan) + sizes.dependencyCount * BYTES_PER_DEPENDENCY + sizes.packetMapBytes;
  const sharedBytes =
    SHARED_BYTES +
    timing.slots * words * 8 +
    fabric.deviceCount * DEVICE_BYTES +
    laneCount(plan) * (PORT_BYTES + PORTEXTRA_BYTES) +
    dataClassBytes(plan) +
    pauseClockBytes(plan) +
    plan.stalls.length * STALL_BYTES +
    fabric.switches.length * SWITCH_BYTES +
    sizes.groupCount * GROUP_BYTES +
    sizes.routeBytes +
    fabric.nics.count * bytesPerNic(plan) +
    sizes.hazardBytes +
    sizes.bitmapBytes +
    sizes.tickBytes +
    flowletHeader(plan).flowletBytes +
    controlTableBytes(plan) +
    creditBytes(plan) +
    remoteHeader(plan).remoteBytes +
    detourHeader(plan).sampleBytes +
    programBytes(plan) +
    changeBytes(plan) +
    reductionBytes(plan) +
    policyBytes(plan, sizes);
  return {
    fabricBytes: sharedBytes + threads * perThread,
    flowBytes,
    packetMapBytes: sizes.packetMapBytes,
    recordBytes: sharedBytes + flowBytes,
  };
}
