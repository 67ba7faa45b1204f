import type { CollectiveName } from "../../plan/collectives.js";
import type { CollectiveWorkload } from "../../scenario/types/scenario.js";
import { binaryTree, doubleBinaryTree, type Tree } from "./binary-tree.js";
import { pipelineChunks } from "./chunk-size.js";
import type { Cluster } from "./cluster.js";
import { addTree, rankTree, type TreeWays, treeHeight } from "./rank-tree.js";
import { type Cargo, type Collective, ScheduleBuilder } from "./schedule.js";

/**
 * NCCL's double binary tree all-reduce. With g GPUs per node there are g channels. Each splits its
 * share of the buffer into halves, one for each of two trees over the nodes. In channel c the GPUs
 * of a node form a chain that starts at local GPU c, whose NIC carries the links of the tree. Per
 * edge there is a flow up, which reduces, and a flow down.
 */
export function doubleBinaryTrees(workload: CollectiveWorkload, cluster: Cluster): Collective {
  // A NIC sends a share as a leaf once up, and inside once up and twice down: 4 over both trees.
  return trees(workload, cluster, doubleBinaryTree(cluster.nodes), 4);
}

/**
 * The same by a single tree in each channel: all-reduce, barrier, and broadcast or reduce, where
 * the tree is turned to the root. A barrier is an all-reduce of one byte over one channel.
 */
export function singleTree(workload: CollectiveWorkload, cluster: Cluster): Collective {
  const oneWay: Partial<Record<CollectiveName, TreeWays>> = { broadcast: "down", reduce: "up" };
  const way = oneWay[workload.collective] ?? "both";
  return trees(workload, cluster, [binaryTree(cluster.nodes)], way === "both" ? 3 : 2, way);
}

function trees(
  workload: CollectiveWorkload,
  cluster: Cluster,
  overNodes: readonly Tree[],
  sentPerByte: number,
  ways: TreeWays = "both",
): Collective {
  const { ranks, gpusPerNode, nodes } = cluster;
  const channels = workload.collective === "barrier" ? 1 : gpusPerNode;
  const once = pipelineChunks(
    {
      bytes: Math.ceil(workload.sizeBytes / (overNodes.length * channels)),
      hops: (ways === "both" ? 2 : 1) * (treeHeight(nodes) + gpusPerNode - 1),
      sentPerByte,
    },
    cluster,
    workload,
  );
  // What goes one way only may be done again and again over the same queue pairs.
  const shape = ways === "both" ? once : { ...once, chunks: workload.repeat * once.chunks };
  const root = ways === "both" ? undefined : workload.root;
  const edges = ranks - 1;
  const perTree = (ways === "both" ? 2 : 1) * edges;
  const builder = new ScheduleBuilder(channels * overNodes.length * perTree);
  for (let channel = 0; channel < channels; channel++) {
    for (const tree of overNodes) addTree(builder, rankTree(tree, cluster, channel, root), shape, ways);
  }
  const cargo = (flow: number, chunk: number): Cargo => {
    const part = Math.floor(flow / perTree) * shape.chunks + chunk;
    return { first: part, count: 1, reduces: ways !== "down" && flow % perTree < edges };
  };
  return { schedule: builder.build(), parts: channels * overNodes.length * shape.chunks, cargo };
}
