import { spreadsPackets } from "../../plan/policies/routing.js";
import type { FlowTimes } from "./certain.js";
import { memberTimes } from "./member-times.js";
import { type Route, type Routes, routesBetween } from "./path.js";
import { leastOf, type Train, trainOf, trainPs, trainWorkPs } from "./unloaded.js";
import type { PlanView } from "./view.js";

/** By view, so that each bound need not work them out anew. */
const known = new WeakMap<PlanView, (FlowTimes | undefined)[]>();

/** Undefined where there is no way from source to destination. */
export function flowTimes(view: PlanView, flow: number): FlowTimes | undefined {
  let times = known.get(view);
  if (times === undefined) {
    times = [];
    known.set(view, times);
  }
  if (!(flow in times)) times[flow] = timesOf(view, flow);
  return times[flow];
}

function timesOf(view: PlanView, flow: number): FlowTimes | undefined {
  const ofMember = memberTimes(view, flow);
  if (ofMember !== undefined) return ofMember;
  const { flows, wire, routing } = view.plan;
  const found = routesBetween(view, flows.srcNic[flow]!, flows.dstNic[flow]!);
  const anyRoute = found.routes[0];
  if (anyRoute === undefined) return undefined;
  const one = trainOf(view, flow, 1);
  const all = trainOf(view, flow, flows.chunks[flow]!);
  const isPerFlow = found.isOnlyPath || !spreadsPackets(routing.policy);
  const leastPs = isPerFlow ? inOrderPs : anyOrderPs;
  const { fullPackets, mtuBytes, chunks, lastBytes } = all;
  const packets = fullPackets + chunks;
  return {
    chunkPs: leastPs(view, found, one),
    flowPs: leastPs(view, found, all),
    srcWorkPs: trainWorkPs(view, anyRoute.classes[0]!, all),
    dstWorkPs: trainWorkPs(view, anyRoute.classes.at(-1)!, all),
    srcRestPs: leastOf(found.routes, (route) => route.fixedPs + onwardsPs(view, route, lastBytes)),
    dstRestPs: leastOf(found.routes, (route) => headPs(view, route, one)),
    wireBytes: fullPackets * mtuBytes + chunks * lastBytes + packets * (wire.headerBytes + wire.gapBytes),
    packets,
  };
}

/**
 * All packets take one way: other traffic only delays departures, at every hop, so the unloaded
 * time is a bound.
 */
function inOrderPs(view: PlanView, { routes }: Routes, train: Train): number {
  return leastOf(routes, (route) => trainPs(view, route, train));
}

/**
 * Packets may take different ways side by side, so only the two links that they share count as
 * busy. Three bounds: what follows the last packet's departure from the source; what follows the
 * last full packet's; what precedes the first packet's arrival at the destination's link, which the
 * whole train then crosses.
 */
function anyOrderPs(view: PlanView, { routes }: Routes, train: Train): number {
  const { mtuBytes, lastBytes, fullPackets } = train;
  const srcWorkPs = trainWorkPs(view, routes[0]!.classes[0]!, train);
  const dstWorkPs = trainWorkPs(view, routes[0]!.classes.at(-1)!, train);
  const afterLast = leastOf(routes, (route) => route.fixedPs + srcWorkPs + onwardsPs(view, route, lastBytes));
  const afterFull = leastOf(routes, (route) => {
    const lastPs = view.wires.dataPs(route.classes[0]!, lastBytes);
    return route.fixedPs + srcWorkPs - lastPs + onwardsPs(view, route, mtuBytes);
  });
  if (routes[0]!.classes.length === 1) return afterLast;
  const beforeFirst = leastOf(routes, (route) =>
    headPs(view, route, { ...train, fullPackets: fullPackets / train.chunks }),
  );
  return Math.max(afterLast, fullPackets > 0 ? afterFull : 0, beforeFirst + dstWorkPs);
}

/** Serialization of one packet on every link but the first. */
function onwardsPs(view: PlanView, { classes }: Route, payloadBytes: number): number {
  return classes.slice(1).reduce((sum, linkClass) => sum + view.wires.dataPs(linkClass, payloadBytes), 0);
}

/**
 * All latency of the way and the serialization that precedes the last link, for whichever packet
 * comes there first: the first one, or (over a way of its own) the smaller one that ends the first
 * chunk and leaves the source after the others.
 */
function headPs(view: PlanView, { classes, fixedPs }: Route, one: Train): number {
  const inner = classes.slice(1, -1);
  const firstLink = classes.length > 1 ? classes[0]! : undefined;
  if (firstLink === undefined) return fixedPs;
  const sum = (bytes: number) => inner.reduce((total, linkClass) => total + view.wires.dataPs(linkClass, bytes), 0);
  const { mtuBytes, lastBytes, fullPackets } = one;
  const lastPs = view.wires.dataPs(firstLink, lastBytes) + sum(lastBytes);
  if (fullPackets === 0) return fixedPs + lastPs;
  const fullPs = view.wires.dataPs(firstLink, mtuBytes);
  return fixedPs + Math.min(fullPs + sum(mtuBytes), fullPackets * fullPs + lastPs);
}
