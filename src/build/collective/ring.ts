import type { CollectiveWorkload } from "../../scenario/types/scenario.js";
import { pipelineChunks } from "./chunk-size.js";
import type { Cluster } from "./cluster.js";
import { ringOrder } from "./ring-order.js";
import { type Cargo, type Collective, ScheduleBuilder } from "./schedule.js";

/**
 * Part of the buffer that position `position` of a ring of `size` sends as its chunk `chunk`:
 * itself reduced for `size - 1` chunks (reduce-scatter), final for the next `size - 1`
 * (all-gather). Each chunk is the one that came in last, so it waits for its neighbour's chunk
 * before it: lag 1.
 */
export function ringChunkIndex(position: number, chunk: number, size: number): number {
  return (((position - chunk) % size) + size) % size;
}

/**
 * Rings of all collectives that NCCL does by one. Several channels are as many rings side by side.
 */
export function ring(workload: CollectiveWorkload, cluster: Cluster): Collective {
  switch (workload.collective) {
    case "broadcast":
    case "reduce":
      return chain(workload, cluster);
    default:
      return circle(workload, cluster);
  }
}

/**
 * All-reduce, reduce-scatter or all-gather: N flows of 2(N-1) or N-1 chunks of `ceil(S/N)` bytes.
 * With several channels each ring has its share of the buffer. As in NCCL each crosses between
 * nodes over another NIC (`ringOrder`). With a smaller chunk the ring goes round as often as that
 * takes: a rank begins the next loop when the last chunk of the loop before has come in.
 */
function circle(workload: CollectiveWorkload, cluster: Cluster): Collective {
  const { collective, sizeBytes, channels, repeat } = workload;
  const { ranks } = cluster;
  const steps = collective === "all-reduce" ? 2 * (ranks - 1) : ranks - 1;
  const builder = new ScheduleBuilder(channels * ranks);
  const blockBytes = Math.ceil(sizeBytes / (channels * ranks));
  const loops = Math.ceil(blockBytes / (workload.chunkBytes ?? blockBytes));
  const chunkBytes = Math.ceil(blockBytes / loops);
  const chunks = repeat * loops * steps;
  const orders: Uint32Array[] = [];
  for (let channel = 0; channel < channels; channel++) {
    const order = ringOrder(cluster, channel);
    orders.push(order);
    const first = channel * ranks;
    for (let position = 0; position < ranks; position++) {
      const next = (position + 1) % ranks;
      builder.add({ src: order[position]!, dst: order[next]!, chunkBytes, chunks });
      builder.after(first + next, first + position, 1);
    }
  }
  // A block of a reduce-scatter is last sent to its own rank, one position before where it began.
  const shift = collective === "reduce-scatter" ? 1 : 0;
  const cargo = (flow: number, chunk: number): Cargo => {
    const channel = Math.floor(flow / ranks);
    const step = chunk % steps;
    const loop = channel * repeat * loops + Math.floor(chunk / steps);
    const block = orders[channel]![ringChunkIndex(flow % ranks, step + shift, ranks)]!;
    return { first: loop * ranks + block, count: 1, reduces: collective !== "all-gather" && step < ranks - 1 };
  };
  return { schedule: builder.build(), parts: channels * repeat * loops * ranks, cargo };
}

/**
 * Broadcast or reduce: the ring is a chain that begins at the root, or ends there. Chunks follow
 * one another, `(N - 2 + K) (α + c/B)` for K chunks of `c` bytes.
 */
function chain(workload: CollectiveWorkload, cluster: Cluster): Collective {
  const { collective, sizeBytes, channels, repeat, root } = workload;
  const { ranks } = cluster;
  const share = { bytes: Math.ceil(sizeBytes / channels), hops: ranks - 1, sentPerByte: 1 };
  const { chunks, chunkBytes } = pipelineChunks(share, cluster, workload);
  const builder = new ScheduleBuilder(channels * (ranks - 1));
  for (let channel = 0; channel < channels; channel++) {
    const order = ringOrder(cluster, channel);
    const start = order.indexOf(root) + (collective === "broadcast" ? 0 : 1);
    for (let hop = 0; hop < ranks - 1; hop++) {
      const [src, dst] = [order[(start + hop) % ranks]!, order[(start + hop + 1) % ranks]!];
      const flow = builder.add({ src, dst, chunkBytes, chunks: repeat * chunks });
      if (hop > 0) builder.after(flow, flow - 1, 0);
    }
  }
  const cargo = (flow: number, chunk: number): Cargo => {
    const channel = Math.floor(flow / (ranks - 1));
    return { first: channel * repeat * chunks + chunk, count: 1, reduces: collective === "reduce" };
  };
  return { schedule: builder.build(), parts: channels * repeat * chunks, cargo };
}
