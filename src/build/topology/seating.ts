/** Seatings of the Clos kinds. A kind is a row: how its GPUs are spread over leaves. */
import type { ClosTopology, Links } from "../../scenario/types/scenario.js";
import { portsPerGpu } from "../../scenario/types/topology-facts.js";
import type { ClosShape, Seat } from "./clos.js";
import { closDimensions } from "./dimensions.js";

export type ClosKind = ClosTopology["kind"];

/**
 * Leaves in pairs where NICs are dual-homed: port `i` of a NIC hangs on leaf `i` of its pair. With
 * planes a port hangs on the same leaf of each plane.
 */
interface Homes {
  /** Leaves of one fabric that a NIC has ports to. */
  readonly leaves: number;
  readonly planes: number;
}

function homesOf(topology: ClosTopology): Homes {
  const planes = topology.planes ?? 1;
  return { leaves: portsPerGpu(topology) / planes, planes };
}

/** Where port `port` hangs, of a NIC whose first port hangs on `group` of leaves. */
function seatAt({ leaves, planes }: Homes, port: number, group: number, slot: number): Seat {
  const plane = leaves > 1 ? 0 : port % planes;
  return { fabric: plane, leaf: group * leaves + (leaves > 1 ? port : 0), slot };
}

function planeNames({ planes }: Homes): { prefixOf?: (fabric: number) => string } {
  return planes > 1 ? { prefixOf: (fabric) => `plane-${fabric}-` } : {};
}

export const CLOS_SHAPES: { readonly [Kind in ClosKind]: (topology: ClosTopology, links: Links) => ClosShape } = {
  "leaf-spine": (topology, links) => nodeByNode({ ...topology, tiers: 2 }, links),
  "fat-tree": nodeByNode,
  "rail-optimized": railOptimized,
  "rail-only": railOnly,
};

/** Leaves filled in rank order: a node's GPUs share a leaf where whole nodes fit. */
function nodeByNode(topology: ClosTopology, links: Links): ClosShape {
  const { gpus, gpusPerNode } = topology;
  const homes = homesOf(topology);
  const dimensions = closDimensions(topology, links, {
    leaves: (hostsPerLeaf) => homes.leaves * Math.ceil(gpus / hostsPerLeaf),
    hostsTogether: gpusPerNode,
    leavesTogether: homes.leaves,
  });
  const { hostsPerLeaf } = dimensions;
  return {
    dimensions,
    seating: {
      fabrics: homes.planes,
      seatOf: (rank, port) => seatAt(homes, port, Math.floor(rank / hostsPerLeaf), rank % hostsPerLeaf),
      hostsOn: (leaf) => Math.min(hostsPerLeaf, gpus - Math.floor(leaf / homes.leaves) * hostsPerLeaf),
      leavesPerBlock: homes.leaves,
      ...planeNames(homes),
    },
  };
}

/**
 * Scalable units of as many nodes as a leaf has host ports, and a leaf for each of their rails:
 * leaf `r` of a unit serves GPU `r` of each of its nodes. The fabric above is the Clos that a fat
 * tree has.
 */
function railOptimized(topology: ClosTopology, links: Links): ClosShape {
  const { gpus, gpusPerNode: rails } = topology;
  const nodes = gpus / rails;
  const homes = homesOf(topology);
  const leavesPerUnit = rails * homes.leaves;
  const dimensions = closDimensions(topology, links, {
    leaves: (nodesPerUnit) => leavesPerUnit * Math.ceil(nodes / nodesPerUnit),
    hostsTogether: 1,
    leavesTogether: leavesPerUnit,
  });
  const nodesPerUnit = dimensions.hostsPerLeaf;
  return {
    dimensions,
    seating: {
      fabrics: homes.planes,
      seatOf: (rank, port) => {
        const node = Math.floor(rank / rails);
        const group = Math.floor(node / nodesPerUnit) * rails + (rank % rails);
        return seatAt(homes, port, group, node % nodesPerUnit);
      },
      hostsOn: (leaf) => Math.min(nodesPerUnit, nodes - Math.floor(leaf / leavesPerUnit) * nodesPerUnit),
      leavesPerBlock: leavesPerUnit,
      ...planeNames(homes),
    },
  };
}

/** Each rail is a fabric of its own, with a host for each node. */
function railOnly(topology: ClosTopology, links: Links): ClosShape {
  const { gpus, gpusPerNode: rails } = topology;
  const nodes = gpus / rails;
  const homes = homesOf(topology);
  const dimensions = closDimensions(topology, links, {
    leaves: (hostsPerLeaf) => homes.leaves * Math.ceil(nodes / hostsPerLeaf),
    hostsTogether: 1,
    leavesTogether: homes.leaves,
  });
  const { hostsPerLeaf } = dimensions;
  const planeOf = planeNames(homes).prefixOf ?? (() => "");
  return {
    dimensions,
    seating: {
      fabrics: rails * homes.planes,
      seatOf: (rank, port) => {
        const node = Math.floor(rank / rails);
        const seat = seatAt(homes, port, Math.floor(node / hostsPerLeaf), node % hostsPerLeaf);
        return { ...seat, fabric: (rank % rails) * homes.planes + seat.fabric };
      },
      hostsOn: (leaf) => Math.min(hostsPerLeaf, nodes - Math.floor(leaf / homes.leaves) * hostsPerLeaf),
      leavesPerBlock: homes.leaves,
      prefixOf: (fabric) => `rail-${Math.floor(fabric / homes.planes)}-${planeOf(fabric % homes.planes)}`,
    },
  };
}
