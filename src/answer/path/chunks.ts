/** The chunks of the critical path: what each delivery waited for (docs/MODEL.md §13). */
import { delayOfFlow, packetsPerChunk } from "../../plan/flows.js";
import type { RunPlan } from "../../plan/plan.js";

/** A chunk of the path, followed from when it became sendable to its delivery. */
export interface PathChunk {
  readonly flow: number;
  readonly chunk: number;
  /** The packet whose processing delivered it. */
  readonly packet: number;
  /** When the chunk became sendable, and when it was delivered. */
  readonly allowedPs: number;
  readonly deliveredPs: number;
  /** When it was allowed: the delivery that it waited for, or the start of the flow. */
  readonly postedPs: number;
  readonly isFirst: boolean;
}

/** Most chunks of which deliveries are kept: 12 bytes each. */
export const MAX_CHUNKS = 2 ** 26;

/** Chunks of all flows. */
export function chunkCount({ flows }: RunPlan): number {
  return flows.chunks.reduce((sum, chunks) => sum + chunks, 0);
}

/** When each chunk was delivered, and by which packet. */
export class Deliveries {
  readonly #first: Float64Array;

  /** @param read By place of a chunk, counted over all flows. */
  constructor(
    { flows }: RunPlan,
    private readonly read: (place: number) => { readonly timePs: number; readonly packet: number },
  ) {
    this.#first = new Float64Array(flows.count);
    let total = 0;
    for (let flow = 0; flow < flows.count; flow++) {
      this.#first[flow] = total;
      total += flows.chunks[flow]!;
    }
  }

  timePs(flow: number, chunk: number): number {
    return this.read(this.#first[flow]! + chunk).timePs;
  }

  packet(flow: number, chunk: number): number {
    return this.read(this.#first[flow]! + chunk).packet;
  }
}

/** The chunks of the path, from the last back to the first, which waits for no other. */
export function chunksOfPath(plan: RunPlan, deliveries: Deliveries, lastFlow: number): PathChunk[] {
  const path: PathChunk[] = [];
  let flow = lastFlow;
  let chunk = plan.flows.chunks[flow]! - 1;
  for (;;) {
    const packet = deliveries.packet(flow, chunk);
    const sent = Math.floor(packet / packetsPerChunk(plan.fabric, plan.flows, flow));
    const { up, postedPs, allowedPs } = releaseOf(plan, deliveries, flow, sent);
    const isFirst = up === undefined;
    const deliveredPs = deliveries.timePs(flow, chunk);
    path.push({ flow, chunk: sent, packet, allowedPs, deliveredPs, postedPs, isFirst });
    if (up === undefined) return path;
    ({ flow, chunk } = up);
  }
}

/** What made a chunk sendable, and when. */
export interface Release {
  /** The delivery that it waited for; undefined where that was the start of its flow. */
  readonly up: { readonly flow: number; readonly chunk: number; readonly timePs: number } | undefined;
  readonly postedPs: number;
  readonly allowedPs: number;
}

/** Why and when a chunk became sendable. All that it waits for has been delivered. */
export function releaseOf(plan: RunPlan, deliveries: Deliveries, flow: number, chunk: number): Release {
  const { flows, nicLatencyPs } = plan;
  const last = lastUpstream(plan, deliveries, flow, chunk);
  const startPs = flows.startPs[flow]!;
  const up = last === undefined || last.timePs < startPs ? undefined : last;
  const postedPs = up === undefined ? startPs : up.timePs;
  const delayPs = up === undefined ? 0 : delayOfFlow(flows, flow);
  return { up, postedPs, allowedPs: postedPs + delayPs + nicLatencyPs[flows.srcNic[flow]!]! };
}

/** Of the chunks that a chunk waits for, the one that was delivered last. */
function lastUpstream({ flows }: RunPlan, deliveries: Deliveries, flow: number, chunk: number) {
  let last: { flow: number; chunk: number; timePs: number } | undefined;
  for (let i = flows.upFirst[flow]!; i < flows.upFirst[flow + 1]!; i++) {
    const upstream = flows.upFlow[i]!;
    const wanted = Math.min(chunk - flows.upLag[i]!, flows.chunks[upstream]! - 1);
    if (wanted < 0) continue;
    const timePs = deliveries.timePs(upstream, wanted);
    const isLater = last === undefined || timePs > last.timePs || (timePs === last.timePs && upstream < last.flow);
    if (isLater) last = { flow: upstream, chunk: wanted, timePs };
  }
  return last;
}
