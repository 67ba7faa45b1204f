/** A fabric as a picture: SVG that a person can read, whatever the size of the fabric. */
import { type PlanView, switchAt } from "../../ideal/view.js";
import type { Places } from "../places.js";
import { type Bundle, type Group, type GroupedFabric, groupFabric } from "./groups.js";
import { type Layout, layOut, MARGIN, type Placed } from "./layout.js";
import { FAINT, INK, inkOn, LINE, railColour, SLOW, tierTint } from "./palette.js";
import { box, drawing, line, type Point, text } from "./svg.js";
import { bundleLabel, describeGap, describeMembers, describeScaleUp, railsOf, whole } from "./words.js";

export interface Titles {
  readonly title: string;
  readonly subtitle: string;
}

/**
 * Draws tiers as rows, nodes at the bottom. Where a row has more than 16 devices, it shows units
 * (nodes and the leaves over them) or pods instead. Of many units or pods it shows the first ones
 * and the last.
 */
export function drawFabric(view: PlanView, places: Places, titles: Titles): string {
  const grouped = groupFabric(view, places);
  const layout = layOut(view, places, grouped);
  return drawing(layout.width, layout.height, [
    text(24, 36, titles.title, { size: 20, bold: true, fill: INK, width: layout.width - 48 }),
    text(24, 60, titles.subtitle, { size: 13, fill: FAINT, width: layout.width - 48 }),
    ...captions(view, places, grouped, layout),
    ...links(view, places, grouped, layout),
    ...layout.placed.flatMap((placed) => boxOf(view, places, grouped, placed)),
    ...squares(view, places, layout),
    ...legend(places, grouped, layout),
  ]);
}

function captions(view: PlanView, places: Places, grouped: GroupedFabric, { rows }: Layout): string[] {
  return rows.flatMap(({ top, bottom }, tier) => {
    const members = grouped.groups.filter((group) => group.tier === tier).flatMap((group) => group.members);
    const own = [...describeMembers(view, places, tier, members), ...(tier === 0 ? describeScaleUp(view, places) : [])];
    const [first, ...others] = own;
    const middle = (top + bottom) / 2 - (own.length - 1) * 9 + 4;
    const width = MARGIN - 36;
    const gap = describeGap(grouped, tier);
    return [
      text(24, middle, first!, { size: 15, bold: true, fill: INK, width }),
      ...others.map((each, i) => text(24, middle + 18 * (i + 1), each, { size: 12, fill: FAINT, width })),
      ...gap.map((each, i) =>
        text(24, top - 66 - 16 * (gap.length / 2 - 1) + 16 * i, each, { size: 12, fill: INK, width }),
      ),
    ];
  });
}

function links(view: PlanView, places: Places, grouped: GroupedFabric, layout: Layout): string[] {
  const { groups, bundles } = grouped;
  const usual = new Map<string, number>();
  for (const { level, mostBps } of bundles) usual.set(level, Math.max(usual.get(level) ?? 0, mostBps));
  const isSlow = ({ level, leastBps }: Bundle) => leastBps < usual.get(level)!;
  const upwards = new Map<number, number>();
  for (const { a } of bundles) upwards.set(a, (upwards.get(a) ?? 0) + 1);
  const drawn = bundles.flatMap((bundle) => {
    const [low, high] = [layout.placed[bundle.a]!, layout.placed[bundle.b]!];
    if (bundle.a === bundle.b || (low.group.tier === 0 && layout.gpus.size > 0)) return [];
    const title = `${groups[bundle.a]!.name} - ${groups[bundle.b]!.name}: ${bundleLabel(bundle)}`;
    const stroke = { ...strokeOf(bundle.count, isSlow(bundle), railOf(low, places)), title };
    if (low.group.tier === high.group.tier) {
      const rise = 26 + Math.abs(low.x - high.x) / 8;
      return [line(topOf(low), topOf(high), stroke, rise)];
    }
    const label =
      upwards.get(bundle.a) === 1 && low.slot >= 110 && !grouped.isDetailed ? [labelOf(low, high, bundle)] : [];
    return [line(topOf(low), bottomOf(high), stroke), ...label];
  });
  return [...drawn, ...gpuLinks(view, places, layout)];
}

/** The rail of a leaf that is drawn by itself; -1 for others. */
function railOf({ group }: Placed, { railOfSwitch }: Places): number {
  return group.tier === 1 && group.members.length === 1 ? railOfSwitch[group.members[0]!]! : -1;
}

function strokeOf(count: number, isSlow: boolean, rail: number) {
  const width = 1 + 0.6 * Math.log2(count);
  return isSlow ? { colour: SLOW, width, isDashed: true } : { colour: railColour(rail), width, opacity: 0.6 };
}

/** Beside the lower end of a bundle, on the side that its line does not lean to. */
function labelOf(low: Placed, high: Placed, bundle: Bundle): string {
  const { x, y } = topOf(low);
  const leansRight = bottomOf(high).x > x;
  const looks = { size: 11, fill: INK, width: low.slot / 2 + 10 };
  return leansRight
    ? text(x - 8, y - 13, bundleLabel(bundle), { ...looks, anchor: "end" })
    : text(x + 8, y - 13, bundleLabel(bundle), looks);
}

