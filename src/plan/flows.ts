import type { Fabric } from "./fabric.js";

/**
 * A flow graph: what a collective, or a list of flows, is to the core. Flow `f` sends `chunks[f]`
 * chunks of `chunkBytes[f]` bytes from one NIC to another over a queue pair of its own. Chunk `k`
 * may start once every upstream flow `u` has delivered chunk `min(k - lag, chunks[u] - 1)`; `lag`
 * chunks are therefore free at the start. Memory is proportional to flows and dependencies, never
 * to chunks.
 */
export interface FlowGraph {
  readonly count: number;
  readonly srcNic: Uint32Array;
  readonly dstNic: Uint32Array;
  /** Bytes of one chunk, at least 1; integers up to 2^53. */
  readonly chunkBytes: Float64Array;
  readonly chunks: Uint32Array;
  /**
   * Earliest start in ps, integers. Every flow has one (0 when it only waits for its dependencies).
   */
  readonly startPs: Float64Array;
  /** Number of the 5-tuple: QPs of one connection share it. */
  readonly connection: Uint32Array;
  /**
   * Time in ps between a delivery and the chunks of this flow that it allows, an integer: of a
   * reduction, for one. Left out where it is 0 for all.
   */
  readonly delayPs?: Float64Array;
  /** Its data class; left out where there is one. */
  readonly dataClass?: Uint8Array;
  /**
   * Number of the job that a flow belongs to; left out where all are of job 0. Jobs from
   * `FIRST_BACKGROUND_JOB` on are background traffic, which a run does not wait for.
   */
  readonly jobOf?: Uint16Array;
  /**
   * Upstream dependencies of flow `f` are entries `upFirst[f] … upFirst[f+1] - 1`. All end at the
   * rank where `f` starts.
   */
  readonly upFirst: Uint32Array;
  readonly upFlow: Uint32Array;
  readonly upLag: Int32Array;
  /**
   * What packets are routed by, where it is not the addresses of the NICs: data, and answers to it.
   */
  readonly addresses?: { readonly data: Uint32Array; readonly answers: Uint32Array };
}

/** Packets of one chunk of a flow, at the MTU of the link that it is sent on. */
export function packetsPerChunk(fabric: Fabric, { chunkBytes, srcNic }: FlowGraph, flow: number): number {
  const port = fabric.nics.port[srcNic[flow]!]!;
  return Math.max(1, Math.ceil(chunkBytes[flow]! / fabric.linkClasses[fabric.portClass[port]!]!.mtuBytes));
}

/** The job that a flow belongs to. */
export function jobOfFlow({ jobOf }: FlowGraph, flow: number): number {
  return jobOf === undefined ? MAIN_JOB : jobOf[flow]!;
}

/** The first of the jobs that a run measures. */
export const MAIN_JOB = 0;

/** The first of the jobs that a run does not wait for. */
export const FIRST_BACKGROUND_JOB = 2 ** 15;

/** Whether a run waits for a job. */
export function isMeasured(job: number): boolean {
  return job < FIRST_BACKGROUND_JOB;
}

/** Address that data packets of a flow are routed by. */
export function dataAddress({ nics }: Fabric, { dstNic, addresses }: FlowGraph, flow: number): number {
  return addresses?.data[flow] ?? nics.address[dstNic[flow]!]!;
}

/** Address that answers to a flow's data packets are routed by. */
export function answerAddress({ nics }: Fabric, { srcNic, addresses }: FlowGraph, flow: number): number {
  return addresses?.answers[flow] ?? nics.address[srcNic[flow]!]!;
}

/** Time between a delivery and the chunks of a flow that it allows, in ps. */
export function delayOfFlow({ delayPs }: FlowGraph, flow: number): number {
  return delayPs === undefined ? 0 : delayPs[flow]!;
}

/** Data class of a flow. */
export function classOfFlow({ dataClass }: FlowGraph, flow: number): number {
  return dataClass === undefined ? 0 : dataClass[flow]!;
}
