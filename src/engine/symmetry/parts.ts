/**
 * What a run is made of where symmetry is concerned: flows, ports, ranks and, where switches are
 * looked at as a whole, switches.
 */
import type { Usage } from "./usage.js";

/**
 * Flows, used ports, and ranks, numbered one after the other in this order. With `whole`, switches
 * as well: then a switch is like another only with all its ports in the same order, and a link only
 * in both directions.
 */
export interface Parts {
  readonly usage: Usage;
  readonly whole: boolean;
  readonly firstPort: number;
  readonly firstRank: number;
  readonly firstSwitch: number;
  readonly count: number;
  /**
   * Places of the used ports of rank or switch `i` are
   * `members[memberFirst[i]] … members[memberFirst[i+1] - 1]`, ascending; ranks first.
   */
  readonly memberFirst: Uint32Array;
  readonly members: Uint32Array;
  /**
   * By place of a port: its rank or switch, as a part; -1 for ports of switches that are no parts.
   */
  readonly groupOf: Int32Array;
}

export function partsOf(usage: Usage, whole: boolean): Parts {
  const { plan, ports, nicOf, deviceOf } = usage;
  const { nics, rankCount } = plan.fabric;
  const firstPort = plan.flows.count;
  const firstRank = firstPort + ports.length;
  const rankPlaces = grouped(ports, (port) => (nicOf[port]! < 0 ? -1 : nics.rank[nicOf[port]!]!), rankCount);
  const switchPlaces = whole
    ? grouped(ports, (port) => (nicOf[port]! < 0 ? deviceOf[port]! : -1), plan.fabric.deviceCount)
    : [];
  const firstSwitch = firstRank + rankPlaces.length;
  const groups = [...rankPlaces, ...switchPlaces];
  const memberFirst = new Uint32Array(groups.length + 1);
  const groupOf = new Int32Array(ports.length).fill(-1);
  groups.forEach((places, i) => {
    memberFirst[i + 1] = memberFirst[i]! + places.length;
    for (const place of places) groupOf[place] = firstRank + i;
  });
  return {
    usage,
    whole,
    firstPort,
    firstRank,
    firstSwitch,
    count: firstRank + groups.length,
    memberFirst,
    members: Uint32Array.from(groups.flat()),
    groupOf,
  };
}

/** The rank of the fabric that a part is. */
export function rankOfPart({ memberFirst, members, firstRank, usage }: Parts, part: number): number {
  const port = usage.ports[members[memberFirst[part - firstRank]!]!]!;
  return usage.plan.fabric.nics.rank[usage.nicOf[port]!]!;
}

/** Places of ports by group, of groups that have any, in the order of their first ports. */
function grouped(ports: Uint32Array, groupOf: (port: number) => number, count: number): number[][] {
  const numberOf = new Int32Array(count).fill(-1);
  const groups: number[][] = [];
  ports.forEach((port, place) => {
    const group = groupOf(port);
    if (group < 0) return;
    if (numberOf[group]! < 0) numberOf[group] = groups.push([]) - 1;
    groups[numberOf[group]!]!.push(place);
  });
  return groups;
}
