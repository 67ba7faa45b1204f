/** The devices of a fabric in as few groups as a person can look at. */
import { type PlanView, switchAt } from "../../ideal/view.js";
import type { Places } from "../places.js";

/** Devices of one tier that are drawn as one: a single one, those of a unit or pod, or many. */
export interface Group {
  readonly tier: number;
  readonly name: string;
  /** Nodes in tier 0, switches above. */
  readonly members: readonly number[];
  /** Stands for several groups that would take too much room one by one. */
  readonly isRest: boolean;
}

/** Links between two groups, or inside of one. */
export interface Bundle {
  readonly a: number;
  readonly b: number;
  readonly count: number;
  /** Bit/s of the slowest and the fastest direction. */
  readonly leastBps: number;
  readonly mostBps: number;
  readonly level: string;
}

export interface GroupedFabric {
  readonly tierCount: number;
  readonly groups: readonly Group[];
  readonly bundles: readonly Bundle[];
  /** Every device is a group of its own. */
  readonly isDetailed: boolean;
}

/** Groups of one tier. */
const MAX_IN_A_ROW = 16;
/** Of a longer row: this number from the first on, then the rest as one, then the last. */
const FIRST_SHOWN = 4;

type Naming = { readonly key: (member: number, tier: number) => number; readonly name: (key: number) => string };

/**
 * Groups devices by the finest of device, unit and pod that leaves at most 16 groups in each tier
 * of nodes and leaves. Of more pods than that, most are drawn as one; so are all switches of a
 * higher tier that belong to no pod.
 */
export function groupFabric(view: PlanView, places: Places): GroupedFabric {
  const tiers = membersByTier(view, places);
  const naming = [byDevice(view, places), byUnit(places), byPod(places)];
  const countIn = (tier: number, by: Naming) => new Set(tiers[tier]!.map((member) => by.key(member, tier))).size;
  const low = Math.max(
    0,
    naming.findIndex((by) => [0, 1].every((tier) => countIn(tier, by) <= MAX_IN_A_ROW)),
  );
  const fits = naming.some((by) => [0, 1].every((tier) => countIn(tier, by) <= MAX_IN_A_ROW));
  const lowest = fits ? naming[low]! : naming[places.podCount > 1 ? 2 : 1]!;
  const groups: Group[] = [];
  let isDetailed = lowest === naming[0];
  tiers.forEach((members, tier) => {
    let by = lowest;
    // Pods and units say nothing of the tiers that join them.
    if (tier > 1 && lowest !== naming[0]) by = members.every((sw) => hasPod(places, sw)) ? naming[2]! : naming[0]!;
    const row = rowOf(members, tier, by, tier > 1 && by === naming[0]);
    isDetailed &&= row.every((group) => group.members.length === 1);
    groups.push(...row);
  });
  const groupOf = { nodes: new Map<number, number>(), switches: new Map<number, number>() };
  groups.forEach(({ tier, members }, number) => {
    for (const member of members) groupOf[tier === 0 ? "nodes" : "switches"].set(member, number);
  });
  return { tierCount: tiers.length, groups, bundles: bundlesOf(view, places, groupOf), isDetailed };
}

function hasPod(places: Places, sw: number): boolean {
  return places.podCount > 1 && places.podOfSwitch[sw]! >= 0;
}

/** Nodes, then switches by tier; the switches of scale-up networks are inside of the nodes. */
function membersByTier({ fabric }: PlanView, places: Places): number[][] {
  const tiers: number[][] = [Array.from({ length: places.nodeCount }, (_, node) => node)];
  fabric.switches.forEach((_, sw) => {
    const tier = places.tierOfSwitch[sw]!;
    if (tier === 0) return;
    while (tiers.length <= tier) tiers.push([]);
    tiers[tier]!.push(sw);
  });
  return tiers.filter((members) => members.length > 0);
}

function byDevice({ fabric }: PlanView, { nodeNames, nodeCount }: Places): Naming {
  // Nodes and switches in one range of numbers.
  return {
    key: (member, tier) => (tier === 0 ? member : nodeCount + member),
    name: (key) => (key < nodeCount ? nodeNames[key]! : fabric.switches[key - nodeCount]!.name),
  };
}

function byUnit(places: Places): Naming {
  const ofNode = firstRanks(places);
  return {
    key: (member, tier) => (tier === 0 ? places.unitOfRank[ofNode[member]!]! : places.unitOfSwitch[member]!),
    name: (key) => (key < 0 ? "without GPUs" : `unit ${key}`),
  };
}

function byPod(places: Places): Naming {
  const ofNode = firstRanks(places);
  return {
    key: (member, tier) => (tier === 0 ? places.podOfRank[ofNode[member]!]! : places.podOfSwitch[member]!),
    name: (key) => (key < 0 ? "all pods" : `pod ${key}`),
  };
}

function firstRanks({ nodeCount, nodeOfRank }: Places): Int32Array {
  const first = new Int32Array(nodeCount).fill(-1);
  nodeOfRank.forEach((node, rank) => {
    if (first[node] === -1) first[node] = rank;
  });
  return first;
}

function rowOf(members: readonly number[], tier: number, by: Naming, isWhole: boolean): Group[] {
  const byKey = new Map<number, number[]>();
  for (const member of members) {
    const key = by.key(member, tier);
    const list = byKey.get(key);
    if (list === undefined) byKey.set(key, [member]);
    else list.push(member);
  }
  const all = [...byKey].map(([key, list]) => ({ tier, name: by.name(key), members: list, isRest: false }));
  if (all.length <= MAX_IN_A_ROW) return all;
  // What joins all units or pods has no columns of its own.
  if (isWhole) return [{ tier, name: "", members, isRest: false }];
  const rest = all.slice(FIRST_SHOWN, -1);
  const name = `${rest[0]!.name} … ${rest.at(-1)!.name}`;
  const joined = { tier, name, members: rest.flatMap((group) => group.members), isRest: true };
  return [...all.slice(0, FIRST_SHOWN), joined, all.at(-1)!];
}

function bundlesOf(
  view: PlanView,
  places: Places,
  groupOf: { readonly nodes: ReadonlyMap<number, number>; readonly switches: ReadonlyMap<number, number> },
): Bundle[] {
  const { peerPort, linkClasses, portClass, nics } = view.fabric;
  const groupAt = (port: number) => {
    const nic = view.nicOfPort[port]!;
    return nic >= 0
      ? groupOf.nodes.get(places.nodeOfRank[nics.rank[nic]!]!)
      : groupOf.switches.get(switchAt(view, port));
  };
  const bundles = new Map<string, Bundle>();
  for (let port = 0; port < peerPort.length; port++) {
    const peer = peerPort[port]!;
    if (peer < port) continue;
    const ends = [groupAt(port), groupAt(peer)];
    if (ends[0] === undefined || ends[1] === undefined) continue;
    const [a, b] = (ends as number[]).sort((x, y) => x - y) as [number, number];
    const { level } = linkClasses[portClass[port]!]!;
    const rates = [port, peer].map((end) => linkClasses[portClass[end]!]!.rateBps);
    const key = `${a} ${b} ${level}`;
    const old = bundles.get(key);
    bundles.set(key, {
      a,
      b,
      level,
      count: (old?.count ?? 0) + 1,
      leastBps: Math.min(old?.leastBps ?? Number.POSITIVE_INFINITY, ...rates),
      mostBps: Math.max(old?.mostBps ?? 0, ...rates),
    });
  }
  return [...bundles.values()];
}
