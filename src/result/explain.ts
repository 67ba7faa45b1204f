import type { Bounds } from "../ideal/ideal.js";
import { reachOf } from "../ideal/next-hops.js";
import type { PlanView } from "../ideal/view.js";
import { classOfFlow } from "../plan/flows.js";
import type { ClassCounters, Outcome } from "../plan/outcome.js";
import type { Scenario } from "../scenario/scenario.js";
import { bufferAhead } from "./credit.js";
import type { Explanation, LinkSummary } from "./document.js";
import { linkName } from "./names.js";
import { stormBehind } from "./pauses.js";
import { rankFinishPs } from "./ranks.js";
import { mostTimeoutsPs, timeoutRange } from "./timeouts.js";
import { bytes, count, duration, percent } from "./units.js";

/** A cause before shares are taken. Whole picoseconds. */
interface Part {
  readonly cause: string;
  readonly ps: number;
  readonly where: string;
  readonly text: string;
}

/**
 * Splits a finished run's completion time into causes whose shares add up to 1. A ladder, each rung taking at most what the ones before
 * left:
 *
 * 1. `bound`: what no algorithm can beat on this fabric;
 * 2. `schedule`: what this algorithm needs beyond that on an empty network;
 * 3. `timeouts`: retransmission timeouts that fired, times the timeout. Timers of different QPs run side by side, so this is the
 *    most they can account for;
 * 4. `pauses`: the longest time that one port on the way to the slowest rank was paused;
 * 5. `credits`: the same of waiting for credit;
 * 6. `losses` where frames were lost, `queueing` where none were: the rest. Packets waited behind others, or were sent again; nothing
 *    that is counted tells the two apart, so the text of `losses` gives both.
 *
 * The first two are proven. The others are evidence along the slowest rank's paths, not a trace of the critical path. Rungs that take
 * nothing are left out.
 */
export function explain(
  scenario: Scenario,
  view: PlanView,
  outcome: Outcome,
  { idealPs, schedulePs }: Bounds,
  links: LinkSummary,
): readonly Explanation[] {
  const jctPs = outcome.finishPs.reduce((most, ps) => Math.max(most, ps), 0);
  const parts: Part[] = [];
  let leftPs = jctPs;
  const take = (atMostPs: number, describe: (ps: number) => Omit<Part, "ps">) => {
    const ps = Math.min(leftPs, Math.max(0, atMostPs));
    leftPs -= ps;
    if (ps > 0) parts.push({ ps, ...describe(ps) });
  };
  take(idealPs, boundPart(scenario));
  take(schedulePs - idealPs, schedulePart(scenario, schedulePs));
  take(mostTimeoutsPs(view.plan.transport, outcome.totals.timeouts), timeoutPart(view, outcome));
  const paused = worstOnTheWay(view, outcome, "pausedPs");
  if (paused !== undefined) take(paused.ps, () => pausePart(view, outcome, paused));
  const waited = worstOnTheWay(view, outcome, "creditWaitPs");
  if (waited !== undefined) take(waited.ps, () => creditPart(view, waited));
  take(leftPs, () => lossPart(view, outcome, links) ?? queueingPart(outcome, links));
  return withShares(parts, jctPs);
}

function boundPart({ workload }: Scenario) {
  return (ps: number) => ({
    cause: "bound",
    where: "fabric",
    text:
      workload.kind === "collective"
        ? `No algorithm can finish this ${workload.collective} on this fabric in less than ${duration(ps / 1000)}.`
        : `These flows need ${duration(ps / 1000)} on this fabric at the least.`,
  });
}

function schedulePart({ workload }: Scenario, schedulePs: number) {
  const algorithm = workload.kind === "collective" ? workload.algorithm : "flows";
  return (ps: number) => ({
    cause: "schedule",
    where: algorithm,
    text: `On an empty network the ${algorithm} schedule needs ${duration(schedulePs / 1000)}, ${duration(ps / 1000)} more than the bound.`,
  });
}

function timeoutPart({ plan }: PlanView, { totals }: Outcome) {
  return (ps: number) => ({
    cause: "timeouts",
    where: "transport",
    text: `${count(totals.timeouts)} retransmission timeouts of ${timeoutRange(plan.transport, plan.transport.retryLimit)} fired; they account for ${duration(ps / 1000)} at most.`,
  });
}

function pausePart(view: PlanView, outcome: Outcome, { port, ps }: { port: number; ps: number }) {
  const where = linkName(view, port);
  return {
    cause: "pauses",
    where,
    text: `On the way to the slowest rank, ${where} was paused for ${duration(ps / 1000)} by flow control.${stormBehind(view, outcome.ports.pausedPs, port)}`,
  };
}

