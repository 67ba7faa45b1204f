/**
 * Slices of chunks. A flow is a track of the rank that sends. Its chunks are delivered in order, so
 * each is shown from the delivery before it, or from when it became sendable, to its own delivery.
 */
import type { RunPlan } from "../../plan/plan.js";
import { type Deliveries, releaseOf } from "../path/chunks.js";
import { arrow, slice, type Track } from "./events.js";

/** Tracks below are of collectives and streams. */
export const FIRST_FLOW_TID = 100;

/** Most slices of chunks in a trace; beyond, neighbours of a flow are shown as one. */
const MAX_SLICES = 200_000;

/** Chunks that one slice stands for, of these flows. */
export function chunksPerSlice({ flows }: RunPlan, shown: readonly number[]): number {
  return Math.max(1, Math.ceil(shown.reduce((sum, flow) => sum + flows.chunks[flow]!, 0) / MAX_SLICES));
}

interface ChunkSlice extends Track {
  readonly fromPs: number;
  readonly toPs: number;
}

export interface ChunkSource {
  readonly plan: RunPlan;
  readonly deliveries: Deliveries;
  /** Chunks delivered, by flow. */
  readonly delivered: ArrayLike<number>;
  /** Chunks of the critical path, by flow. */
  readonly critical: ReadonlyMap<number, ReadonlySet<number>>;
  readonly perSlice: number;
  /** Track of a flow; undefined where its rank is not shown. */
  readonly trackOf: (flow: number) => Track | undefined;
  /** Its number in the workload. */
  readonly nameOf: (flow: number) => number;
}

/** The slices of a flow's chunks, and the arrows that end at them. */
export function* flowEvents(source: ChunkSource, flow: number, ids: () => number): Generator<string> {
  const { plan, deliveries, delivered, critical, perSlice, trackOf, nameOf } = source;
  const { flows, fabric } = plan;
  const track = trackOf(flow)!;
  const dst = fabric.nics.rank[flows.dstNic[flow]!]!;
  for (let chunk = 0; chunk < delivered[flow]!; chunk += perSlice) {
    const last = Math.min(chunk + perSlice, delivered[flow]!) - 1;
    const { fromPs, toPs } = sliceOf(source, flow, chunk)!;
    const { up, allowedPs } = releaseOf(plan, deliveries, flow, chunk);
    const onPath = critical.get(flow);
    const isCritical = onPath !== undefined && anyBetween(chunk, last, onPath);
    const name = chunk === last ? `chunk ${chunk}` : `chunks ${chunk}-${last}`;
    yield slice(track, "chunk", name, fromPs, toPs, {
      flow: nameOf(flow),
      dst,
      bytes: flows.chunkBytes[flow]! * (last - chunk + 1),
      "sendable (us)": allowedPs / 1e6,
      ...(isCritical && { critical: true }),
    });
    const before = up && sliceOf(source, up.flow, up.chunk);
    if (before === undefined) continue;
    const isOnPath = onPath?.has(chunk) === true && critical.get(up!.flow)?.has(up!.chunk) === true;
    yield* arrow(
      ids(),
      isOnPath ? "critical_path" : "dependency",
      { ...before, atPs: lastInstant(before) },
      { ...track, atPs: fromPs },
    );
  }
}

/** The slice that a chunk is in; undefined where its rank is not shown. */
function sliceOf({ plan, deliveries, delivered, perSlice, trackOf }: ChunkSource, flow: number, chunk: number) {
  const track = trackOf(flow);
  if (track === undefined) return undefined;
  const first = chunk - (chunk % perSlice);
  const last = Math.min(first + perSlice, delivered[flow]!) - 1;
  const { allowedPs } = releaseOf(plan, deliveries, flow, first);
  const toPs = deliveries.timePs(flow, last);
  const beforePs = first === 0 ? 0 : deliveries.timePs(flow, first - 1);
  return { ...track, fromPs: Math.min(Math.max(allowedPs, beforePs), toPs), toPs } satisfies ChunkSlice;
}

/** Within a slice, as its end is not: half a nanosecond before it, or the middle. */
function lastInstant({ fromPs, toPs }: ChunkSlice): number {
  return Math.max(toPs - 500, (fromPs + toPs) / 2);
}

function anyBetween(from: number, to: number, numbers: ReadonlySet<number>): boolean {
  for (let k = from; k <= to; k++) if (numbers.has(k)) return true;
  return false;
}
