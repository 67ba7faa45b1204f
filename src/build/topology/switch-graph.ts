/** Switches and what joins them, as listed fabrics have them. */

/** Switches and the ports between them; hosts do not forward. */
export interface SwitchGraph {
  /** By switch, by local port: the switch at the other end, or -1 for a host. */
  readonly neighbours: readonly (readonly number[])[];
  /** By address: the switch that the host hangs on, and its local port there; -1 where none. */
  readonly attachments: readonly { readonly sw: number; readonly port: number }[];
  /** By switch, by local port: what its link costs. Left out where each costs 1. */
  readonly costs?: readonly (readonly number[])[];
}

/** Links between each switch and the destination; -1 where there is no path. */
export function hopsTo(destination: number, neighbours: SwitchGraph["neighbours"]): Int32Array {
  const hops = new Int32Array(neighbours.length).fill(-1);
  hops[destination] = 0;
  const queue = [destination];
  // The queue grows while it is walked: breadth first.
  for (const sw of queue) {
    for (const peer of neighbours[sw]!) {
      if (peer < 0 || hops[peer]! >= 0) continue;
      hops[peer] = hops[sw]! + 1;
      queue.push(peer);
    }
  }
  return hops;
}

/** Least cost from each switch to the destination; -1 where there is no path. */
export function costsTo(destination: number, { neighbours, costs }: SwitchGraph): Int32Array {
  return costs === undefined ? hopsTo(destination, neighbours) : leastCosts(destination, neighbours, costs);
}

/** What a link costs. */
export function costOf({ costs }: Pick<SwitchGraph, "costs">, sw: number, port: number): number {
  return costs === undefined ? 1 : costs[sw]![port]!;
}

/** Dijkstra's algorithm over buckets of one cost each; costs are whole and at least 1. */
function leastCosts(
  destination: number,
  neighbours: SwitchGraph["neighbours"],
  costs: NonNullable<SwitchGraph["costs"]>,
): Int32Array {
  const least = new Int32Array(neighbours.length).fill(-1);
  const buckets = new Map<number, number[]>([[0, [destination]]]);
  const settled = new Uint8Array(neighbours.length);
  least[destination] = 0;
  while (buckets.size > 0) {
    const cost = Math.min(...buckets.keys());
    const switches = buckets.get(cost)!;
    buckets.delete(cost);
    for (const sw of switches) {
      if (settled[sw] === 1) continue;
      settled[sw] = 1;
      neighbours[sw]!.forEach((peer, port) => {
        if (peer < 0 || settled[peer] === 1) return;
        const through = cost + costs[sw]![port]!;
        if (least[peer]! >= 0 && least[peer]! <= through) return;
        least[peer] = through;
        const bucket = buckets.get(through);
        if (bucket === undefined) buckets.set(through, [peer]);
        else bucket.push(peer);
      });
    }
  }
  return least;
}