function creditPart(view: PlanView, { port, ps }: { port: number; ps: number }) {
  const where = linkName(view, port);
  return {
    cause: "credits",
    where,
    text: `On the way to the slowest rank, ${where} waited ${duration(ps / 1000)} for credit: for room in the buffer of ${bytes(bufferAhead(view, port))} at its other end, or for word of it.`,
  };
}

/** Undefined where nothing was lost. The place is the direction, or the buffer behind it, that lost most. */
function lossPart(view: PlanView, outcome: Outcome, links: LinkSummary) {
  const { totals, ports } = outcome;
  const causes = [
    { packets: totals.droppedCrc, drops: ports.droppedCrc, why: "to transmission errors", isIngress: false },
    { packets: totals.droppedLinkDown, drops: ports.droppedLinkDown, why: "with the link down", isIngress: false },
    { packets: totals.droppedWatchdog, drops: ports.droppedWatchdog, why: "by the watchdog", isIngress: false },
    { packets: totals.droppedCongestion, drops: ports.droppedCongestion, why: "for lack of buffer", isIngress: true },
  ];
  const dropped = causes.reduce((sum, { packets }) => sum + packets, 0);
  if (dropped === 0) return undefined;
  const { drops, why, isIngress } = causes.reduce((a, b) => (b.packets > a.packets ? b : a));
  const worst = drops.indexOf(drops.reduce((most, packets) => Math.max(most, packets), 0));
  // Congestion is counted where packets come in; the link that brought them is the peer's.
  const where = linkName(view, isIngress ? view.fabric.peerPort[worst]! : worst);
  const lapsed =
    totals.pausesLapsed > 0 ? ` ${count(totals.pausesLapsed)} pauses lapsed before they were refreshed.` : "";
  const lost = `${count(dropped)} packets were lost, most ${why} on ${where}, and ${count(totals.retransmitted)} sent again.${lapsed}`;
  return {
    cause: "losses",
    where,
    text: `${lost} ${queueingPart({ ...outcome, totals: { ...totals, retransmitted: 0 } }, links).text}`,
  };
}

function queueingPart({ totals }: Outcome, { hottest }: LinkSummary) {
  const link = hottest[0];
  const where = link === undefined ? "fabric" : `${link.from} -> ${link.to}`;
  const busiest =
    link === undefined
      ? ""
      : ` The busiest link, ${where}, was used ${percent(link.utilisation)} of the time with up to ${bytes(link.maxQueueBytes)} queued.`;
  const again = totals.retransmitted > 0 ? ` ${count(totals.retransmitted)} packets were sent again.` : "";
  return {
    cause: "queueing",
    where,
    text: `Packets waited behind others, where flows share a link.${busiest}${again}`,
  };
}

/** The port that was held longest on any way to the rank that finished last, in the data class of what goes there. */
function worstOnTheWay(
  view: PlanView,
  outcome: Outcome,
  counter: keyof ClassCounters,
): { port: number; ps: number } | undefined {
  const { flows, fabric } = view.plan;
  if (!outcome.ports[counter].some((ps) => ps > 0)) return undefined;
  const finishPs = rankFinishPs(view.plan, outcome);
  const slowest = finishPs.indexOf(finishPs.reduce((most, ps) => Math.max(most, ps), -1));
  let worst: { port: number; ps: number } | undefined;
  for (let flow = 0; flow < flows.count; flow++) {
    const dstNic = flows.dstNic[flow]!;
    if (fabric.nics.rank[dstNic] !== slowest) continue;
    const heldPs = (outcome.classes?.[classOfFlow(flows, flow)] ?? outcome.ports)[counter];
    for (const port of reachOf(view, flows.srcNic[flow]!, dstNic).ports) {
      if (worst === undefined || heldPs[port]! > worst.ps) worst = { port, ps: heldPs[port]! };
    }
  }
  return worst;
}

/** Whole picoseconds add up by themselves. The last share takes the rounding: added in order, shares make 1 to the last bit. */
function withShares(parts: readonly Part[], jctPs: number): readonly Explanation[] {
  let earlier = 0;
  return parts.map(({ cause, ps, where, text }, i) => {
    const shareOfJct = i === parts.length - 1 ? 1 - earlier : ps / jctPs;
    earlier += shareOfJct;
    return { cause, shareOfJct, ns: ps / 1000, where, text };
  });
}
