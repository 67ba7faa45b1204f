import { type TableRouting, UNREACHABLE } from "../../plan/fabric.js";
import { nearerPorts } from "./nearer-ports.js";
import { pinsOf } from "./pinning.js";
import { costsTo, type SwitchGraph } from "./switch-graph.js";

/**
 * Routing tables by switch: every next hop of every way of least cost to each host, ports
 * ascending. Hosts of one switch share their groups, so the search runs once per switch.
 */
export function shortestPathTables(graph: SwitchGraph): TableRouting[] {
  const { neighbours, attachments } = graph;
  const tables = neighbours.map(() => new TableBuilder(attachments.length));
  const addressesOf = new Map<number, number[]>();
  attachments.forEach(({ sw }, address) => {
    if (sw < 0) return;
    const addresses = addressesOf.get(sw);
    if (addresses === undefined) addressesOf.set(sw, [address]);
    else addresses.push(address);
  });
  for (const [destination, addresses] of addressesOf) {
    const costs = costsTo(destination, graph);
    neighbours.forEach((_, sw) => {
      if (costs[sw]! > 0) tables[sw]!.route(addresses, nearerPorts(graph, sw, costs));
    });
    for (const address of addresses) tables[destination]!.route([address], [attachments[address]!.port]);
  }
  const routing = tables.map((table) => table.build());
  // In a tree nothing is chosen.
  if (routing.every(({ groups }) => groups.every((group) => group.length === 1))) return routing;
  const pins = pinsOf(graph);
  return routing.map((table, sw) => ({ ...table, pins: pins[sw]! }));
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
