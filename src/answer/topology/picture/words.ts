/** What stands beside and inside the boxes. */
import type { PlanView } from "../../ideal/view.js";
import { bitRate } from "../../text/units.js";
import type { Places } from "../places.js";
import type { Bundle, Group, GroupedFabric } from "./groups.js";

const NOUNS = {
  nvswitch: ["NVSwitch", "NVSwitches"],
  leaf: ["leaf", "leaves"],
  spine: ["spine", "spines"],
  aggregation: ["aggregation switch", "aggregation switches"],
  core: ["core switch", "core switches"],
  border: ["border switch", "border switches"],
  switch: ["switch", "switches"],
} as const;

export function whole(value: number): string {
  return value.toLocaleString("en-US");
}

function counted(value: number, [one, several]: readonly [string, string]): string {
  return `${whole(value)} ${value === 1 ? one : several}`;
}

/** Of the devices of a tier or group, in a line or two. */
export function describeMembers(view: PlanView, places: Places, tier: number, members: readonly number[]): string[] {
  if (tier === 0) return describeNodes(places, members);
  const { switches, firstPort } = view.fabric;
  const ports = members.map((sw) => {
    const { device } = switches[sw]!;
    return firstPort[device + 1]! - firstPort[device]!;
  });
  const [least, most] = [Math.min(...ports), Math.max(...ports)];
  const noun = NOUNS[switches[members[0]!]!.level];
  const each = members.length === 1 ? "" : " each";
  return [counted(members.length, noun), `${least === most ? most : `${least} to ${most}`} ports${each}`];
}

function describeNodes({ nodeOfRank, nodeCount }: Places, members: readonly number[]): string[] {
  const gpusOf = new Uint32Array(nodeCount);
  for (const node of nodeOfRank) gpusOf[node]! += 1;
  const gpus = members.reduce((sum, node) => sum + gpusOf[node]!, 0);
  if (gpus === members.length) return [counted(gpus, ["GPU", "GPUs"])];
  return [counted(members.length, ["node", "nodes"]), counted(gpus, ["GPU", "GPUs"])];
}

/** Of the scale-up network inside of the nodes; empty where there is none. */
export function describeScaleUp({ fabric }: PlanView, { tierOfSwitch }: Places): string[] {
  const count = tierOfSwitch.filter((tier) => tier === 0).length;
  const level = fabric.linkClasses.find((each) => each.level === "scaleUp");
  if (count === 0 || level === undefined) return [];
  return [counted(count, NOUNS.nvswitch), `scale-up ${bitRate(level.rateBps)} a GPU`];
}

/** Links between a row and those above it, by level and rate. */
export function describeGap({ groups, bundles }: GroupedFabric, tier: number): string[] {
  const byLevel = new Map<string, Bundle[]>();
  for (const bundle of bundles) {
    const tiers = [groups[bundle.a]!.tier, groups[bundle.b]!.tier];
    if (Math.min(...tiers) !== tier || (tiers[0] === tiers[1] && tier !== tiers[0])) continue;
    byLevel.set(bundle.level, [...(byLevel.get(bundle.level) ?? []), bundle]);
  }
  return [...byLevel].flatMap(([level, all]) => {
    const count = all.reduce((sum, bundle) => sum + bundle.count, 0);
    const [least, most] = [Math.min(...all.map((b) => b.leastBps)), Math.max(...all.map((b) => b.mostBps))];
    const each = least === most ? bitRate(most) : `${bitRate(least)} to ${bitRate(most)}`;
    const total = least === most && count > 1 ? [`${bitRate(count * most)} each way in all`] : [];
    return [`${counted(count, [`${level} link`, `${level} links`])}, ${each}`, ...total];
  });
}

export function bundleLabel({ count, leastBps, mostBps }: Bundle): string {
  const rate = leastBps === mostBps ? bitRate(mostBps) : `${bitRate(leastBps)} to ${bitRate(mostBps)}`;
  return `${whole(count)} × ${rate}`;
}

/** Rails of a group of leaves: `rail 3`, `rails 0 to 7`; empty where there are none. */
export function railsOf({ tier, members }: Group, { railOfSwitch }: Places): string {
  if (tier !== 1) return "";
  const rails = [...new Set(members.map((sw) => railOfSwitch[sw]!))].filter((rail) => rail >= 0).sort((a, b) => a - b);
  if (rails.length === 0) return "";
  return rails.length === 1 ? `rail ${rails[0]}` : `rails ${rails[0]} to ${rails.at(-1)}`;
}
