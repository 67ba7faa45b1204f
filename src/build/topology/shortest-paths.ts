import { type TableRouting, UNREACHABLE } from "../../plan/fabric.js";
import { pinsOf } from "./pinning.js";
import type { SwitchGraph } from "./switch-graph.js";
import { hopsTo } from "./switch-graph.js";

/**
 * Routing tables by switch: every next hop of every shortest path to each host, ports ascending.
 * Hosts of one switch share their groups, so the search runs once per switch.
 */
export function shortestPathTables({ neighbours, attachments }: SwitchGraph): TableRouting[] {
  const tables = neighbours.map(() => new TableBuilder(attachments.length));
  const addressesOf = new Map<number, number[]>();
  attachments.forEach(({ sw }, address) => {
    const addresses = addressesOf.get(sw);
    if (addresses === undefined) addressesOf.set(sw, [address]);
    else addresses.push(address);
  });
  for (const [destination, addresses] of addressesOf) {
    const hops = hopsTo(destination, neighbours);
    neighbours.forEach((peers, sw) => {
      if (hops[sw]! > 0) tables[sw]!.route(addresses, nearerPorts(peers, hops, hops[sw]! - 1));
    });
    for (const address of addresses) tables[destination]!.route([address], [attachments[address]!.port]);
  }
  const routing = tables.map((table) => table.build());
  // In a tree nothing is chosen.
  if (routing.every(({ groups }) => groups.every((group) => group.length === 1))) return routing;
  const pins = pinsOf({ neighbours, attachments });
  return routing.map((table, sw) => ({ ...table, pins: pins[sw]! }));
}

/** Ports of a switch whose other end is `wanted` links from the destination. */
function nearerPorts(peers: readonly number[], hops: Int32Array, wanted: number): number[] {
  const ports: number[] = [];
  for (let port = 0; port < peers.length; port++) {
    if (peers[port]! >= 0 && hops[peers[port]!] === wanted) ports.push(port);
  }
  return ports;
}

/** The table of one switch. Equal sets of ports share a group. */
class TableBuilder {
  private readonly groups: number[][] = [];
  private readonly numbers = new Map<string, number>();
  private readonly groupOf: Uint16Array;
  private last = -1;

  constructor(addressCount: number) {
    this.groupOf = new Uint16Array(addressCount).fill(UNREACHABLE);
  }

  route(addresses: readonly number[], ports: number[]): void {
    const group = this.numberOf(ports);
    for (const address of addresses) this.groupOf[address] = group;
  }

  build(): TableRouting {
    return { kind: "table", groups: this.groups, groupOf: this.groupOf, pinDivisor: 1 };
  }

  private numberOf(ports: number[]): number {
    // Most destinations of a regular fabric lie the same way as the one before.
    const last = this.groups[this.last];
    if (last !== undefined && last.length === ports.length && last.every((port, i) => port === ports[i])) {
      return this.last;
    }
    const key = ports.join();
    this.last = this.numbers.get(key) ?? this.groups.push(ports) - 1;
    this.numbers.set(key, this.last);
    return this.last;
  }
}
