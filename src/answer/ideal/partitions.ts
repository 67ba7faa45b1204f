/**
 * Partitions of a listed fabric whose boundaries may be narrow. Any partition gives a true bound.
 */
import type { Fabric } from "../../plan/fabric.js";
import { type Edge, FlowNetwork } from "./max-flow.js";
import { type PlanView, switchAt } from "./view.js";

/** Group of each switch. */
export type Partition = Int32Array;

/** Switches with hosts, above which no minimum cuts are sought; and partitions of each kind. */
const MAX_TERMINALS = 64;
const MAX_PARTITIONS = 24;

const known = new WeakMap<Fabric, readonly Partition[]>();

/**
 * Partitions of the switches of a listed fabric; none for a regular one, whose levels are its cuts.
 *
 * - Switches that are joined by bundles of links of at least some capacity, for each capacity.
 * - The minimum cuts between any two switches with hosts, one by one, and the narrowest of them
 *   together: the edges of a Gomory-Hu tree (Gusfield 1990).
 */
export function partitionsOf(view: PlanView): readonly Partition[] {
  const { fabric } = view;
  let partitions = known.get(fabric);
  if (partitions === undefined) {
    // Some switches of a regular fabric have tables, where routes change.
    const isListed = fabric.switches.length > 0 && fabric.switches.every(({ routing }) => routing.kind === "table");
    partitions = isListed ? distinct([...byCapacity(view), ...byMinimumCuts(view)]) : [];
    known.set(fabric, partitions);
  }
  return partitions;
}

/** Links between the same two switches as one, with what they carry in the slower direction. */
function bundlesOf(view: PlanView): Edge[] {
  const { fabric } = view;
  const { peerPort, linkClasses, portClass } = fabric;
  const capacities = new Map<number, number>();
  const count = fabric.switches.length;
  peerPort.forEach((peer, port) => {
    const [a, b] = [switchAt(view, port), switchAt(view, peer)];
    if (a < 0 || b < 0 || a >= b) return;
    const rates = [port, peer].map((end) => linkClasses[portClass[end]!]!.rateBps);
    capacities.set(a * count + b, (capacities.get(a * count + b) ?? 0) + Math.min(...rates));
  });
  return [...capacities].map(([key, capacity]) => ({ a: Math.floor(key / count), b: key % count, capacity }));
}

function byCapacity(view: PlanView): Partition[] {
  const bundles = bundlesOf(view).sort((x, y) => y.capacity - x.capacity);
  let group = Int32Array.from(view.fabric.switches, (_, number) => number);
  const partitions: Partition[] = [];
  bundles.forEach(({ a, b, capacity }, i) => {
    const [from, to] = [group[a]!, group[b]!];
    if (from !== to) group = group.map((other) => (other === from ? to : other));
    if (bundles[i + 1]?.capacity !== capacity) partitions.push(group);
  });
  return partitions.slice(-MAX_PARTITIONS);
}

function byMinimumCuts(view: PlanView): Partition[] {
  const { nics, peerPort } = view.fabric;
  const terminals = [...new Set(Array.from(nics.port, (port) => switchAt(view, peerPort[port]!)))].filter(
    (sw) => sw >= 0,
  );
  if (terminals.length < 2 || terminals.length > MAX_TERMINALS) return [];
  const network = new FlowNetwork(view.fabric.switches.length, bundlesOf(view));
  const parent = new Map(terminals.map((terminal) => [terminal, terminals[0]!]));
  const cuts = terminals.slice(1).map((terminal, i) => {
    const cut = network.minimumCut(terminal, parent.get(terminal)!);
    for (const later of terminals.slice(i + 2)) {
      if (cut.side[later] === 1 && parent.get(later) === parent.get(terminal)) parent.set(later, terminal);
    }
    return cut;
  });
  const narrowest = cuts.sort((x, y) => x.flow - y.flow).slice(0, MAX_PARTITIONS);
  let together = view.fabric.switches.map(() => "");
  const nested = narrowest.map(({ side }) => {
    together = together.map((sides, sw) => `${sides}${side[sw]}`);
    return numbered(together);
  });
  return [...narrowest.map(({ side }) => Int32Array.from(side)), ...nested];
}

function numbered(names: readonly string[]): Partition {
  const numbers = new Map<string, number>();
  return Int32Array.from(names, (name) => {
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
}

function distinct(partitions: readonly Partition[]): Partition[] {
  return [...new Map(partitions.map((partition) => [numbered([...partition].map(String)).join(), partition])).values()];
}
