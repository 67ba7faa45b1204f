/** Fabrics as fat trees of htsim (`.topo`). */
import { type PlanView, switchAt, viewPlan } from "../../answer/ideal/view.js";
import { type Places, placesOf } from "../../answer/topology/places.js";
import type { LinkClass } from "../../plan/fabric.js";
import type { RunPlan } from "../../plan/plan.js";
import { PlanError } from "../../plan/plan-error.js";

/**
 * The scale-out fabric, where it is a fat tree as htsim builds them: full leaves in the order of
 * ranks, and equal links within each level.
 * @throws PlanError where it is not
 */
export function* writeHtsimTopo(plan: RunPlan): Generator<string> {
  const view = viewPlan(plan);
  const places = placesOf(view);
  const tiers = switchesByTier(places);
  if (tiers.length < 2 || tiers.length > 3) throw refused(`it has ${tiers.length} tiers of switches`);
  const hostsOfLeaf = checkHosts(view, places, tiers[0]!);
  const up = tiers.map((switches, tier) =>
    same(
      switches.map((sw) => portsTo(view, places, sw, tier + 2)),
      "uplinks",
    ),
  );
  const down = tiers.map((switches, tier) =>
    tier === 0
      ? hostsOfLeaf
      : same(
          switches.map((sw) => portsTo(view, places, sw, tier)),
          "downlinks",
        ),
  );
  const pods = tiers.length === 2 ? 1 : places.podCount;
  checkWiring(view, places, tiers);
  yield `Nodes ${view.fabric.rankCount}\nTiers ${tiers.length}\nPodsize ${view.fabric.rankCount / pods}\n`;
  for (const [tier, switches] of tiers.entries()) {
    const { rateBps, propagationPs, fecPs } = linkBelow(view, places, switches, tier);
    const latencyPs = same(
      switches.map((sw) => view.fabric.switches[sw]!.latencyPs),
      "switch latencies",
    );
    yield `\nTier ${tier}\nDownlink_speed_Gbps ${whole(rateBps / 1e9, "Gb/s")}\nRadix_Down ${down[tier]}\n`;
    if (tier < tiers.length - 1) yield `Radix_Up ${up[tier]}\n`;
    if (tier > 0) yield `Bundle ${width(view, places, tiers, tier)}\n`;
    yield `Downlink_Latency_ns ${whole((propagationPs + fecPs) / 1000, "ns")}\n`;
    yield `Switch_Latency_ns ${whole(latencyPs / 1000, "ns")}\n`;
  }
}

function refused(why: string): PlanError {
  return new PlanError(`htsim's .topo cannot say this fabric: ${why}; write it as .graphml or .json`, [["topology"]]);
}

function switchesByTier({ tierOfSwitch }: Places): number[][] {
  const tiers: number[][] = [];
  tierOfSwitch.forEach((tier, sw) => {
    if (tier === 0) return;
    while (tiers.length < tier) tiers.push([]);
    tiers[tier - 1]!.push(sw);
  });
  return tiers;
}

function same(values: readonly number[], what: string): number {
  const [first = 0] = values;
  if (values.some((value) => value !== first)) throw refused(`${what} differ within a tier`);
  return first;
}

function whole(value: number, unit: string): number {
  if (!Number.isInteger(value)) throw refused(`${value} ${unit} is no whole number`);
  return value;
}

/** Peers of the ports of a switch that are switches of a tier (from 1). */
function peersIn({ fabric, ...view }: PlanView, places: Places, sw: number, tier: number): number[] {
  const { device } = fabric.switches[sw]!;
  const peers: number[] = [];
  for (let port = fabric.firstPort[device]!; port < fabric.firstPort[device + 1]!; port++) {
    const peer = switchAt({ fabric, ...view }, fabric.peerPort[port]!);
    if (peer >= 0 && places.tierOfSwitch[peer] === tier) peers.push(peer);
  }
  return peers;
}

function portsTo(view: PlanView, places: Places, sw: number, tier: number): number {
  return peersIn(view, places, sw, tier).length;
}

/** @returns hosts of each leaf, which are consecutive ranks */
function checkHosts(
  { fabric: { nics, rankCount } }: PlanView,
  { switchOfNic }: Places,
  leaves: readonly number[],
): number {
  const perLeaf = rankCount / leaves.length;
  if (!Number.isInteger(perLeaf)) throw refused("its leaves are not equally full");
  for (let nic = 0; nic < nics.count; nic++) {
    if (nics.isScaleUp[nic] === 1) continue;
    const expected = leaves[Math.floor(nics.rank[nic]! / perLeaf)];
    if (switchOfNic[nic] !== expected) throw refused("the ranks of a leaf are not consecutive");
  }
  return perLeaf;
}

/** In three tiers: switch i of a pod has the cores i, i + n, …; and bundles are equally wide. */
function checkWiring(view: PlanView, places: Places, tiers: readonly (readonly number[])[]): void {
  for (let tier = 1; tier < tiers.length; tier++) width(view, places, tiers, tier);
  const cores = tiers[2];
  if (cores === undefined) return;
  const perPod = tiers[1]!.length / places.podCount;
  tiers[1]!.forEach((sw, i) => {
    const own = new Set(peersIn(view, places, sw, 3).map((core) => cores.indexOf(core)));
    const expected = cores.map((_, core) => core).filter((core) => core % perPod === i % perPod);
    if (own.size !== expected.length || expected.some((core) => !own.has(core))) {
      throw refused("its cores are wired in another order");
    }
  });
}

/** Links between two switches of neighbouring tiers. */
function width(view: PlanView, places: Places, tiers: readonly (readonly number[])[], tier: number): number {
  const widths: number[] = [];
  for (const sw of tiers[tier]!) {
    const counts = new Map<number, number>();
    for (const peer of peersIn(view, places, sw, tier)) counts.set(peer, (counts.get(peer) ?? 0) + 1);
    widths.push(...counts.values());
  }
  return same(widths, "numbers of parallel links");
}

/** The links below a tier, which are all alike. */
function linkBelow(view: PlanView, places: Places, switches: readonly number[], tier: number): LinkClass {
  const { fabric } = view;
  let found: LinkClass | undefined;
  for (const sw of switches) {
    const { device } = fabric.switches[sw]!;
    for (let port = fabric.firstPort[device]!; port < fabric.firstPort[device + 1]!; port++) {
      const peer = switchAt(view, fabric.peerPort[port]!);
      if (peer < 0 ? tier !== 0 : places.tierOfSwitch[peer] !== tier) continue;
      const link = fabric.linkClasses[fabric.portClass[port]!]!;
      found ??= link;
      const isAlike =
        link.rateBps === found.rateBps && link.propagationPs + link.fecPs === found.propagationPs + found.fecPs;
      if (!isAlike) throw refused("links of a level differ");
    }
  }
  return found!;
}
