/** Which devices and links are drawn as one. */
import type { FabricDevice, FabricView } from "heddle";
import type { DrawnEdge, DrawnNode, LinkName, Picture } from "./protocol.js";

/** GPUs and switches that are drawn one by one at most. */
const MAX_GPUS = 1100;
const MAX_SWITCHES = 400;
/** Groups of a tier where not all are drawn. */
const MAX_IN_TIER = 64;
/** Names that an edge keeps of its links. */
const MAX_NAMES = 16;

export interface Grouping {
  readonly picture: Picture;
  /** Edge of each link, -1 where it is inside of a node; and whether it runs from `b` to `a`. */
  readonly edgeOf: Int32Array;
  readonly isTurned: Uint8Array;
  /** Drawn node whose inside a link belongs to, -1 for none. */
  readonly insideOf: Int32Array;
}

/** Devices one by one where a person can look at them all; else by pod and rail. */
export function groupFabric(fabric: FabricView): Grouping {
  const { devices } = fabric;
  const gpus = devices.filter(({ kind }) => kind === "gpu").length;
  const isWhole = gpus <= MAX_GPUS && devices.length - gpus <= MAX_SWITCHES;
  const boxes = new Map<number, number>();
  const { nodeOf, nodes } = drawnNodes(fabric, isWhole, boxes);
  const { edges, ...links } = drawnEdges(fabric, nodeOf, nodes, isWhole);
  const picture = {
    nodes,
    edges,
    boxes: Array.from(boxes.keys(), (node) => `node ${node}`),
    isWhole,
    gpus,
    switches: devices.filter(({ kind, tier }) => kind === "switch" && tier > 0).length,
    links: fabric.links.filter(({ level }) => level !== "scaleUp").length,
  };
  return { picture, ...links };
}

function drawnNodes(fabric: FabricView, isWhole: boolean, boxes: Map<number, number>) {
  const nodeOf = new Int32Array(fabric.devices.length).fill(-1);
  const nodes: { -readonly [K in keyof DrawnNode]: DrawnNode[K] }[] = [];
  const keys = isWhole ? undefined : groupNames(fabric);
  const byKey = new Map<string, number>();
  fabric.devices.forEach((device, d) => {
    // Switches of scale-up networks are inside of their nodes.
    if (device.kind === "switch" && device.tier === 0) return;
    const name = keys?.[d] ?? device.name;
    const key = keys === undefined ? `${d}` : `${device.tier} ${name}`;
    let node = byKey.get(key);
    if (node === undefined) {
      const box = isWhole && device.kind === "gpu" ? boxOf(boxes, device.node) : -1;
      node = nodes.push({ name, kind: device.kind, tier: device.tier, count: 0, box }) - 1;
      byKey.set(key, node);
    }
    nodes[node]!.count++;
    nodeOf[d] = node;
  });
  return { nodeOf, nodes };
}

function boxOf(boxes: Map<number, number>, node: number): number {
  const known = boxes.get(node);
  if (known !== undefined) return known;
  boxes.set(node, boxes.size);
  return boxes.size - 1;
}

/** Name of the group of each device: its unit, or pod where there are many; leaves by rail too. */
function groupNames({ devices, pods, rails }: FabricView): string[] {
  const units = new Set(devices.map(({ unit }) => unit)).size;
  const byUnit = pods <= 1 || units <= MAX_IN_TIER / 2;
  const place = ({ unit, pod }: FabricDevice) => (byUnit && units > 1 ? `unit ${unit}` : `pod ${pod}`);
  const names = devices.map((device) => {
    if (device.kind === "gpu") return place(device);
    if (device.tier === 1) return rails > 1 ? `${place(device)}, rail ${device.rail}` : place(device);
    return pods > 1 && device.pod >= 0 ? `pod ${device.pod}` : "";
  });
  for (const tier of new Set(devices.map((device) => device.tier))) joinRest(devices, names, tier);
  return names;
}

/** Joins neighbours where a tier has too many groups, and splits what belongs to no pod. */
function joinRest(devices: readonly FabricDevice[], names: string[], tier: number): void {
  const members = [...devices.keys()].filter((d) => devices[d]!.tier === tier);
  const single = members.filter((d) => names[d] === "");
  const step = Math.ceil(single.length / 16);
  single.forEach((d, i) => {
    const first = i - (i % step);
    const last = Math.min(first + step, single.length) - 1;
    names[d] = first === last ? devices[d]!.name : `${devices[single[first]!]!.name} … ${devices[single[last]!]!.name}`;
  });
  const groups = [...new Set(members.map((d) => names[d]!))];
  if (groups.length <= MAX_IN_TIER) return;
  const joined = Math.ceil(groups.length / MAX_IN_TIER);
  const of = new Map(groups.map((name, i) => [name, i - (i % joined)]));
  for (const d of members) {
    const first = of.get(names[d]!)!;
    names[d] = `${groups[first]} … ${groups[Math.min(first + joined, groups.length) - 1]}`;
  }
}

function drawnEdges({ links, devices }: FabricView, nodeOf: Int32Array, nodes: readonly DrawnNode[], isWhole: boolean) {
  const edges: { -readonly [K in keyof DrawnEdge]: DrawnEdge[K] }[] = [];
  const names: LinkName[][] = [];
  const known = new Map<string, number>();
  const edgeOf = new Int32Array(links.length).fill(-1);
  const insideOf = new Int32Array(links.length).fill(-1);
  const isTurned = new Uint8Array(links.length);
  links.forEach(({ from, to, index, level, rateBps }, l) => {
    const ends = [nodeOf[from]!, nodeOf[to]!] as const;
    const isInside = level === "scaleUp" || ends.includes(-1) || ends[0] === ends[1];
    if (isInside) {
      insideOf[l] = Math.max(...ends);
      return;
    }
    const turned = nodes[ends[0]]!.tier > nodes[ends[1]]!.tier;
    const [a, b] = turned ? [ends[1], ends[0]] : ends;
    const key = isWhole ? `${l}` : `${a} ${b} ${level}`;
    let edge = known.get(key);
    if (edge === undefined) {
      edge = edges.push({ a, b, level, count: 0, rateBps: 0, links: [] }) - 1;
      known.set(key, edge);
      names.push([]);
    }
    edges[edge]!.count++;
    edges[edge]!.rateBps += rateBps;
    if (names[edge]!.length < MAX_NAMES) names[edge]!.push({ from: devices[from]!.name, to: devices[to]!.name, index });
    edgeOf[l] = edge;
    isTurned[l] = turned ? 1 : 0;
  });
  edges.forEach((edge, e) => {
    edge.links = names[e]!;
  });
  return { edges, edgeOf, isTurned, insideOf };
}
