import type { CollectiveWorkload } from "../../scenario/types/scenario.js";
import type { Cluster } from "./cluster.js";
import { type Cargo, type Collective, ScheduleBuilder } from "./schedule.js";
import { Sections } from "./sections.js";

/**
 * NCCL's PXN all-to-all. A block goes over the scale-up network to the GPU of its own node that is
 * on the rail of the receiver. From there it goes over the rail, in one message with those of the
 * other GPUs of the node. So no message crosses rails, and there are g times fewer of them. A
 * message leaves when the blocks that are for its node have come. A node begins with the node after
 * it, and keeps what is for itself to the end.
 */
export function pxn(workload: CollectiveWorkload, cluster: Cluster): Collective {
  return workload.sizes === undefined ? even(workload, cluster) : uneven(workload, cluster, workload.sizes.bytes);
}

const itemsOf = (ranks: number, sources: readonly number[], dst: number): Cargo => ({
  list: sources.map((src) => src * ranks + dst),
  reduces: false,
});

/**
 * One flow inside a node carries a block for each node; between nodes there is a flow per message.
 */
function even({ sizeBytes }: CollectiveWorkload, { ranks, gpusPerNode: g, nodes }: Cluster): Collective {
  const blockBytes = Math.ceil(sizeBytes / ranks);
  const builder = new ScheduleBuilder(ranks * (g - 1 + nodes - 1));
  const inside = Int32Array.from({ length: ranks * g }, (_, i) => {
    const [src, rail] = [Math.floor(i / g), i % g];
    const dst = src - (src % g) + rail;
    return src === dst ? -1 : builder.add({ src, dst, chunkBytes: blockBytes, chunks: nodes });
  });
  const firstBetween = builder.count;
  for (let step = 1; step < nodes; step++) {
    for (let src = 0; src < ranks; src++) {
      const flow = builder.add({ src, dst: (src + step * g) % ranks, chunkBytes: g * blockBytes, chunks: 1 });
      for (let from = src - (src % g), end = from + g; from < end; from++) {
        if (from !== src) builder.after(flow, inside[from * g + (src % g)]!, 1 - step);
      }
    }
  }
  const schedule = builder.build();
  const cargo = (flow: number, chunk: number): Cargo => {
    const [src, dst] = [schedule.src[flow]!, schedule.dst[flow]!];
    if (flow < firstBetween) return itemsOf(ranks, [src], (dst + (chunk + 1) * g) % ranks);
    return itemsOf(ranks, nodeOf(src, g), dst);
  };
  return { schedule, parts: ranks ** 2, cargo };
}

/** Blocks of unequal sizes: a flow for each of them. */
function uneven(_: CollectiveWorkload, { ranks, gpusPerNode: g, nodes }: Cluster, bytes: Float64Array): Collective {
  const builder = new ScheduleBuilder();
  const sections = new Sections();
  for (let step = 1; step <= nodes; step++) {
    for (let gateway = 0; gateway < ranks; gateway++) {
      const dst = (gateway + step * g) % ranks;
      const sources = nodeOf(gateway, g).filter((src) => bytes[src * ranks + dst]! > 0);
      const before = sources
        .filter((src) => src !== gateway)
        .map((src) => {
          sections.begin(builder.count, () => itemsOf(ranks, [src], dst));
          return builder.add({ src, dst: gateway, chunkBytes: bytes[src * ranks + dst]!, chunks: 1 });
        });
      if (dst === gateway || sources.length === 0) continue;
      const chunkBytes = sources.reduce((sum, src) => sum + bytes[src * ranks + dst]!, 0);
      sections.begin(builder.count, () => itemsOf(ranks, sources, dst));
      const flow = builder.add({ src: gateway, dst, chunkBytes, chunks: 1 });
      for (const upstream of before) builder.after(flow, upstream, 0);
    }
  }
  return { schedule: builder.build(), parts: ranks ** 2, cargo: sections.cargo };
}

/** Ranks of the node of a rank. */
function nodeOf(rank: number, g: number): number[] {
  return Array.from({ length: g }, (_, local) => rank - (rank % g) + local);
}
