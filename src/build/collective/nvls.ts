import type { CollectiveWorkload } from "../../scenario/types/scenario.js";
import type { Cluster } from "./cluster.js";
import { chunksOf, copyFromOwner, reduceToOwner } from "./in-node.js";
import { OperationBuilder } from "./operations.js";
import type { Cargo, Collective } from "./schedule.js";

/**
 * NCCL's NVLS within a node: each GPU owns a share of the buffer. All-reduce: the owner gets the
 * sum of its share from the NVSwitch, and sends it to all, chunk by chunk. Reduce-scatter is the
 * first half of that, all-gather the second. Of an all-reduce of `S` bytes over `N` GPUs each GPU
 * sends and receives `S (1 + 1/N)`.
 */
export function nvls(workload: CollectiveWorkload, { ranks }: Cluster): Collective {
  const { collective } = workload;
  const shape = chunksOf(Math.ceil(workload.sizeBytes / ranks), workload.chunkBytes);
  const builder = new OperationBuilder(2 * ranks * ranks);
  for (let owner = 0; owner < ranks; owner++) {
    const part = { node: 0, gpusPerNode: ranks, owner, ...shape };
    const reduced = collective === "all-gather" ? undefined : reduceToOwner(builder, part);
    const copied = collective === "reduce-scatter" ? undefined : copyFromOwner(builder, part);
    if (reduced !== undefined && copied !== undefined) builder.flows.after(copied, reduced, 0);
  }
  // Blocks are numbered round by round, as the other algorithms have them.
  const phases = collective === "all-reduce" ? 2 : 1;
  const cargo = (flow: number, chunk: number): Cargo => {
    const owner = Math.floor(flow / (phases * ranks));
    const reduces = collective !== "all-gather" && flow % (phases * ranks) < ranks;
    return { first: chunk * ranks + owner, count: 1, reduces };
  };
  return { schedule: builder.build(), parts: ranks * shape.chunks, cargo };
}
