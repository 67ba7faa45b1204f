import { costsTo, type SwitchGraph } from "./switch-graph.js";

/** A link of a host. */
export interface CustomPort {
  readonly address: number;
  /** The switch at the other end and its local port; -1 where that is a host. */
  readonly sw: number;
  readonly port: number;
  /** Local port at the host. */
  readonly own: number;
  /** Name of what is at the other end. */
  readonly peer: string;
  readonly cost: number;
}

type Pair = readonly [src: number, dst: number];

/**
 * Addresses of the NICs that a message between two hosts is split over: pairs on the cheapest ways.
 * Each NIC that has a way of that cost is in one pair at least. A NIC goes with the one of its own
 * number where it can, else with the one that has the fewest pairs. Where nothing leads there, the
 * first of both.
 */
export function cheapestWays(
  graph: SwitchGraph,
  hosts: readonly string[],
  hostPorts: readonly (readonly CustomPort[])[],
): (from: number, to: number) => readonly Pair[] {
  const costsOf = new Map<number, Int32Array>();
  const costBetween = (src: CustomPort, dst: CustomPort, from: string, to: string): number => {
    if (src.sw < 0 || dst.sw < 0) {
      const isDirect = src.sw < 0 && dst.sw < 0 && src.peer === to && dst.peer === from && src.port === dst.own;
      return isDirect ? src.cost : Number.POSITIVE_INFINITY;
    }
    let costs = costsOf.get(dst.sw);
    if (costs === undefined) {
      costs = costsTo(dst.sw, graph);
      costsOf.set(dst.sw, costs);
    }
    const between = costs[src.sw]!;
    return between < 0 ? Number.POSITIVE_INFINITY : src.cost + between + dst.cost;
  };
  return (from, to) => {
    const [own, others] = [hostPorts[from]!, hostPorts[to]!];
    const costs = own.map((src) => others.map((dst) => costBetween(src, dst, hosts[from]!, hosts[to]!)));
    const least = Math.min(...costs.flat());
    if (!Number.isFinite(least)) return [[own[0]!.address, others[0]!.address]];
    const pairs = pairUp(own.length, others.length, (i, j) => costs[i]![j] === least);
    return pairs.map(([i, j]) => [own[i]!.address, others[j]!.address]);
  };
}

/** Pairs of numbers, so that each is in one that can be. */
function pairUp(sources: number, destinations: number, fits: (i: number, j: number) => boolean): Pair[] {
  const pairs: Pair[] = [];
  const [ofSource, ofDestination] = [new Uint32Array(sources), new Uint32Array(destinations)];
  const add = (i: number, j: number) => {
    pairs.push([i, j]);
    ofSource[i]! += 1;
    ofDestination[j]! += 1;
  };
  const fewest = (used: Uint32Array, can: (at: number) => boolean) =>
    [...used.keys()].filter(can).sort((a, b) => used[a]! - used[b]! || a - b)[0];
  for (let i = 0; i < Math.min(sources, destinations); i++) if (fits(i, i)) add(i, i);
  for (let i = 0; i < sources; i++) {
    const j = ofSource[i] === 0 ? fewest(ofDestination, (at) => fits(i, at)) : undefined;
    if (j !== undefined) add(i, j);
  }
  for (let j = 0; j < destinations; j++) {
    const i = ofDestination[j] === 0 ? fewest(ofSource, (at) => fits(at, j)) : undefined;
    if (i !== undefined) add(i, j);
  }
  return pairs;
}
