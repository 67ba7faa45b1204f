import type { Cluster } from "../../src/build/collective/cluster.js";
import type { CollectiveWorkload } from "../../src/scenario/types/scenario.js";

export function clusterOf(nodes: number, gpusPerNode: number, isRailOptimized = false): Cluster {
  const rest = { isRailOptimized, hasScaleUp: gpusPerNode > 1, nicRateBps: 400e9, hopPs: 4_000_000, mtuBytes: 4096 };
  return { ranks: nodes * gpusPerNode, gpusPerNode, nodes, ...rest };
}

export function allReduce(sizeBytes: number, rest: Partial<CollectiveWorkload> = {}): CollectiveWorkload {
  return {
    kind: "collective",
    collective: "all-reduce",
    algorithm: "ring",
    sizeBytes,
    chunkBytes: null,
    channels: 1,
    reductionDelayPs: 0,
    ...rest,
  };
}
