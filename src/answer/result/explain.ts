import { classOfFlow } from "../../plan/flows.js";
import type { ClassCounters, Outcome } from "../../plan/outcome.js";
import type { RunPlan } from "../../plan/plan.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { collectiveOf, scheduleOf } from "../../scenario/types/workload-kinds.js";
import { type CriticalFlows, criticalFlowsOf, worstOnTheWay } from "../causes/critical.js";
import type { Explanation } from "../causes/explanation.js";
import { healthyBounds, healthyView, takeSlowLinks, takeStalls } from "../causes/faults.js";
import { Ladder, type Rung } from "../causes/ladder.js";
import { takePassingSlowdowns } from "../causes/passing-faults.js";
import { mostQueueingPs, queueingRung, queueOf } from "../causes/queueing.js";
import { rateRung } from "../causes/rate-control.js";
import { type Resent, resentOf, resentRung } from "../causes/retransmission.js";
import { windowBoundPs } from "../causes/window.js";
import type { Bounds } from "../ideal/ideal.js";
import { type PlanView, viewPlan } from "../ideal/view.js";
import { linkName } from "../text/names.js";
import { bytes, counted, duration } from "../text/units.js";
import { bufferAhead } from "./credit.js";
import { stormBehind } from "./pauses.js";
import { mostTimeoutsPs, timeoutRange } from "./timeouts.js";

export interface ExplainedRun {
  readonly scenario: Scenario;
  /** Plan and outcome of the job, all times from its start. */
  readonly view: PlanView;
  readonly outcome: Outcome;
  readonly bounds: Bounds;
  /** The plan without faults, where it was made already. */
  readonly healthy?: PlanView | undefined;
  /** With the background traffic; the job's own plan where left out. */
  readonly wholePlan?: RunPlan;
}

/**
 * Splits a finished run's completion time into causes whose shares add up to 1. A ladder, each rung
 * taking at most what the ones before left:
 *
 * 1. `bound`: what no algorithm can beat on this fabric, faults aside;
 * 2. `schedule`: what this algorithm needs beyond that on an empty network;
 * 3. `faults`: what slower links add to that; then how long the slow link was busy for being slow,
 *    and (after the window) stalls of receiving NICs;
 * 4. `window`: what the window of each queue pair adds on an empty network;
 * 5. `timeouts`: retransmission timeouts that fired, times the timeout. Timers of different QPs run
 *    side by side, so this is the most they can account for;
 * 6. `pauses`, `credits`: the longest time that one port on the way was paused, or waited for
 *    credit;
 * 7. `losses` where packets were lost, `retransmission` where they only came out of order: the time
 *    that a NIC spent on sending packets again;
 * 8. `queueing`: the time that a port was busy where packets of several flows queued; then the
 *    longest queues, as often as packets can have met them;
 * 9. the rest: `rate-control` where congestion control slowed senders down, `losses` or
 *    `retransmission` where packets were sent again, else `unknown`.
 *
 * The bounds prove 1, 2, 4 and the first part of 3. The others are evidence: what was measured on
 * the ways of the flows that were delivered last and of those that they wait for. It is not a trace
 * of the critical path. Rungs that take nothing are left out.
 */
export function explain(run: ExplainedRun): readonly Explanation[] {
  const { view, outcome } = run;
  const jctPs = outcome.finishPs.reduce((most, ps) => Math.max(most, ps), 0);
  const ladder = new Ladder(jctPs);
  if (jctPs === 0) return [];
  const critical = criticalFlowsOf(view.plan, outcome.finishPs);
  takeBounds(ladder, run, critical);
  takeStalls(ladder, view, outcome, critical);
  takePassingSlowdowns(ladder, view, outcome, critical);
  takeHolds(ladder, run, critical);
  takeCongestion(ladder, run, critical);
  return ladder.explanation();
}

/** What bounds prove, and slow links. */
function takeBounds(ladder: Ladder, run: ExplainedRun, critical: CriticalFlows): void {
  const { scenario, view, outcome, bounds } = run;
  const healthy = run.healthy ?? healthyView(scenario, view);
  const { idealPs, schedulePs } = healthyBounds(scenario, healthy, bounds);
  ladder.take(idealPs, boundRung(scenario, healthy !== undefined));
  ladder.take(schedulePs - ladder.takenPs, scheduleRung(scenario, schedulePs));
  if (healthy !== undefined) takeSlowLinks(ladder, { view, healthy, outcome, critical }, bounds.schedulePs);
  if (ladder.leftPs > 0) ladder.take(windowBoundPs(view) - ladder.takenPs, windowRung(run, critical));
}

/** Timeouts, and ports that were held. */
function takeHolds(ladder: Ladder, { view, outcome }: ExplainedRun, critical: CriticalFlows): void {
  const { transport } = view.plan;
  const { timeouts } = outcome.totals;
  ladder.take(mostTimeoutsPs(transport, timeouts), timeoutRung(view, outcome));
  const paused = longestHeld(view, outcome, critical, "pausedPs");
  if (paused !== undefined) ladder.take(paused.value, () => pauseRung(view, outcome, paused.port, paused.value));
  const waited = longestHeld(view, outcome, critical, "creditWaitPs");
  if (waited !== undefined) ladder.take(waited.value, () => creditRung(view, waited.port, waited.value));
}

