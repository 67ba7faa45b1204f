import type { RunPlan } from "../../plan/plan.js";
import { type Route, routesBetween } from "./path.js";
import { type PlanView, viewPlan } from "./view.js";

/** The packets of some chunks of a flow: MODEL §2. */
export interface Train {
  readonly mtuBytes: number;
  /** Payload of the last packet of each chunk. */
  readonly lastBytes: number;
  /**
   * Packets with `mtuBytes` of payload, over all chunks; the packets of `lastBytes` are one per
   * chunk.
   */
  readonly fullPackets: number;
  readonly chunks: number;
}

/** Packets of `chunks` chunks of a flow. */
export function trainOf(view: PlanView, flow: number, chunks: number): Train {
  const { flows, fabric } = view.plan;
  const port = fabric.nics.port[flows.srcNic[flow]!]!;
  const { mtuBytes } = fabric.linkClasses[fabric.portClass[port]!]!;
  const chunkBytes = flows.chunkBytes[flow]!;
  const packets = Math.max(1, Math.ceil(chunkBytes / mtuBytes));
  return { mtuBytes, lastBytes: chunkBytes - (packets - 1) * mtuBytes, fullPackets: (packets - 1) * chunks, chunks };
}

/** Time that a train keeps one link busy, in ps. */
export function trainWorkPs(view: PlanView, linkClass: number, train: Train): number {
  const { mtuBytes, lastBytes, fullPackets, chunks } = train;
  return fullPackets * view.wires.dataPs(linkClass, mtuBytes) + chunks * view.wires.dataPs(linkClass, lastBytes);
}

/**
 * Time from posting a train on an empty network to the delivery of its last packet, in ps, exact.
 *
 * A packet starts at a hop when it has come from the hop before and the packet before it has left:
 * `D(i, j) = max(D(i, j-1) + latency, D(i-1, j)) + ser(i, j)`. Unrolled, the last departure is the
 * largest sum of `ser` over the monotone walks through the table of packets by hops, plus all
 * latencies. A walk counts one packet at every hop and the others where it stays. Slower links are
 * slower for every size, so it stays at the slowest hop; changing hops on a full packet costs the
 * walk least. So only one choice remains: the hop `k` at which it goes over to the last packet.
 */
export function trainPs(view: PlanView, route: Route, train: Train): number {
  const { mtuBytes, lastBytes, fullPackets, chunks } = train;
  const last = route.classes.map((linkClass) => view.wires.dataPs(linkClass, lastBytes));
  const hasFull = fullPackets > 0;
  const full = hasFull ? route.classes.map((linkClass) => view.wires.dataPs(linkClass, mtuBytes)) : last;
  // Between the first packet and the last one of the train.
  const fullBetween = hasFull ? fullPackets - 1 : chunks - 2;
  const lastBetween = hasFull ? chunks - 1 : 0;
  let lastOnwards = last.reduce((sum, ps) => sum + ps, 0);
  if (!hasFull && chunks === 1) return route.fixedPs + lastOnwards;

  let longest = 0;
  let fullSoFar = 0;
  let slowestFull = 0;
  let slowestLast = 0;
  for (let hop = 0; hop < route.classes.length; hop++) {
    fullSoFar += full[hop]!;
    slowestFull = Math.max(slowestFull, full[hop]!);
    slowestLast = Math.max(slowestLast, last[hop]!);
    const walk = fullSoFar + fullBetween * slowestFull + lastBetween * slowestLast + lastOnwards;
    longest = Math.max(longest, walk);
    lastOnwards -= last[hop]!;
  }
  return route.fixedPs + longest;
}

/**
 * Completion time of a flow that has the network to itself, in ps: from its start (or, for a flow
 * that waits for others, from its posting) to its last delivery, all its chunks being free to go.
 * Over the fastest way where the tables offer several; a send window that is smaller than the round
 * trip is not counted. Infinity where there is no way.
 */
export function unloadedFlowPs(plan: RunPlan, flow: number): number {
  const view = viewPlan(plan);
  const { routes } = routesBetween(view, plan.flows.srcNic[flow]!, plan.flows.dstNic[flow]!);
  const train = trainOf(view, flow, plan.flows.chunks[flow]!);
  return leastOf(routes, (route) => trainPs(view, route, train));
}

/** Least value over routes; Infinity where there is none. */
export function leastOf(routes: readonly Route[], value: (route: Route) => number): number {
  return routes.reduce((least, route) => Math.min(least, value(route)), Number.POSITIVE_INFINITY);
}
