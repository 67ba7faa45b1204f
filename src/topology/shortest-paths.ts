import { type TableRouting, UNREACHABLE } from "../plan/fabric.js";

/** Switches and the ports between them; hosts do not forward. */
export interface SwitchGraph {
  /** By switch, by local port: the switch at the other end, or -1 for a host. */
  readonly neighbours: readonly (readonly number[])[];
  /** By address: the switch that the host hangs on, and its local port there. */
  readonly attachments: readonly { readonly sw: number; readonly port: number }[];
}

/**
 * Routing tables by switch: every next hop of every shortest path to each host, ports ascending. Hosts of one switch share their groups, so
 * the search runs once per switch.
 */
export function shortestPathTables({ neighbours, attachments }: SwitchGraph): TableRouting[] {
  const tables = neighbours.map(() => ({
    groups: [] as number[][],
    numbers: new Map<string, number>(),
    groupOf: new Uint16Array(attachments.length).fill(UNREACHABLE),
  }));
  const groupNumber = (sw: number, ports: number[]) => {
    const { groups, numbers } = tables[sw]!;
    const key = ports.join();
    const known = numbers.get(key) ?? groups.push(ports) - 1;
    numbers.set(key, known);
    return known;
  };
  const addressesOf = new Map<number, number[]>();
  attachments.forEach(({ sw }, address) => {
    const addresses = addressesOf.get(sw);
    if (addresses === undefined) addressesOf.set(sw, [address]);
    else addresses.push(address);
  });
  for (const [destination, addresses] of addressesOf) {
    const hops = hopsTo(destination, neighbours);
    neighbours.forEach((peers, sw) => {
      if (sw === destination) {
        for (const address of addresses) {
          tables[sw]!.groupOf[address] = groupNumber(sw, [attachments[address]!.port]);
        }
      } else if (hops[sw]! > 0) {
        const nearer = peers.flatMap((peer, port) => (peer >= 0 && hops[peer] === hops[sw]! - 1 ? [port] : []));
        const group = groupNumber(sw, nearer);
        for (const address of addresses) tables[sw]!.groupOf[address] = group;
      }
    });
  }
  return tables.map(({ groups, groupOf }) => ({ kind: "table", groups, groupOf, pinDivisor: 1 }));
}

/** Links between each switch and the destination; -1 where there is no path. */
function hopsTo(destination: number, neighbours: SwitchGraph["neighbours"]): Int32Array {
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
