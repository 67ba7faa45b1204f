import { type TableRouting, UNREACHABLE } from "../../src/plan/fabric.js";
import type { NetworkLink, NetworkSwitch } from "./network-spec.js";

/** A NIC as routing sees it: the link that it hangs on. */
export interface Destination {
  readonly link: NetworkLink;
  readonly host: number;
  readonly address: number;
}

/** Routing table of one switch: every next hop of every shortest path. Hosts do not forward. */
export function shortestPathTable(
  switchId: number,
  links: readonly NetworkLink[],
  isHost: (node: number) => boolean,
  destinations: readonly Destination[],
  { pinDivisor = 1, pinSeed }: Pick<NetworkSwitch, "pinDivisor" | "pinSeed">,
): TableRouting {
  const ownLinks = links.filter((candidate) => candidate.a === switchId || candidate.b === switchId);
  const groups: number[][] = [];
  const groupOf = new Uint16Array(Math.max(0, ...destinations.map((to) => to.address)) + 1).fill(UNREACHABLE);
  for (const to of destinations) {
    const hops = hopsTo(to, links, isHost);
    const own = hops.get(switchId);
    if (own === undefined) continue;
    const ports = ownLinks.flatMap((candidate, localPort) => {
      const nearer = own === 0 ? candidate === to.link : hops.get(far(candidate, switchId)) === own - 1;
      return nearer ? [localPort] : [];
    });
    if (groupOf[to.address] !== UNREACHABLE) throw new Error(`two NICs with address ${to.address} in one network`);
    const known = groups.findIndex((group) => group.join() === ports.join());
    groupOf[to.address] = known >= 0 ? known : groups.push(ports) - 1;
  }
  if (pinSeed === undefined) return { kind: "table", groups, groupOf, pinDivisor };
  const pins = groupOf.map((group, address) => {
    const count = groups[group]?.length ?? 1;
    return (Math.imul(address + 1, pinSeed | 1) % 65_537) % count;
  });
  return { kind: "table", groups, groupOf, pinDivisor, pins };
}

/** Switches between each switch and the NIC. */
function hopsTo(
  to: Destination,
  links: readonly NetworkLink[],
  isHost: (node: number) => boolean,
): Map<number, number> {
  const first = far(to.link, to.host);
  const hops = new Map<number, number>();
  if (isHost(first)) return hops;
  hops.set(first, 0);
  // A map is walked in order of insertion, those added meanwhile included: breadth first.
  for (const [node, count] of hops) {
    for (const candidate of links) {
      if (candidate.a !== node && candidate.b !== node) continue;
      const next = far(candidate, node);
      if (!isHost(next) && !hops.has(next)) hops.set(next, count + 1);
    }
  }
  return hops;
}

function far(link: NetworkLink, node: number): number {
  return link.a === node ? link.b : link.a;
}
