/** A fabric as a graph of GPUs, switches and links, as graph tools take it. */

import { type PlanView, switchAt } from "../ideal/view.js";
import { endName, parallelIndex } from "../text/names.js";
import type { Places } from "./places.js";

/** Attributes keep their order in every format; those that do not apply are left out. */
export type Attributes = Readonly<Record<string, string | number>>;

export interface GraphNode {
  /** The name that faults and `--list` use. */
  readonly id: string;
  readonly attributes: Attributes;
}

export interface GraphEdge {
  readonly source: string;
  readonly target: string;
  /** Which of several parallel links, from 0. */
  readonly key: number;
  readonly attributes: Attributes;
}

export interface FabricGraph {
  readonly name: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** GPUs in the order of ranks, then switches; links from the GPU where there is one. */
export function fabricGraph(view: PlanView, places: Places, name: string): FabricGraph {
  const nodes = [...gpuNodes(view, places), ...switchNodes(view, places)];
  return { name, nodes, edges: [...edgesOf(view)] };
}

function* gpuNodes({ fabric }: PlanView, places: Places): Generator<GraphNode> {
  for (let rank = 0; rank < fabric.rankCount; rank++) {
    const attributes: Record<string, string | number> = { kind: "gpu", rank };
    if (places.nodeCount < fabric.rankCount) {
      attributes.node = places.nodeNames[places.nodeOfRank[rank]!]!;
      attributes.local = places.localOfRank[rank]!;
    }
    if (places.podCount > 1) attributes.pod = places.podOfRank[rank]!;
    yield { id: fabric.rankName(rank), attributes };
  }
}

function* switchNodes({ fabric }: PlanView, places: Places): Generator<GraphNode> {
  for (const [number, { name, level, latencyPs, bufferBytes }] of fabric.switches.entries()) {
    const attributes: Record<string, string | number> = {
      kind: "switch",
      level,
      latencyNs: latencyPs / 1000,
      bufferBytes,
    };
    if (places.podCount > 1 && places.podOfSwitch[number]! >= 0) attributes.pod = places.podOfSwitch[number]!;
    if (places.railOfSwitch[number]! >= 0) attributes.rail = places.railOfSwitch[number]!;
    yield { id: name, attributes };
  }
}

function* edgesOf(view: PlanView): Generator<GraphEdge> {
  const { peerPort, portClass, linkClasses } = view.fabric;
  const keys = new Map<string, number>();
  for (let port = 0; port < peerPort.length; port++) {
    if (peerPort[port]! < port) continue;
    const from = view.nicOfPort[port]! < 0 && view.nicOfPort[peerPort[port]!]! >= 0 ? peerPort[port]! : port;
    const to = peerPort[from]!;
    const [there, back] = [linkClasses[portClass[from]!]!, linkClasses[portClass[to]!]!];
    const attributes: Record<string, string | number> = {
      level: there.level,
      rateGbps: there.rateBps / 1e9,
      latencyNs: (there.propagationPs + there.fecPs) / 1000,
    };
    // What a fault has done to one direction only.
    if (back.rateBps !== there.rateBps) attributes.rateBackGbps = back.rateBps / 1e9;
    if (there.loss !== null) {
      if (there.loss.preFecBer > 0) attributes.ber = there.loss.preFecBer;
      if (there.loss.frameLossRatio > 0) attributes.frameLossRatio = there.loss.frameLossRatio;
    }
    const [source, target] = [endName(view, from), endName(view, to)];
    yield { source, target, key: keyOf(view, keys, { from, source, target }), attributes };
  }
}

/** Parallel links are told apart by number, between a GPU and a switch too. */
function keyOf(
  view: PlanView,
  keys: Map<string, number>,
  { from, source, target }: { from: number; source: string; target: string },
): number {
  if (switchAt(view, from) >= 0) return parallelIndex(view, from) ?? 0;
  const pair = `${source}\n${target}`;
  const key = keys.get(pair) ?? 0;
  keys.set(pair, key + 1);
  return key;
}
