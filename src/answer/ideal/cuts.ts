import { type Partition, partitionsOf } from "./partitions.js";
import type { Extremes } from "./reach.js";
import { type PlanView, switchAt } from "./view.js";

export type CutLevel = "gpu" | "node" | "leaf" | "pod" | "site" | "cut";

/** Links of one direction between a group of ranks and the rest. */
export interface Boundary {
  /**
   * Links by link class, flat: `[group * classCount + class]`. Counts keep sums of many equal
   * capacities exact.
   */
  readonly links: Uint32Array;
  /** By group: least time before a packet's transmission over the boundary, and after its end. */
  readonly headPs: Float64Array;
  readonly tailPs: Float64Array;
}

/** A partition of ranks and switches into groups. Switches without ranks belong to no group. */
export interface Cut {
  readonly level: CutLevel;
  readonly groupCount: number;
  readonly groupOfRank: Int32Array;
  readonly egress: Boundary;
  readonly ingress: Boundary;
}

/**
 * Partitions of the fabric, from the finest: single GPUs; GPUs that are joined by scale-up links
 * (nodes); those joined by their leaves as well; those joined by the links of level `fabric` as
 * well, where there are links beyond (pods). Partitions that equal the one before, or have a single
 * group, are left out. On listed fabrics, those of partitions.ts follow (level `cut`).
 */
export function cutsOf(view: PlanView, extremes: Extremes): readonly Cut[] {
  const { fabric } = view;
  const { rankCount, linkClasses, portClass, peerPort, nics } = fabric;
  const isNicLink = (port: number) => view.nicOfPort[port]! >= 0 || view.nicOfPort[peerPort[port]!]! >= 0;
  const levelOf = (port: number) => linkClasses[portClass[port]!]!.level;
  const isScaleUp = (port: number) => {
    const nic = Math.max(view.nicOfPort[port]!, view.nicOfPort[peerPort[port]!]!);
    return levelOf(port) === "scaleUp" || (nic >= 0 && nics.isScaleUp[nic] === 1);
  };
  const joins: readonly [CutLevel, (port: number) => boolean][] = [
    ["gpu", () => false],
    ["node", isScaleUp],
    ["leaf", isNicLink],
    ["pod", (port) => levelOf(port) === "fabric"],
    ["site", (port) => levelOf(port) === "core" || levelOf(port) === "border"],
  ];

  const parent = Int32Array.from({ length: rankCount + fabric.switches.length }, (_, i) => i);
  const cuts: Cut[] = [];
  for (const [level, joined] of joins) {
    let isCoarser = level === "gpu";
    for (let port = 0; port < peerPort.length; port++) {
      if (!joined(port)) continue;
      const here = root(parent, memberAt(view, port));
      const there = root(parent, memberAt(view, peerPort[port]!));
      isCoarser ||= here !== there;
      parent[here] = there;
    }
    const grouping = numbered(parent, rankCount);
    // A group may keep its ranks and still gain a switch: its boundary is another then.
    if (grouping.groupCount >= 2 && isCoarser) cuts.push(cutOf(view, extremes, level, grouping));
  }
  for (const partition of partitionsOf(view)) {
    const grouping = numbered(membersIn(view, partition), rankCount);
    if (grouping.groupCount >= 2) cuts.push(cutOf(view, extremes, "cut", grouping));
  }
  return cuts;
}

/** A cut as far as the groups go that have some of these ranks. */
export function cutBetween({ level, groupCount, groupOfRank, egress, ingress }: Cut, members: readonly number[]): Cut {
  const isKept = new Uint8Array(groupCount);
  for (const rank of members) isKept[groupOfRank[rank]!] = 1;
  const kept = Array.from(isKept.keys()).filter((group) => isKept[group] === 1);
  const only = ({ links, headPs, tailPs }: Boundary): Boundary => {
    const classCount = links.length / groupCount;
    return {
      links: Uint32Array.from(
        kept.flatMap((group) => Array.from(links.subarray(group * classCount, (group + 1) * classCount))),
      ),
      headPs: Float64Array.from(kept, (group) => headPs[group]!),
      tailPs: Float64Array.from(kept, (group) => tailPs[group]!),
    };
  };
  const numberOf = new Map(kept.map((group, number) => [group, number]));
  const ofMember = Int32Array.from(members, (rank) => numberOf.get(groupOfRank[rank]!)!);
  return { level, groupCount: kept.length, groupOfRank: ofMember, egress: only(egress), ingress: only(ingress) };
}

