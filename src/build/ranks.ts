import type { Fabric } from "../plan/fabric.js";
import type { Topology } from "../scenario/types/scenario.js";

/**
 * Ranks and where they are: rank = node * gpusPerNode + local. A host of a custom fabric is a node
 * of one.
 */
export interface RankLayout {
  readonly ranks: number;
  readonly gpusPerNode: number;
  readonly nodes: number;
  /** NIC that a message from one rank to another leaves by, and the one that it comes in by. */
  readonly sendingNic: (from: number, to: number) => number;
  readonly receivingNic: (from: number, to: number) => number;
  /** Its NIC to the fabric, and that to the scale-up network of its node. */
  readonly fabricNic: (rank: number) => number;
  readonly scaleUpNic: (rank: number) => number;
}

/** Traffic inside a node takes the scale-up network where there is one. */
export function rankLayout(topology: Topology, { nics, rankCount }: Fabric): RankLayout {
  const gpusPerNode = topology.kind === "custom" ? 1 : topology.gpusPerNode;
  const fabricNic = new Uint32Array(rankCount);
  const scaleUpNic = new Int32Array(rankCount).fill(-1);
  for (let nic = 0; nic < nics.count; nic++) {
    if (nics.isScaleUp[nic] === 1) scaleUpNic[nics.rank[nic]!] = nic;
    else fabricNic[nics.rank[nic]!] = nic;
  }
  const nodeOf = (rank: number) => Math.floor(rank / gpusPerNode);
  const nicOf = (rank: number, peer: number) =>
    nodeOf(rank) === nodeOf(peer) && scaleUpNic[rank]! >= 0 ? scaleUpNic[rank]! : fabricNic[rank]!;
  return {
    ranks: rankCount,
    gpusPerNode,
    nodes: rankCount / gpusPerNode,
    sendingNic: nicOf,
    receivingNic: (from, to) => nicOf(to, from),
    fabricNic: (rank) => fabricNic[rank]!,
    scaleUpNic: (rank) => scaleUpNic[rank]!,
  };
}
