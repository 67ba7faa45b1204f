import type { Fabric, LinkClass } from "../../plan/fabric.js";
import { nextPorts } from "../../plan/next-hops.js";
import { effectPs, flightPs, type PlanView, switchAt } from "./view.js";

/**
 * A way from one NIC to another as far as time is concerned. It has the classes of the links that a
 * packet is serialized on, in order. All other latency of the way (both NICs, propagation, FEC,
 * switches) is one figure in ps.
 */
export interface Route {
  readonly fixedPs: number;
  readonly classes: readonly number[];
}

export interface Routes {
  /** Different ones only; empty where there is no path. */
  readonly routes: readonly Route[];
  /** True where no switch on the way has a choice. */
  readonly isOnlyPath: boolean;
}

/**
 * More ways than this, each different, are replaced by one that is at least as fast as all of them.
 */
const ROUTES_MAX = 64;

interface Walk {
  readonly view: PlanView;
  readonly dstNic: number;
  readonly address: number;
  readonly best: BestOfLevel;
  readonly known: Map<number, readonly PartialRoute[]>;
  choices: number;
}

interface PartialRoute extends Route {
  /**
   * No link or switch of the same levels would be faster, so that the other candidates need not be
   * walked.
   */
  readonly isBest: boolean;
}

/**
 * Ways from one NIC to another over the routing tables. Candidates lead over switches of the same
 * levels (up-down routing, or all shortest paths). So no way is faster than one on which every link
 * and every switch is the fastest of its level. The walk ends at the first such way: a regular
 * fabric costs one step per hop, however many uplinks it has.
 */
export function routesBetween(view: PlanView, srcNic: number, dstNic: number): Routes {
  const { nics, peerPort, portClass } = view.fabric;
  const port = nics.port[srcNic]!;
  const first = { fixedPs: view.plan.nicLatencyPs[srcNic]! + flightPs(view, port) + effectPs(view, port) };
  const peer = peerPort[port]!;
  if (view.nicOfPort[peer]! >= 0) {
    const routes = view.nicOfPort[peer] === dstNic ? [{ ...first, classes: [portClass[port]!] }] : [];
    return { routes, isOnlyPath: true };
  }
  const address = nics.address[dstNic]!;
  const walk: Walk = { view, dstNic, address, best: bestOfLevel(view), known: new Map(), choices: 0 };
  const leaf = switchAt(view, peer);
  const ways = [...onwards(walk, leaf), ...fastestDetour(view, leaf, dstNic)];
  const routes = ways.map(({ fixedPs, classes }) => ({
    fixedPs: first.fixedPs + fixedPs,
    classes: [portClass[port]!, ...classes],
  }));
  return { routes, isOnlyPath: walk.choices === 0 && view.fabric.detours === undefined };
}

/**
 * A way that is at least as fast as any over a third group of routers: two links between groups,
 * three routers, and each of these the fastest there is. None within a group.
 */
function fastestDetour(view: PlanView, leaf: number, dstNic: number): readonly Route[] {
  const { detours, nics, peerPort, portClass, linkClasses } = view.fabric;
  if (detours === undefined) return [];
  const group = detours.groupOfSwitch[leaf]!;
  const lastPort = peerPort[nics.port[dstNic]!]!;
  const last = switchAt(view, lastPort);
  if (group < 0 || detours.groupOfSwitch[last]! === group) return [];
  const global = linkClasses.flatMap((link, linkClass) => (link.level === "global" ? [{ ...link, linkClass }] : []));
  const { linkClass } = global.reduce((best, link) => (link.rateBps > best.rateBps ? link : best));
  const flight = Math.min(...global.map(({ propagationPs, fecPs }) => propagationPs + fecPs));
  const { latencyPs } = view.fabric.switches[leaf]!;
  const fixedPs = 2 * (flight + latencyPs) + flightPs(view, lastPort) + effectPs(view, lastPort);
  return [{ fixedPs, classes: [linkClass, linkClass, portClass[lastPort]!] }];
}

