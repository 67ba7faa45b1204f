import type { CollectiveWorkload } from "../../scenario/types/scenario.js";
import type { Cluster } from "./cluster.js";

/** A pipeline that chunks go through one behind the other. */
export interface Pipeline {
  /** What goes through it. */
  readonly bytes: number;
  /** Hops from one end to the other. */
  readonly hops: number;
  /** What its busiest NIC sends per byte that goes through. */
  readonly sentPerByte: number;
}

/**
 * Chunks that bytes are cut into, all of one size: those that are written, or those that take the
 * bytes through the pipeline soonest: `sqrt(S·α·B / (p - 1))` bytes for `p` hops that take
 * `α + c/B`. Whole packets, and no more than there is.
 */
export function pipelineChunks(
  pipeline: Pipeline,
  cluster: Cluster,
  workload: CollectiveWorkload,
): { chunks: number; chunkBytes: number } {
  const bytes = Math.max(1, pipeline.bytes);
  const chunks = Math.ceil(bytes / (workload.chunkBytes ?? bestChunkBytes({ ...pipeline, bytes }, cluster, workload)));
  return { chunks, chunkBytes: Math.ceil(bytes / chunks) };
}

function bestChunkBytes(
  { bytes, hops, sentPerByte }: Pipeline,
  { hopPs, nicRateBps, mtuBytes }: Cluster,
  { reductionDelayPs }: CollectiveWorkload,
): number {
  const bytesPerPs = nicRateBps / 8e12 / sentPerByte;
  const best = Math.sqrt((bytes * (hopPs + reductionDelayPs) * bytesPerPs) / Math.max(1, hops - 1));
  return Math.min(bytes, Math.max(1, Math.round(best / mtuBytes)) * mtuBytes);
}
