import type { CollectiveWorkload } from "../../scenario/types/scenario.js";
import type { Cluster } from "./cluster.js";
import { chunksOf, copyFromOwner, reduceToOwner } from "./in-node.js";
import { OperationBuilder } from "./operations.js";
import type { Cargo, Collective } from "./schedule.js";

/**
 * All-reduce in the switches of the fabric (SHARP, streaming aggregation). Where nodes have a
 * scale-up network, GPU `l` of each node owns share `l` of the buffer. It gets the sum over its
 * node from the NVSwitch. It takes part in one operation over the fabric with GPU `l` of all nodes.
 * It sends the result to its node through the NVSwitch: NCCL's NVLS over several nodes. Chunks
 * follow one another. Where nodes have none, all ranks are members of one operation, and each sends
 * and receives the buffer once.
 */
export function sharp(workload: CollectiveWorkload, cluster: Cluster): Collective {
  const { ranks, nodes, gpusPerNode } = cluster;
  const g = cluster.hasScaleUp ? gpusPerNode : 1;
  const over = { ...chunksOf(Math.ceil(workload.sizeBytes / g), workload.chunkBytes), gpusPerNode: g };
  const builder = new OperationBuilder();
  const shares = g === 1 ? 1 : g;
  for (let owner = 0; owner < shares; owner++) {
    const members = Array.from({ length: ranks / g }, (_, node) => node * g + owner);
    const parts = members.map((_, node) => ({ ...over, node, owner }));
    const reduced = g === 1 ? [] : parts.map((part) => reduceToOwner(builder, part));
    const { chunks, chunkBytes } = over;
    const first =
      members.length === 1
        ? undefined
        : builder.add({ ranks: members, chunks, chunkBytes, network: "fabric", choice: owner });
    const copied = g === 1 ? [] : parts.map((part) => copyFromOwner(builder, part));
    reduced.forEach((flow, node) => {
      const between = first === undefined ? flow : first + node;
      if (between !== flow) builder.flows.after(between, flow, 0);
      builder.flows.after(copied[node]!, between, 0);
    });
  }
  const perShare = g === 1 ? ranks : (nodes > 1 ? nodes : 0) + 2 * ranks;
  const cargo = (flow: number, chunk: number): Cargo => {
    const owner = Math.floor(flow / perShare);
    return { first: owner * over.chunks + chunk, count: 1, reduces: g > 1 && flow % perShare < ranks };
  };
  return { schedule: builder.build(), parts: shares * over.chunks, cargo };
}
