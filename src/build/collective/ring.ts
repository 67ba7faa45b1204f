import type { CollectiveWorkload } from "../../scenario/types/scenario.js";
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
 * Ring all-reduce over all ranks: N flows of 2(N-1) chunks of `ceil(S/N)` bytes. With several
 * channels as many rings side by side, each with its share of the buffer. As in NCCL each ring
 * crosses between nodes over another NIC (`ringOrder`).
 */
export function ring({ sizeBytes, channels }: CollectiveWorkload, cluster: Cluster): Collective {
  const { ranks } = cluster;
  const builder = new ScheduleBuilder(channels * ranks);
  const chunkBytes = Math.ceil(sizeBytes / (channels * ranks));
  for (let channel = 0; channel < channels; channel++) {
    const order = ringOrder(cluster, channel);
    const first = channel * ranks;
    for (let position = 0; position < ranks; position++) {
      const next = (position + 1) % ranks;
      builder.add({ src: order[position]!, dst: order[next]!, chunkBytes, chunks: 2 * (ranks - 1) });
      builder.after(first + next, first + position, 1);
    }
  }
  const cargo = (flow: number, chunk: number): Cargo => {
    const channel = Math.floor(flow / ranks);
    const part = ringChunkIndex(flow % ranks, chunk, ranks);
    return { first: channel * ranks + part, count: 1, reduces: chunk < ranks - 1 };
  };
  return { schedule: builder.build(), parts: channels * ranks, cargo };
}
