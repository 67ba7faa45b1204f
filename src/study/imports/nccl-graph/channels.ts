/** Channels over the nodes of a job, with the NICs that they take. */
import type { TraceCommunicator, TraceNics } from "../../../scenario/types/trace.js";
import { checkOrder, type NodeChannel, type NodeNics, traceNics } from "./nics.js";
import type { Channel } from "./over-nodes.js";
import type { Graph, NodeGraphs } from "./read.js";

/** What a channel becomes. */
export type Part = Extract<TraceCommunicator, { kind: "ring" | "tree" }>;

export interface JobChannel {
  readonly pattern: number;
  readonly nodes: Channel;
  /** Left out where there is one node, or the files name no NICs. */
  readonly nics: TraceNics | undefined;
}

const RING = 4;
const ALTERNATING = 2;

/**
 * As many channels as all nodes have. Where rings alternate, nodes of odd number go the way of the
 * other channel of a pair, over the NICs of their own: so they cross no rails (ncclTopoPostset).
 */
export function channelsOf(files: readonly NodeGraphs[], chosen: readonly Graph[], nics: NodeNics): JobChannel[] {
  const { gpus } = files[0]!;
  const count = Math.min(...chosen.map(({ channels }) => channels.length));
  const isSwapped = ({ pattern, crossNic }: Graph, node: number) =>
    pattern === RING && crossNic === ALTERNATING && count % 2 === 0 && node % 2 === 1;
  return Array.from({ length: count }, (_, c): JobChannel => {
    const own = chosen.map((graph, node): NodeChannel => {
      return { file: files[node]!.file, graph, channel: graph.channels[c]! };
    });
    const nodes = chosen.map((graph, node) => {
      const way = graph.channels[isSwapped(graph, node) ? c ^ 1 : c]!;
      return way.gpus.map((place) => node * gpus + place);
    });
    const { pattern } = chosen[0]!;
    if (files.length === 1) return { pattern, nodes, nics: undefined };
    for (const each of own) checkOrder(each, nics);
    return { pattern, nodes, nics: traceNics(own, gpus, nics) };
  });
}

/** Messages between nodes of a part, by sender and receiver; none where it names no NICs. */
export function hopsOf(part: Part): [from: number, to: number][] {
  const { nics } = part;
  if (nics === undefined) return [];
  const nodeOf = (rank: number) => Math.floor(rank / nics.gpusPerNode);
  const isBetween = ([from, to]: [number, number]) => nodeOf(from) !== nodeOf(to);
  if (part.kind === "ring") {
    const { ranks } = part;
    return ranks.map((rank, i): [number, number] => [rank, ranks[(i + 1) % ranks.length]!]).filter(isBetween);
  }
  const links = Array.from(part.parent, (above, rank): [number, number] => [rank, above]).filter(
    ([, above]) => above >= 0,
  );
  return links.filter(isBetween).flatMap(([a, b]): [number, number][] => [
    [a, b],
    [b, a],
  ]);
}
