/** How much linear memory a run will take, before it is started. */
import type { RunPlan } from "../../plan/plan.js";
import { POOL } from "../core/layout.js";
import { tagBytes } from "../core/tags.js";
import { planTiming, type Timing } from "../core/timing.js";
import { whyNot } from "../fast-forward/support.js";
import { Fluid } from "./fluid.js";
import { mostChunks } from "./most-chunks.js";
import { outcomeBytes } from "./outcome.js";
import { Network } from "./pipes.js";
import { poolChunks } from "./pool.js";
import { tableBytes } from "./tables.js";
import { phasesOf } from "./traffic.js";

const { SEGMENT_BYTES, RECORD_BYTES } = POOL;
/** The pool grows by segments, each of which begins with the table of its chunks' links. */
const SEGMENT_CHUNKS = (SEGMENT_BYTES - POOL.TABLE_BYTES) / POOL.CHUNK_BYTES;

/**
 * Lists of all packets that fast-forward has at a time: of a state that it keeps, and of the one to
 * compare.
 */
const LISTS_KEPT = 2;
/** Free chunks that a thread keeps for itself. */
const CHUNKS_AT_HAND = 512;

/** All in bytes. The total is of the core's linear memory. */
export interface MemoryEstimate {
  /** Fabric: devices, ports, routes, inboxes. Exact. */
  readonly tablesBytes: number;
  /** Queue pairs, their dependencies and bitmaps. Exact. */
  readonly flowBytes: number;
  /** Packets in flight and in queues, in whole segments. Expected. */
  readonly packetBytes: number;
  readonly totalBytes: number;
  /**
   * Beside the core's memory: a state that fast-forward keeps, and lists of packets as it compares
   * them. 0 where it is off.
   */
  readonly keptBytes: number;
  /** Of `flowBytes`: packet bitmaps of selective recovery. */
  readonly packetMapBytes: number;
  /** What the result takes beside the core: not part of the total. */
  readonly outcomeBytes: number;
}

/** @param threads each has inboxes of its own. */
export function estimateMemory(plan: RunPlan, threads = 1): MemoryEstimate {
  return lastOf(memorySteps(plan, threads));
}

/** As `estimateMemory`, in steps of some milliseconds. */
export function* memorySteps(plan: RunPlan, threads = 1): Generator<void, MemoryEstimate> {
  const timing = planTiming(plan);
  const chunks = (yield* peakSteps(plan, timing)) + (threads - 1) * CHUNKS_AT_HAND;
  const packetBytes = Math.ceil(chunks / SEGMENT_CHUNKS) * SEGMENT_BYTES * (1 + tagBytes(plan) / RECORD_BYTES);
  return withPackets(plan, timing, threads, packetBytes);
}

/** The part that is there before the first packet, at once and exactly. */
export function estimateTables(plan: RunPlan, threads = 1): MemoryEstimate {
  return withPackets(plan, planTiming(plan), threads, 0);
}

function withPackets(plan: RunPlan, timing: Timing, threads: number, packetBytes: number): MemoryEstimate {
  const { fabricBytes, flowBytes, packetMapBytes, recordBytes } = tableBytes(plan, timing, threads);
  // The pool begins at a multiple of its segments' size.
  const tablesBytes = Math.ceil((fabricBytes + flowBytes) / SEGMENT_BYTES) * SEGMENT_BYTES - flowBytes;
  return {
    tablesBytes,
    flowBytes,
    packetBytes,
    totalBytes: tablesBytes + flowBytes + packetBytes,
    keptBytes: whyNot(plan) === null ? recordBytes + LISTS_KEPT * packetBytes : 0,
    packetMapBytes,
    outcomeBytes: outcomeBytes(plan),
  };
}

/**
 * Most chunks of the packet pool in use at one time. Where windows alone keep them below the first
 * segment there is no need to look when.
 */
function* peakSteps(plan: RunPlan, timing: Timing): Generator<void, number> {
  const most = mostChunks(plan, timing);
  if (most <= SEGMENT_CHUNKS) return most;
  let peak = 0;
  for (const phase of phasesOf(plan.flows)) {
    let isBehind = 0;
    for (const state of new Fluid(new Network(plan, timing), phase).follow()) {
      const chunks = poolChunks(state, phase.copies);
      peak = Math.max(peak, chunks);
      isBehind = chunks < 0.5 * peak ? isBehind + 1 : 0;
      if (isBehind >= 20) break;
      yield;
    }
  }
  return peak;
}

/**
 * Plan and result of a run, as a multiple of the core's tables (measured: 1.4 to 1.9, from 1,024 to
 * 32,768 GPUs).
 */
const DESCRIBED_PER_TABLE_BYTE = 2;

/** What a process takes for the run: the core, and the plan and result that describe the run. */
export function processBytes({ totalBytes, tablesBytes, flowBytes }: MemoryEstimate): number {
  return Math.ceil(totalBytes + DESCRIBED_PER_TABLE_BYTE * (tablesBytes + flowBytes));
}

/** What work in steps comes to, all at once. */
export function lastOf<T>(steps: Generator<void, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