function onwards(walk: Walk, switchNumber: number): readonly PartialRoute[] {
  const known = walk.known.get(switchNumber);
  if (known !== undefined) return known;
  // A loop in the tables is no way to anywhere.
  walk.known.set(switchNumber, []);
  const found = new Map<string, PartialRoute>();
  const candidates = nextPorts(walk.view.fabric, switchNumber, walk.address);
  if (candidates.length > 1) walk.choices += 1;
  for (const port of candidates) {
    const continued = overPort(walk, port);
    for (const route of continued) found.set(`${route.fixedPs} ${route.classes.join(" ")}`, route);
    if (continued.some((route) => route.isBest)) break;
  }
  const routes = relaxed(walk.view, [...found.values()]);
  walk.known.set(switchNumber, routes);
  return routes;
}

function overPort(walk: Walk, port: number): readonly PartialRoute[] {
  const { view, best, dstNic } = walk;
  const { peerPort, portClass } = view.fabric;
  const linkClass = portClass[port]!;
  const fixedPs = flightPs(view, port) + effectPs(view, port);
  const peer = peerPort[port]!;
  const nic = view.nicOfPort[peer]!;
  // There is no way around the destination's own link: whatever it is, it is the best there is.
  if (nic >= 0) return nic === dstNic ? [{ fixedPs, classes: [linkClass], isBest: true }] : [];
  const next = switchAt(view, peer);
  const isBest = best.classes[linkClass]! && best.switches[next]!;
  return onwards(walk, next).map((route) => ({
    fixedPs: fixedPs + route.fixedPs,
    classes: [linkClass, ...route.classes],
    isBest: isBest && route.isBest,
  }));
}

/**
 * Where there are too many ways: for each length one with the least latency and the fastest link at
 * every hop.
 */
function relaxed(view: PlanView, routes: readonly PartialRoute[]): readonly PartialRoute[] {
  if (routes.length <= ROUTES_MAX) return routes;
  const { linkClasses } = view.fabric;
  const byLength = new Map<number, PartialRoute>();
  for (const route of routes) {
    const other = byLength.get(route.classes.length);
    byLength.set(route.classes.length, {
      fixedPs: Math.min(route.fixedPs, other?.fixedPs ?? route.fixedPs),
      classes: route.classes.map((linkClass, hop) => {
        const rival = other?.classes[hop] ?? linkClass;
        return linkClasses[rival]!.rateBps > linkClasses[linkClass]!.rateBps ? rival : linkClass;
      }),
      isBest: false,
    });
  }
  return [...byLength.values()];
}

interface BestOfLevel {
  readonly classes: readonly boolean[];
  readonly switches: readonly boolean[];
}

const bestByFabric = new WeakMap<Fabric, BestOfLevel>();

function bestOfLevel({ fabric }: PlanView): BestOfLevel {
  let best = bestByFabric.get(fabric);
  if (best === undefined) {
    const { linkClasses, switches } = fabric;
    const delayPs = ({ propagationPs, fecPs }: LinkClass) => propagationPs + fecPs;
    const fastest = bestByLevel(linkClasses, ({ rateBps }) => -rateBps);
    const shortest = bestByLevel(linkClasses, delayPs);
    const quickest = bestByLevel(switches, ({ latencyPs }) => latencyPs);
    best = {
      classes: linkClasses.map(
        (link) => -link.rateBps === fastest.get(link.level) && delayPs(link) === shortest.get(link.level),
      ),
      switches: switches.map(({ level, latencyPs }) => latencyPs === quickest.get(level)),
    };
    bestByFabric.set(fabric, best);
  }
  return best;
}

function bestByLevel<T extends { readonly level: string }>(
  items: readonly T[],
  cost: (item: T) => number,
): Map<string, number> {
  const least = new Map<string, number>();
  for (const item of items)
    least.set(item.level, Math.min(cost(item), least.get(item.level) ?? Number.POSITIVE_INFINITY));
  return least;
}
