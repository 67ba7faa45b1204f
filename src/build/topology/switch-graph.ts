/** Switches and what joins them, as listed fabrics have them. */

/** Switches and the ports between them; hosts do not forward. */
export interface SwitchGraph {
  /** By switch, by local port: the switch at the other end, or -1 for a host. */
  readonly neighbours: readonly (readonly number[])[];
  /** By address: the switch that the host hangs on, and its local port there. */
  readonly attachments: readonly { readonly sw: number; readonly port: number }[];
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
