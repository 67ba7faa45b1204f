import type { Cluster } from "../../src/build/collective/cluster.js";
import type { SizeMatrix } from "../../src/plan/crossings.js";
import type { CollectiveWorkload } from "../../src/scenario/types/scenario.js";

export function clusterOf(nodes: number, gpusPerNode: number, isRailOptimized = false): Cluster {
  const rest = {
    isRailOptimized,
    hasScaleUp: gpusPerNode > 1,
    nicRateBps: 400e9,
    scaleUpRateBps: 3600e9,
    hopPs: 4_000_000,
    mtuBytes: 4096,
  };
  return { ranks: nodes * gpusPerNode, gpusPerNode, nodes, ...rest };
}

export function allReduce(
  sizeBytes: number,
  rest: Partial<Omit<CollectiveWorkload, "sizes">> & { readonly sizes?: SizeMatrix } = {},
): CollectiveWorkload {
  return {
    kind: "collective",
    collective: "all-reduce",
    algorithm: "ring",
    sizeBytes,
    root: 0,
    repeat: 1,
    chunkBytes: null,
    channels: 1,
    reductionDelayPs: 0,
    ...rest,
  };
}