/** What was sent again, queues, congestion control, and what nothing speaks for. */
function takeCongestion(ladder: Ladder, { view, outcome, wholePlan }: ExplainedRun, critical: CriticalFlows): void {
  if (ladder.leftPs === 0) return;
  const whole = wholePlan === undefined ? view : viewPlan(wholePlan);
  const resent = resentOf(view, whole, outcome, critical);
  if (resent !== undefined) ladder.take(resent.ps, () => resentRung(view, outcome, resent));
  if (ladder.leftPs === 0) return;
  const queue = queueOf(view, whole, outcome, critical);
  if (queue !== undefined) {
    const mostPs = mostQueueingPs(view, critical, queue, ladder.takenPs);
    ladder.take(mostPs, () => queueingRung(view, outcome, queue));
  }
  if (ladder.leftPs > 0) ladder.take(ladder.leftPs, () => restRung(view, outcome, critical, resent));
}

function restRung(view: PlanView, outcome: Outcome, critical: CriticalFlows, resent: Resent | undefined): Rung {
  const held = rateRung(view, outcome, critical);
  if (held !== undefined) return held;
  return resent === undefined ? UNKNOWN : resentRung(view, outcome, resent);
}

const UNKNOWN: Rung = {
  ...{ cause: "unknown", basis: "none", where: "fabric" },
  text: "Nothing that was measured on the way accounts for this. The lower bounds may be too low by as much.",
};

function boundRung({ workload }: Scenario, withFaults: boolean) {
  const collective = collectiveOf(workload);
  const without = withFaults ? ", without its faults," : "";
  return (ps: number): Rung => ({
    ...{ cause: "bound", basis: "bound", where: "fabric" },
    text:
      collective !== null
        ? `No algorithm can finish this ${collective.name} on this fabric${without} in less than ${duration(ps / 1000)}.`
        : `These flows need ${duration(ps / 1000)} on this fabric${without} at the least.`,
  });
}

function scheduleRung({ workload }: Scenario, schedulePs: number) {
  const algorithm = scheduleOf(workload);
  return (ps: number): Rung => ({
    ...{ cause: "schedule", basis: "bound", where: algorithm },
    text: `On an empty network the ${algorithm} schedule needs ${duration(schedulePs / 1000)}, ${duration(ps / 1000)} more than the bound.`,
  });
}

function windowRung({ view }: ExplainedRun, { last }: CriticalFlows) {
  const { flows, transport } = view.plan;
  const { nics, rankName } = view.fabric;
  const [src, dst] = [flows.srcNic[last]!, flows.dstNic[last]!].map((nic) => rankName(nics.rank[nic]!));
  return (ps: number): Rung => ({
    ...{ cause: "window", basis: "bound", where: `${src} -> ${dst}` },
    text: `A queue pair has at most ${counted(transport.windowPackets, "packet")} under way, and then waits for answers: on an empty network that takes ${duration(ps / 1000)} more.`,
  });
}

function timeoutRung({ plan }: PlanView, { totals }: Outcome) {
  return (ps: number): Rung => ({
    ...{ cause: "timeouts", basis: "evidence", where: "transport" },
    text: `${counted(totals.timeouts, "retransmission timeout")} of ${timeoutRange(plan.transport, plan.transport.retryLimit)} fired; ${totals.timeouts === 1 ? "it accounts" : "they account"} for ${duration(ps / 1000)} at most.`,
  });
}

function pauseRung(view: PlanView, outcome: Outcome, port: number, ps: number): Rung {
  const where = linkName(view, port);
  return {
    ...{ cause: "pauses", basis: "evidence", where },
    text: `On the way of the flows that ended last, ${where} was paused for ${duration(ps / 1000)} by flow control.${stormBehind(view, outcome.ports.pausedPs, port)}`,
  };
}

function creditRung(view: PlanView, port: number, ps: number): Rung {
  const where = linkName(view, port);
  return {
    ...{ cause: "credits", basis: "evidence", where },
    text: `On the way of the flows that ended last, ${where} waited ${duration(ps / 1000)} for credit: for room in the buffer of ${bytes(bufferAhead(view, port))} at its other end, or for word of it.`,
  };
}

/**
 * The port on the way of the critical flows that was held longest, in the data class of one of
 * them.
 */
function longestHeld(view: PlanView, outcome: Outcome, { flows }: CriticalFlows, counter: keyof ClassCounters) {
  const dataClasses = [...new Set(flows.map((flow) => classOfFlow(view.plan.flows, flow)))];
  const held = dataClasses.flatMap((dataClass) => {
    const ps = (outcome.classes?.[dataClass] ?? outcome.ports)[counter];
    const own = flows.filter((flow) => classOfFlow(view.plan.flows, flow) === dataClass);
    return worstOnTheWay(view, own, (port) => ps[port]!) ?? [];
  });
  return held.sort((a, b) => b.value - a.value)[0];
}
