import type { Scenario } from "../../scenario/types/scenario.js";

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
  /**
   * About what a message takes from one node to another beyond its serialization; for choosing
   * chunk sizes only.
   */
  readonly hopPs: number;
  readonly mtuBytes: number;
}

export function clusterOf(scenario: Scenario): Cluster {
  const { topology, transport, links } = scenario;
  const isCustom = topology.kind === "custom";
  const ranks = isCustom ? topology.hosts.length : topology.gpus;
  const gpusPerNode = isCustom ? 1 : topology.gpusPerNode;
  return {
    ranks,
    gpusPerNode,
    nodes: ranks / gpusPerNode,
    isRailOptimized: topology.kind === "rail-optimized",
    hasScaleUp: !isCustom && topology.scaleUp && gpusPerNode > 1,
    nicRateBps: links.access.rateBps,
    hopPs: typicalHopPs(scenario),
    mtuBytes: transport.mtuBytes,
  };
}

/** Over all tiers and back down. A custom fabric counts as two tiers. */
function typicalHopPs({ topology, links, switch: { latencyPs }, nic }: Scenario): number {
  const tiers = topology.kind === "custom" ? 2 : topology.tiers;
  const levels = [links.access, links.fabric, links.core].slice(0, tiers);
  const mediumPs = levels.reduce((sum, { propagationPs, fecPs }) => sum + propagationPs + fecPs, 0);
  return 2 * nic.latencyPs + (2 * tiers - 1) * latencyPs + 2 * mediumPs;
}
