import type { CollectiveWorkload } from "../../scenario/types/scenario.js";
import { doubleBinaryTree, type Tree } from "./binary-tree.js";
import type { Cluster } from "./cluster.js";
import { type Cargo, type Collective, ScheduleBuilder } from "./schedule.js";

/**
 * NCCL's double binary tree all-reduce. With g GPUs per node there are g channels, each with its
 * share of the buffer in halves, one for each of two trees over the nodes. In channel c the GPUs of
 * a node form a chain that starts at local GPU c, whose NIC carries the links of the tree. Per edge
 * there is a flow up, which reduces, and a flow down; chunks follow one another through the tree,
 * and the root turns each around as soon as it has it from everyone.
 */
export function doubleBinaryTrees(workload: CollectiveWorkload, cluster: Cluster): Collective {
  const { ranks, gpusPerNode: channels, nodes } = cluster;
  const trees = doubleBinaryTree(nodes);
  const shareBytes = Math.ceil(workload.sizeBytes / (2 * channels));
  const chunks = Math.ceil(shareBytes / (workload.chunkBytes ?? pipelineChunkBytes(shareBytes, cluster, workload)));
  const chunkBytes = Math.ceil(shareBytes / chunks);

  const edges = ranks - 1;
  const builder = new ScheduleBuilder(channels * trees.length * 2 * edges);
  const shape = { chunks, chunkBytes };
  for (let channel = 0; channel < channels; channel++) {
    for (const tree of trees) addTree(builder, rankTree(tree, cluster, channel), shape);
  }
  const cargo = (flow: number, chunk: number): Cargo => {
    const half = Math.floor(flow / (2 * edges));
    return { first: half * chunks + chunk, count: 1, reduces: flow % (2 * edges) < edges };
  };
  return { schedule: builder.build(), parts: channels * trees.length * chunks, cargo };
}

/**
 * A tree over ranks: the tree over nodes, and in each node a chain that hangs below the GPU that
 * takes part in it.
 */
interface RankTree {
  readonly root: number;
  readonly parent: Int32Array;
}

function rankTree(tree: Tree, { ranks, gpusPerNode: g }: Cluster, channel: number): RankTree {
  const parent = new Int32Array(ranks);
  const head = (node: number) => node * g + channel;
  for (let rank = 0; rank < ranks; rank++) {
    const local = rank % g;
    const node = (rank - local) / g;
    const above = tree.parent[node]!;
    if (local === channel) parent[rank] = above < 0 ? -1 : head(above);
    else parent[rank] = node * g + ((local - 1 + g) % g);
  }
  return { root: head(tree.root), parent };
}

/**
 * Flows of a tree: first those up by the rank that sends, then those down by the rank that
 * receives, the root left out.
 */
function addTree(
  builder: ScheduleBuilder,
  { root, parent }: RankTree,
  { chunks, chunkBytes }: { chunks: number; chunkBytes: number },
): void {
  const up: number[] = [];
  const down: number[] = [];
  parent.forEach((above, rank) => {
    up.push(above < 0 ? -1 : builder.add({ src: rank, dst: above, chunks, chunkBytes }));
  });
  parent.forEach((above, rank) => {
    down.push(above < 0 ? -1 : builder.add({ src: above, dst: rank, chunks, chunkBytes }));
  });
  const belowRoot: number[] = [];
  parent.forEach((above, rank) => {
    if (above === root) belowRoot.push(rank);
    if (above < 0 || above === root) return;
    builder.after(up[above]!, up[rank]!, 0);
    builder.after(down[rank]!, down[above]!, 0);
  });
  for (const to of belowRoot) {
    for (const from of belowRoot) builder.after(down[to]!, up[from]!, 0);
  }
}

/**
 * What a NIC sends per byte of a tree's share, over both trees: as a leaf once up, inside once up
 * and twice down.
 */
const BYTES_SENT_PER_BYTE = 4;

/**
 * Chunk that takes `bytes` through a pipeline of `p` hops soonest: `sqrt(S·α·B / (p - 1))` for a
 * hop that takes `α + c/B`. Whole packets, and no more than there is.
 */
function pipelineChunkBytes(bytes: number, cluster: Cluster, { reductionDelayPs }: CollectiveWorkload): number {
  const { nodes, gpusPerNode, hopPs, nicRateBps, mtuBytes } = cluster;
  let height = 0;
  while (2 ** height < nodes) height += 1;
  const hops = 2 * (height + gpusPerNode - 1);
  const bytesPerPs = nicRateBps / 8e12 / BYTES_SENT_PER_BYTE;
  const best = Math.sqrt((bytes * (hopPs + reductionDelayPs) * bytesPerPs) / Math.max(1, hops - 1));
  return Math.min(bytes, Math.max(1, Math.round(best / mtuBytes)) * mtuBytes);
}