/** Number of the rank or switch at a port: ranks come first, then switches. */
export function memberAt(view: PlanView, port: number): number {
  const nic = view.nicOfPort[port]!;
  return nic >= 0 ? view.fabric.nics.rank[nic]! : view.fabric.rankCount + switchAt(view, port);
}

/**
 * Groups of switches with the ranks on them, as a forest: each member points to the first of its
 * group.
 */
function membersIn(view: PlanView, partition: Partition): Int32Array {
  const { rankCount, nics, peerPort, switches } = view.fabric;
  const first = new Map<number, number>();
  const parent = Int32Array.from({ length: rankCount + switches.length }, (_, i) => i);
  partition.forEach((group, sw) => {
    if (!first.has(group)) first.set(group, rankCount + sw);
    parent[rankCount + sw] = first.get(group)!;
  });
  for (let nic = 0; nic < nics.count; nic++) {
    const sw = switchAt(view, peerPort[nics.port[nic]!]!);
    if (sw >= 0) parent[nics.rank[nic]!] = first.get(partition[sw]!)!;
  }
  return parent;
}

export interface Grouping {
  /** By member: ranks, then switches. */
  readonly groupOf: Int32Array;
  readonly groupCount: number;
}

function cutOf(view: PlanView, { headPs, tailPs }: Extremes, level: CutLevel, { groupOf, groupCount }: Grouping): Cut {
  const { linkClasses, portClass, peerPort, rankCount } = view.fabric;
  const egress = emptyBoundary(groupCount, linkClasses.length);
  const ingress = emptyBoundary(groupCount, linkClasses.length);
  for (let port = 0; port < peerPort.length; port++) {
    const from = groupOf[memberAt(view, port)]!;
    const to = groupOf[memberAt(view, peerPort[port]!)]!;
    if (from === to) continue;
    const crossing = { linkClass: portClass[port]!, head: headPs(port), tail: tailPs(port) };
    if (from >= 0) add(egress, from, linkClasses.length, crossing);
    if (to >= 0) add(ingress, to, linkClasses.length, crossing);
  }
  return { level, groupCount, groupOfRank: groupOf.slice(0, rankCount), egress, ingress };
}

function emptyBoundary(groupCount: number, classCount: number): Boundary {
  return {
    links: new Uint32Array(groupCount * classCount),
    headPs: new Float64Array(groupCount).fill(Number.POSITIVE_INFINITY),
    tailPs: new Float64Array(groupCount).fill(Number.POSITIVE_INFINITY),
  };
}

function add(
  boundary: Boundary,
  group: number,
  classCount: number,
  { linkClass, head, tail }: { linkClass: number; head: number; tail: number },
): void {
  boundary.links[group * classCount + linkClass]! += 1;
  boundary.headPs[group] = Math.min(boundary.headPs[group]!, head);
  boundary.tailPs[group] = Math.min(boundary.tailPs[group]!, tail);
}

export function root(parent: Int32Array, member: number): number {
  let at = member;
  while (parent[at] !== at) {
    parent[at] = parent[parent[at]!]!;
    at = parent[at]!;
  }
  return at;
}

/**
 * Groups numbered in the order of their lowest rank; -1 for switches that are joined to no rank.
 */
export function numbered(parent: Int32Array, rankCount: number): Grouping {
  const groupOf = new Int32Array(parent.length).fill(-1);
  const groupOfRoot = new Map<number, number>();
  for (let member = 0; member < parent.length; member++) {
    const top = root(parent, member);
    if (member < rankCount && !groupOfRoot.has(top)) groupOfRoot.set(top, groupOfRoot.size);
    groupOf[member] = groupOfRoot.get(top) ?? -1;
  }
  return { groupOf, groupCount: groupOfRoot.size };
}
