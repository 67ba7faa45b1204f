import type { Fabric } from "../../plan/fabric.js";
import type { ClosTopology, Scenario } from "../../scenario/types/scenario.js";
import { buildClos } from "./clos.js";
import { closDimensions } from "./dimensions.js";

/**
 * Scalable units of as many nodes as a leaf has host ports, and a leaf for each of their rails:
 * leaf `r` of a unit serves GPU `r` of each of its nodes. The fabric above is the Clos that a fat
 * tree has.
 */
export function buildRailOptimized(scenario: Scenario, topology: ClosTopology): Fabric {
  const { gpus, gpusPerNode: rails } = topology;
  const nodes = gpus / rails;
  const dimensions = closDimensions(topology, scenario.links, {
    leaves: (nodesPerUnit) => rails * Math.ceil(nodes / nodesPerUnit),
    hostsTogether: 1,
    leavesTogether: rails,
  });
  const nodesPerUnit = dimensions.hostsPerLeaf;
  const nodeOf = (rank: number) => Math.floor(rank / rails);
  return buildClos(scenario, topology, dimensions, {
    leafOf: (rank) => Math.floor(nodeOf(rank) / nodesPerUnit) * rails + (rank % rails),
    slotOf: (rank) => nodeOf(rank) % nodesPerUnit,
    hostsOn: (leaf) => Math.min(nodesPerUnit, nodes - Math.floor(leaf / rails) * nodesPerUnit),
    leavesPerBlock: rails,
  });
}