/** From each GPU that is drawn to its switches. */
function gpuLinks(view: PlanView, places: Places, { gpus, placed }: Layout): string[] {
  if (gpus.size === 0) return [];
  const { nics, peerPort, linkClasses, portClass } = view.fabric;
  const groupOf = new Map<number, Placed>();
  for (const each of placed) if (each.group.tier > 0) for (const sw of each.group.members) groupOf.set(sw, each);
  const rates = Array.from(nics.port, (port) => linkClasses[portClass[port]!]!.rateBps);
  const usual = rates.reduce((most, rate, nic) => (nics.isScaleUp[nic] === 1 ? most : Math.max(most, rate)), 0);
  return Array.from(nics.port, (port, nic) => {
    const to = groupOf.get(switchAt(view, peerPort[port]!));
    const square = gpus.get(nics.rank[nic]!);
    if (nics.isScaleUp[nic] === 1 || to === undefined || square === undefined) return "";
    const rail = places.railOfSwitch[places.switchOfNic[nic]!]!;
    const from = { x: square.plugX, y: square.plugY };
    const end = { x: spread(to, from.x), y: to.y + to.height };
    return line(from, end, { ...strokeOf(1, rates[nic]! < usual, rail), width: 1 });
  }).filter((each) => each !== "");
}

/** Links arrive over the width of a switch in the order of where they come from. */
function spread({ x, width }: Placed, from: number): number {
  const share = (from - MARGIN) / (1400 - MARGIN);
  return x + width * (0.1 + 0.8 * share);
}

function topOf({ x, y, width }: Placed): Point {
  return { x: x + width / 2, y };
}

function bottomOf({ x, y, width, height }: Placed): Point {
  return { x: x + width / 2, y: y + height };
}

function boxOf(view: PlanView, places: Places, grouped: GroupedFabric, placed: Placed): string[] {
  const { group, x, y, width, height, slot } = placed;
  const rail = railOf(placed, places);
  const looks = { fill: tierTint(group.tier), stroke: rail >= 0 ? railColour(rail) : "#555555" };
  const { members } = group;
  const isMany = members.length > 1;
  // What stands for many looks like a pile.
  const pile = isMany
    ? [8, 4].map((by) =>
        box({ x: x + by / 2, y: y - by, width: width + by / 2, height }, { ...looks, stroke: "#999999" }),
      )
    : [];
  const room = Math.min(width - 6, slot);
  const middle = x + width / 2;
  const centred = { anchor: "middle" as const, width: room };
  const shape = box({ x, y, width, height }, { ...looks, title: group.name });
  const rails = railsOf(group, places);
  if (group.tier === 0 && !isMany && height > 44) {
    return [shape, text(middle, y + height - 8, group.name, { size: 12, fill: INK, ...centred })];
  }
  if (!isMany) {
    const lines = [group.name, ...(rails === "" ? [] : [rails])];
    return [shape, ...lines.map((each, i) => label(each, i, lines.length))];
  }
  const own = group.name === "" || isAlone(grouped, group) ? [] : [group.name];
  const inner = grouped.bundles.filter(({ a, b }) => a === b && grouped.groups[a] === group);
  const lines = [
    ...own,
    ...(group.tier <= 1 || own.length === 0
      ? describeMembers(view, places, group.tier, members).slice(0, group.tier === 0 ? 2 : 1)
      : [`${whole(members.length)} switches`]),
    ...(rails === "" ? [] : [rails]),
    ...inner.map(({ count }) => `${whole(count)} links inside`),
  ].slice(0, 4);
  return [...pile, shape, ...lines.map((each, i) => label(each, i, lines.length))];

  function label(content: string, i: number, of: number): string {
    const baseline = y + height / 2 + 4 + 16 * (i - (of - 1) / 2);
    return text(middle, baseline, content, { size: i === 0 ? 13 : 12, bold: i === 0, fill: INK, ...centred });
  }
}

function isAlone({ groups }: GroupedFabric, { tier }: Group): boolean {
  return groups.filter((other) => other.tier === tier).length === 1;
}

function squares({ fabric }: PlanView, places: Places, { gpus }: Layout): string[] {
  return [...gpus].flatMap(([rank, { x, y, side }]) => {
    const local = places.localOfRank[rank]!;
    const colour = places.railCount > 0 ? railColour(local) : "#d0d0d0";
    const square = box(
      { x, y, width: side, height: side },
      { fill: colour, stroke: "#555555", radius: 2, title: fabric.rankName(rank) },
    );
    if (side < 11 || places.nodeCount === fabric.rankCount) return [square];
    const looks = { size: 10, anchor: "middle" as const, fill: inkOn(colour) };
    return [square, text(x + side / 2, y + side / 2 + 3.5, String(local), looks)];
  });
}

function legend(places: Places, grouped: GroupedFabric, { height, gpus, placed }: Layout): string[] {
  const railCount = placed.some((each) => railOf(each, places) >= 0) ? places.railCount : 0;
  const y = height - 40;
  const hasSlow = grouped.bundles.some(({ level, leastBps }) =>
    grouped.bundles.some((other) => other.level === level && other.mostBps > leastBps),
  );
  const hasPlaces = places.nodeCount < gpus.size;
  const said = [
    ...(gpus.size === 0 ? [] : [`A square is a GPU${hasPlaces ? ", with its place in the node" : ""}.`]),
    "A line is a bundle of links; it is wider where there are more.",
    ...(hasSlow ? ["Dashed: slower than other links of its level."] : []),
    ...(grouped.isDetailed ? [] : ["A pile stands for several devices."]),
  ];
  const rails = Array.from({ length: Math.min(railCount, 16) }, (_, rail) => rail).flatMap((rail) => [
    box({ x: 24 + 76 * rail, y: y + 12, width: 12, height: 12 }, { fill: railColour(rail), stroke: LINE, radius: 2 }),
    text(41 + 76 * rail, y + 22, `rail ${rail}`, { size: 12, fill: INK }),
  ]);
  return [text(24, y, said.join(" "), { size: 12, fill: FAINT }), ...rails];
}
