/** Where the ranks and switches of a fabric stand: nodes, tiers, units, pods and rails. */
import { memberAt, numbered, root } from "../ideal/cuts.js";
import { type PlanView, switchAt } from "../ideal/view.js";

/** Columns by rank and by switch number. -1 stands for none. */
export interface Places {
  readonly nodeCount: number;
  /** Names of the nodes. */
  readonly nodeNames: readonly string[];
  readonly nodeOfRank: Int32Array;
  /** Place of a rank in its node, from 0. */
  readonly localOfRank: Int32Array;
  /** 0 for switches of a scale-up network, 1 for leaves, 2 and up above them. */
  readonly tierOfSwitch: Int32Array;
  /** A unit is a set of nodes and leaves that access links join. */
  readonly unitCount: number;
  readonly unitOfRank: Int32Array;
  readonly unitOfSwitch: Int32Array;
  /** A pod is what links of level `fabric` join; 1 where there are no links beyond. */
  readonly podCount: number;
  readonly podOfRank: Int32Array;
  readonly podOfSwitch: Int32Array;
  /** The place in the node that all GPUs of a leaf share. All -1 in a fabric without rails. */
  readonly railCount: number;
  readonly railOfSwitch: Int32Array;
  /** Switch of each NIC; -1 where it is linked to another NIC. */
  readonly switchOfNic: Int32Array;
}

const TIER_OF_LEVEL = {
  ...{ nvswitch: 0, leaf: 1, router: 1, aggregation: 2, spine: 2, core: 3, border: 4 },
  switch: -1,
} as const;

export function placesOf(view: PlanView): Places {
  const { nics, rankCount, switches, peerPort } = view.fabric;
  const switchOfNic = Int32Array.from(nics.port, (port) => switchAt(view, peerPort[port]!));
  const nodes = nodesOf(view);
  const isAccess = (port: number) => view.nicOfPort[port]! >= 0 || view.nicOfPort[peerPort[port]!]! >= 0;
  const parent = Int32Array.from({ length: rankCount + switches.length }, (_, i) => i);
  // GPUs of a node belong together, whether or not a scale-up network joins them.
  for (let rank = 1; rank < rankCount; rank++) {
    if (nodes.nodeOfRank[rank] === nodes.nodeOfRank[rank - 1]) parent[root(parent, rank)] = root(parent, rank - 1);
  }
  join(view, parent, isAccess);
  const units = numbered(parent, rankCount);
  join(view, parent, (port) => levelAt(view, port) === "fabric");
  const pods = numbered(parent, rankCount);
  return {
    ...nodes,
    switchOfNic,
    tierOfSwitch: tiersOf(view, switchOfNic),
    unitCount: units.groupCount,
    unitOfRank: units.groupOf.slice(0, rankCount),
    unitOfSwitch: units.groupOf.slice(rankCount),
    podCount: pods.groupCount,
    podOfRank: pods.groupOf.slice(0, rankCount),
    podOfSwitch: pods.groupOf.slice(rankCount),
    ...railsOf(view, nodes.localOfRank, switchOfNic),
  };
}

/** Level of the link at a port. */
export function levelAt({ fabric }: PlanView, port: number): string {
  return fabric.linkClasses[fabric.portClass[port]!]!.level;
}

function join(view: PlanView, parent: Int32Array, joins: (port: number) => boolean): void {
  const { peerPort } = view.fabric;
  for (let port = 0; port < peerPort.length; port++) {
    if (!joins(port)) continue;
    parent[root(parent, memberAt(view, port))] = root(parent, memberAt(view, peerPort[port]!));
  }
}

function nodesOf({ fabric, deviceOfPort }: PlanView) {
  const { nics, rankCount } = fabric;
  const nodeOfRank = new Int32Array(rankCount).fill(-1);
  const localOfRank = new Int32Array(rankCount);
  const numberOfDevice = new Map<number, number>();
  const nodeNames: string[] = [];
  const sizes: number[] = [];
  for (let nic = 0; nic < nics.count; nic++) {
    const rank = nics.rank[nic]!;
    if (nodeOfRank[rank]! >= 0) continue;
    const device = deviceOfPort[nics.port[nic]!]!;
    let node = numberOfDevice.get(device);
    if (node === undefined) {
      node = nodeNames.push(fabric.deviceName(device)) - 1;
      numberOfDevice.set(device, node);
      sizes.push(0);
    }
    nodeOfRank[rank] = node;
    localOfRank[rank] = sizes[node]!;
    sizes[node]! += 1;
  }
  return { nodeCount: nodeNames.length, nodeNames, nodeOfRank, localOfRank };
}

/**
 * Tiers by level; on a listed fabric, where switches have none, by the distance from the nearest
 * GPU.
 */
function tiersOf(view: PlanView, switchOfNic: Int32Array): Int32Array {
  const { switches, firstPort, peerPort } = view.fabric;
  const tiers = Int32Array.from(switches, ({ level }) => TIER_OF_LEVEL[level]);
  const leaves = new Set(switchOfNic);
  const queue = [...tiers.keys()].filter((sw) => tiers[sw] === -1 && leaves.has(sw));
  for (const sw of queue) tiers[sw] = 1;
  // The queue grows while it is walked: breadth first.
  for (const sw of queue) {
    const { device } = switches[sw]!;
    for (let port = firstPort[device]!; port < firstPort[device + 1]!; port++) {
      const peer = switchAt(view, peerPort[port]!);
      if (peer < 0 || tiers[peer] !== -1) continue;
      tiers[peer] = tiers[sw]! + 1;
      queue.push(peer);
    }
  }
  return tiers.map((tier) => Math.max(tier, 0));
}

function railsOf({ fabric }: PlanView, localOfRank: Int32Array, switchOfNic: Int32Array) {
  const { nics, switches } = fabric;
  const MIXED = -2;
  const railOfSwitch = new Int32Array(switches.length).fill(-1);
  for (let nic = 0; nic < nics.count; nic++) {
    const sw = switchOfNic[nic]!;
    if (sw < 0 || nics.isScaleUp[nic] === 1) continue;
    const local = localOfRank[nics.rank[nic]!]!;
    if (railOfSwitch[sw] === -1) railOfSwitch[sw] = local;
    else if (railOfSwitch[sw] !== local) railOfSwitch[sw] = MIXED;
  }
  const rails = new Set(railOfSwitch.filter((rail) => rail >= 0));
  const hasRails = rails.size > 1 && !railOfSwitch.includes(MIXED);
  return { railCount: hasRails ? rails.size : 0, railOfSwitch: hasRails ? railOfSwitch : railOfSwitch.fill(-1) };
}
