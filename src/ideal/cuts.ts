import type { Extremes } from "./reach.js";
import { type PlanView, switchAt } from "./view.js";

export type CutLevel = "gpu" | "node" | "leaf" | "pod";

/** Links of one direction between a group of ranks and the rest. */
export interface Boundary {
  /** Links by link class, flat: `[group * classCount + class]`. Counts keep sums of many equal capacities exact. */
  readonly links: Uint32Array;
  /** By group: least time before a packet's transmission over the boundary, and after its end. */
  readonly headPs: Float64Array;
  readonly tailPs: Float64Array;
}

/** A partition of ranks and switches into groups that are connected inside. Switches without ranks belong to no group. */
export interface Cut {
  readonly level: CutLevel;
  readonly groupCount: number;
  readonly groupOfRank: Int32Array;
  readonly egress: Boundary;
  readonly ingress: Boundary;
}

/**
 * Partitions of the fabric, from the finest: single GPUs; GPUs that are joined by scale-up links (nodes); those joined by their
 * leaves as well; those joined by the links of level `fabric` as well, where there are links beyond (pods). Partitions that
 * equal the one before, or have a single group, are left out.
 */
export function cutsOf(view: PlanView, { headPs, tailPs }: Extremes): readonly Cut[] {
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
  ];

  // Ranks first, then switches.
  const parent = Int32Array.from({ length: rankCount + fabric.switches.length }, (_, i) => i);
  const memberAt = (port: number) => {
    const nic = view.nicOfPort[port]!;
    return nic >= 0 ? nics.rank[nic]! : rankCount + switchAt(view, port);
  };
  const cuts: Cut[] = [];
  for (const [level, joined] of joins) {
    let isCoarser = level === "gpu";
    for (let port = 0; port < peerPort.length; port++) {
      if (!joined(port)) continue;
      const here = root(parent, memberAt(port));
      const there = root(parent, memberAt(peerPort[port]!));
      isCoarser ||= here !== there;
      parent[here] = there;
    }
    const { groupOf, groupCount } = numbered(parent, rankCount);
    // A group may keep its ranks and still gain a switch: its boundary is another then.
    if (groupCount < 2 || !isCoarser) continue;
    const egress = emptyBoundary(groupCount, linkClasses.length);
    const ingress = emptyBoundary(groupCount, linkClasses.length);
    for (let port = 0; port < peerPort.length; port++) {
      const from = groupOf[memberAt(port)]!;
      const to = groupOf[memberAt(peerPort[port]!)]!;
      if (from === to) continue;
      const crossing = { linkClass: portClass[port]!, head: headPs(port), tail: tailPs(port) };
      if (from >= 0) add(egress, from, linkClasses.length, crossing);
      if (to >= 0) add(ingress, to, linkClasses.length, crossing);
    }
    cuts.push({ level, groupCount, groupOfRank: groupOf.slice(0, rankCount), egress, ingress });
  }
  return cuts;
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

function root(parent: Int32Array, member: number): number {
  let at = member;
  while (parent[at] !== at) {
    parent[at] = parent[parent[at]!]!;
    at = parent[at]!;
  }
  return at;
}

/** Groups numbered in the order of their lowest rank; -1 for switches that are joined to no rank. */
function numbered(parent: Int32Array, rankCount: number): { groupOf: Int32Array; groupCount: number } {
  const groupOf = new Int32Array(parent.length).fill(-1);
  const groupOfRoot = new Map<number, number>();
  for (let member = 0; member < parent.length; member++) {
    const top = root(parent, member);
    if (member < rankCount && !groupOfRoot.has(top)) groupOfRoot.set(top, groupOfRoot.size);
    groupOf[member] = groupOfRoot.get(top) ?? -1;
  }
  return { groupOf, groupCount: groupOfRoot.size };
}
