import type { CollectiveWorkload } from "../../scenario/types/scenario.js";
import { doubleBinaryTree } from "./binary-tree.js";
import type { Cluster } from "./cluster.js";
import { chunksOf, copyFromOwner, reduceToOwner } from "./in-node.js";
import { OperationBuilder } from "./operations.js";
import { addTree } from "./rank-tree.js";
import type { Cargo, Collective } from "./schedule.js";

/**
 * NCCL's NVLS-tree all-reduce. GPU `l` of each node owns share `l` of the buffer, in halves, one
 * for each of two trees over the nodes. It gets the sum over its node from the NVSwitch; the owners
 * of one share reduce it over the tree and send the result back down; each owner sends that to its
 * node through the NVSwitch. Chunks follow one another all the way.
 */
export function nvlsTree(workload: CollectiveWorkload, { ranks, nodes, gpusPerNode: g }: Cluster): Collective {
  const trees = doubleBinaryTree(nodes);
  const shape = chunksOf(Math.ceil(workload.sizeBytes / (trees.length * g)), workload.chunkBytes);
  const builder = new OperationBuilder();
  for (let owner = 0; owner < g; owner++) {
    for (const { root, parent } of trees) {
      const rankOf = (node: number) => node * g + owner;
      const parts = Array.from({ length: nodes }, (_, node) => ({ ...shape, node, owner, gpusPerNode: g }));
      const reduced = parts.map((part) => reduceToOwner(builder, part));
      const { up, down } = addTree(builder.flows, { root, parent }, shape, "both", rankOf);
      const copied = parts.map((part) => copyFromOwner(builder, part));
      parent.forEach((above, node) => {
        if (above >= 0) {
          builder.flows.after(up[node]!, reduced[node]!, 0);
          builder.flows.after(copied[node]!, down[node]!, 0);
          return;
        }
        // The root has the sum when its own and its children's are there.
        const below = [...parent.keys()].filter((child) => parent[child] === root);
        builder.flows.after(copied[node]!, reduced[node]!, 0);
        for (const child of below) {
          builder.flows.after(copied[node]!, up[child]!, 0);
          builder.flows.after(down[child]!, reduced[node]!, 0);
        }
      });
    }
  }
  const edges = nodes - 1;
  const perHalf = 2 * ranks + 2 * edges;
  const cargo = (flow: number, chunk: number): Cargo => {
    const half = Math.floor(flow / perHalf);
    const within = flow % perHalf;
    return { first: half * shape.chunks + chunk, count: 1, reduces: within < ranks + edges };
  };
  return { schedule: builder.build(), parts: trees.length * g * shape.chunks, cargo };
}
