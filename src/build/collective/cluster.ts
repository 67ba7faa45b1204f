import { gpusPerNodeOf } from "../../scenario/types/placement.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { topologyFacts } from "../../scenario/types/topology-facts.js";

/** What a collective must know of the cluster: rank = node * gpusPerNode + local. */
export interface Cluster {
  readonly ranks: number;
  readonly gpusPerNode: number;
  readonly nodes: number;
  /** GPU i of every node hangs on the leaves of rail i. */
  readonly isRailOptimized: boolean;
  /** GPUs of a node share an NVSwitch. */
  readonly hasScaleUp: boolean;
  /** Of a rank's fabric NIC. */
  readonly nicRateBps: number;
  /** Of a rank's NIC inside its node, where there is a scale-up network. */
  readonly scaleUpRateBps: number;
  /**
   * About what a message takes from one node to another beyond its serialization; for choosing
   * chunk sizes only.
   */
  readonly hopPs: number;
  readonly mtuBytes: number;
}

/** Ranks of the fabric that a collective is over, by rank of the collective. */
export interface Members {
  readonly ranks: readonly number[];
  /**
   * How rings go around: in the order of the ranks; along the rails where these are whole nodes; or
   * along the rails wherever nodes have ranks on the same ones.
   */
  readonly ring: "written" | "whole-nodes" | "rails";
}

/** The cluster as a collective over all ranks sees it, or over some of them. */
export function clusterOf(scenario: Scenario, members?: Members): Cluster {
  const { topology, transport, links } = scenario;
  const facts = topologyFacts(topology);
  const ranks = members?.ranks.length ?? facts.ranks;
  const nodeSize = facts.gpusPerNode;
  const gpusPerNode = members === undefined ? nodeSize : gpusPerNodeOf(members.ranks, nodeSize);
  return {
    ranks,
    gpusPerNode,
    nodes: ranks / gpusPerNode,
    isRailOptimized: facts.hasRails && (members === undefined || isAlongRails(members, nodeSize, gpusPerNode)),
    hasScaleUp: facts.hasScaleUp && gpusPerNode > 1,
    nicRateBps: facts.portsPerGpu * links.access.rateBps,
    scaleUpRateBps: links.scaleUp.rateBps,
    hopPs: typicalHopPs(scenario),
    mtuBytes: transport.mtuBytes,
  };
}

/** Whether the GPUs of each node, in order, are on the same rails. */
function isAlongRails({ ranks, ring }: Members, nodeSize: number, gpusPerNode: number): boolean {
  if (ring === "written") return false;
  if (ring === "rails") return ranks.every((rank, i) => rank % nodeSize === ranks[i % gpusPerNode]! % nodeSize);
  return ranks.length % nodeSize === 0 && ranks.every((rank, i) => rank % nodeSize === i % nodeSize);
}

/** Over all tiers and back down. A custom fabric counts as two tiers. */
function typicalHopPs({ topology, links, switch: { latencyPs }, nic }: Scenario): number {
  const { tiers } = topologyFacts(topology);
  const levels = [links.access, links.fabric, links.core].slice(0, tiers);
  const mediumPs = levels.reduce((sum, { propagationPs, fecPs }) => sum + propagationPs + fecPs, 0);
  return 2 * nic.latencyPs + (2 * tiers - 1) * latencyPs + 2 * mediumPs;
}
