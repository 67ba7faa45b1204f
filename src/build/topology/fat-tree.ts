import type { Fabric } from "../../plan/fabric.js";
import type { ClosTopology, Scenario } from "../../scenario/types/scenario.js";
import { buildClos } from "./clos.js";
import { closDimensions } from "./dimensions.js";

/**
 * A folded Clos of 2 or 3 tiers, its leaves filled in rank order: a node's GPUs share a leaf where
 * whole nodes fit.
 */
export function buildFatTree(scenario: Scenario, topology: ClosTopology): Fabric {
  const { gpus, gpusPerNode } = topology;
  const dimensions = closDimensions(topology, scenario.links, {
    leaves: (hostsPerLeaf) => Math.ceil(gpus / hostsPerLeaf),
    hostsTogether: gpusPerNode,
    leavesTogether: 1,
  });
  const { hostsPerLeaf } = dimensions;
  return buildClos(scenario, topology, dimensions, {
    leafOf: (rank) => Math.floor(rank / hostsPerLeaf),
    slotOf: (rank) => rank % hostsPerLeaf,
    hostsOn: (leaf) => Math.min(hostsPerLeaf, gpus - leaf * hostsPerLeaf),
    leavesPerBlock: 1,
  });
}
