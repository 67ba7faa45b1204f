/** Waiting behind other packets, where queues show that it happened. */

import type { Outcome } from "../../plan/outcome.js";
import { routesBetween } from "../ideal/path.js";
import { leastOf, trainOf, trainPs } from "../ideal/unloaded.js";
import type { PlanView } from "../ideal/view.js";
import { linkName } from "../text/names.js";
import { bytes, duration } from "../text/units.js";
import { busyPs, fullPacketPs } from "./busy.js";
import { type CriticalFlows, mayCross, worstOnTheWay } from "./critical.js";
import type { Rung } from "./ladder.js";

/**
 * The port on the way of critical flows that was busiest of those where packets of several flows
 * queued.
 */
export interface Queue {
  readonly port: number;
  readonly busyPs: number;
  /** The longest queue on the way. */
  readonly longestPs: number;
}

/**
 * Undefined where no queue on the way was longer than one packet, or where no link of the way is
 * shared.
 */
export function queueOf(
  view: PlanView,
  whole: PlanView,
  outcome: Outcome,
  { flows }: CriticalFlows,
): Queue | undefined {
  const { maxBacklogPs } = outcome.ports;
  const isQueue = (port: number) => maxBacklogPs[port]! > fullPacketPs(view, port);
  const busy = (port: number) => (isQueue(port) ? busyPs(view, outcome, port) : 0);
  const busiest = worstOnTheWay(view, flows, busy, (port) => isShared(whole, port));
  if (busiest === undefined) return undefined;
  const longest = worstOnTheWay(view, flows, (port) => (isQueue(port) ? maxBacklogPs[port]! : 0));
  return { port: busiest.port, busyPs: busiest.value, longestPs: longest?.value ?? 0 };
}

/** Whether at least two flows may leave by a port. */
function isShared(whole: PlanView, port: number): boolean {
  let found = 0;
  for (let flow = 0; flow < whole.plan.flows.count; flow++) {
    if (mayCross(whole, flow, port) && ++found === 2) return true;
  }
  return false;
}

/**
 * The most that queues can account for, in ps, beyond what was taken already. The port was busy for
 * all bytes that were to cross it, and then the last packet had its way to go. Where windows are
 * fixed, a port may also be idle, since queues delay the answers. That counts the longest queue at
 * each hop, for each turn of the window of each dependent chunk. Congestion control has to keep a
 * port from being idle for queues, so such time is not put down to queues.
 */
export function mostQueueingPs(
  view: PlanView,
  critical: CriticalFlows,
  { busyPs: busy, longestPs }: Queue,
  takenPs: number,
): number {
  const { flows, transport } = view.plan;
  const { last } = critical;
  const { routes } = routesBetween(view, flows.srcNic[last]!, flows.dstNic[last]!);
  const wayPs = leastOf(routes, (route) => trainPs(view, route, { ...trainOf(view, last, 1), fullPackets: 0 }));
  const busiestPs = Math.max(0, busy + wayPs - takenPs);
  if (transport.congestionControl !== null) return busiestPs;
  const hops = routes.reduce((most, { classes }) => Math.max(most, classes.length), 1);
  return busiestPs + turnsOf(view, critical) * hops * longestPs;
}

/**
 * How often in a row a packet may have had to wait for an answer, or a chunk for another, at the
 * most.
 */
function turnsOf(view: PlanView, { last, depth }: CriticalFlows): number {
  const { flows, transport } = view.plan;
  const chunks = flows.chunks[last]!;
  const { fullPackets } = trainOf(view, last, 1);
  const steps = depth === 0 ? 1 : chunks + depth;
  const packets = (fullPackets + 1) * (depth === 0 ? chunks : 1);
  return steps * (transport.windowPackets === 0 ? 1 : Math.ceil(packets / transport.windowPackets));
}

export function queueingRung(view: PlanView, outcome: Outcome, { port }: Queue): Rung {
  const where = linkName(view, port);
  const { rateBps } = view.fabric.linkClasses[view.fabric.portClass[port]!]!;
  const longest = Math.floor(outcome.ports.maxBacklogPs[port]! / (8e12 / rateBps));
  const busy = duration(busyPs(view, outcome, port) / 1000);
  return {
    ...{ cause: "queueing", basis: "evidence", where },
    text: `Packets waited behind others, where flows share a link: ${where} was busy for ${busy}, with up to ${bytes(longest)} queued.`,
  };
}
