/**
 * The static choices of `pinned` on listed fabrics: spread by digits of the destination, as in a
 * Clos.
 */

import { nearerPorts } from "./nearer-ports.js";
import { costsTo, type SwitchGraph } from "./switch-graph.js";

/** Choices of one switch: the candidate, in group order, by destination address. */
export type Pins = Uint16Array;

/**
 * Candidates that `pinned` takes, by switch and address (docs/MODEL.md, section 9).
 *
 * Destinations are numbered switch by switch. A switch takes the number's digits that no switch
 * before it has used: it divides the number by the product of the next switches that those could
 * choose from. Candidates count next switch by next switch, so that parallel links come last.
 */
export function pinsOf(graph: SwitchGraph): Pins[] {
  const { neighbours, attachments } = graph;
  const hosts = hostsBySwitch(graph);
  const numbers = numberHosts(graph, hosts);
  const pins = neighbours.map(() => new Uint16Array(attachments.length));
  for (const [destination, addresses] of hosts) {
    const hops = costsTo(destination, graph);
    const farthestFirst = [...neighbours.keys()]
      .filter((sw) => hops[sw]! > 0)
      .sort((a, b) => hops[b]! - hops[a]! || a - b);
    const divisors = new Float64Array(neighbours.length);
    for (const sw of hosts.keys()) divisors[sw] = 1;
    for (const sw of farthestFirst) {
      const { order, nextSwitches } = alternating(graph, sw, hops);
      const divisor = divisors[sw]!;
      // No packet for this destination comes here.
      if (divisor === 0) continue;
      for (const address of addresses) {
        pins[sw]![address] = order[Math.floor(numbers[address]! / divisor) % order.length]!;
      }
      // Once all digits are used, they are used again from the lowest.
      const product = divisor * nextSwitches.length;
      const passedOn = product < attachments.length ? product : 1;
      for (const next of nextSwitches) divisors[next] = Math.max(divisors[next]!, passedOn);
    }
  }
  return pins;
}

/**
 * Addresses of the hosts of each switch that has any; switches in the order of their first host.
 */
function hostsBySwitch({ attachments }: SwitchGraph): Map<number, number[]> {
  const hosts = new Map<number, number[]>();
  attachments.forEach(({ sw }, address) => {
    if (sw < 0) return;
    const addresses = hosts.get(sw);
    if (addresses === undefined) hosts.set(sw, [address]);
    else addresses.push(address);
  });
  return hosts;
}

/**
 * Hosts numbered switch by switch. Each next switch is the nearest to any one before it, and of
 * equally near ones the one with the first host: so leaves of a pod stand together (the order in
 * which Prim's algorithm visits them).
 */
function numberHosts(graph: SwitchGraph, hosts: ReadonlyMap<number, number[]>): Uint32Array {
  const numbers = new Uint32Array(graph.attachments.length);
  const waiting = new Map<number, number>([...hosts.keys()].map((sw) => [sw, Number.POSITIVE_INFINITY]));
  let count = 0;
  while (waiting.size > 0) {
    let nearest = -1;
    for (const [sw, distance] of waiting) {
      if (nearest < 0 || distance < waiting.get(nearest)!) nearest = sw;
    }
    waiting.delete(nearest);
    for (const address of hosts.get(nearest)!) numbers[address] = count++;
    const hops = costsTo(nearest, graph);
    for (const [sw, distance] of waiting) {
      if (hops[sw]! >= 0) waiting.set(sw, Math.min(distance, hops[sw]!));
    }
  }
  return numbers;
}

/**
 * Candidates of a switch in the order in which digits count them: the first link to each next
 * switch, then the second ones, and so on.
 * @returns places in the group (ascending ports), and the next switches in the order of their ports
 */
function alternating(
  graph: SwitchGraph,
  sw: number,
  hops: Int32Array,
): { order: readonly number[]; nextSwitches: readonly number[] } {
  const links = new Map<number, number[]>();
  let place = 0;
  for (const port of nearerPorts(graph, sw, hops)) {
    const peer = graph.neighbours[sw]![port]!;
    const places = links.get(peer);
    if (places === undefined) links.set(peer, [place]);
    else places.push(place);
    place += 1;
  }
  const bundles = [...links.values()];
  const widest = bundles.reduce((most, { length }) => Math.max(most, length), 0);
  const order: number[] = [];
  for (let i = 0; i < widest; i++) {
    for (const bundle of bundles) if (i < bundle.length) order.push(bundle[i]!);
  }
  return { order, nextSwitches: [...links.keys()] };
}
