/** What faults cost: slower links, and NICs that stall. */

import { buildFabric } from "../../build/topology/index.js";
import type { Outcome } from "../../plan/outcome.js";
import type { NicStall } from "../../plan/plan.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { boundsOf } from "../ideal/ideal.js";
import { type PlanView, viewPlan } from "../ideal/view.js";
import { linkName } from "../text/names.js";
import { bitRate, duration } from "../text/units.js";
import { busyPs } from "./busy.js";
import { type CriticalFlows, worstOnTheWay } from "./critical.js";
import type { Ladder, Rung } from "./ladder.js";

/** The plan without faults; undefined where no fault makes a link slower. */
export function healthyView(scenario: Scenario, view: PlanView): PlanView | undefined {
  const isSlower = scenario.faults.some((fault) => fault.kind === "degraded-link" && fault.rateBps !== null);
  if (!isSlower) return undefined;
  return viewPlan({ ...view.plan, fabric: buildFabric({ ...scenario, faults: [] }) });
}

/** Both bounds without the faults, neither above that with them. */
export function healthyBounds(
  scenario: Scenario,
  healthy: PlanView | undefined,
  bounds: { readonly idealPs: number; readonly schedulePs: number },
): { readonly idealPs: number; readonly schedulePs: number } {
  if (healthy === undefined) return bounds;
  const without = boundsOf(scenario, healthy);
  const idealPs = Math.min(without.idealPs, bounds.idealPs);
  return { idealPs, schedulePs: Math.max(idealPs, Math.min(without.schedulePs, bounds.schedulePs)) };
}

/**
 * Slower links: what the schedule needs more because of them, which is proven; then what the slow
 * link that was busy longest on the way was busy for because it was slow.
 */
export function takeSlowLinks(
  ladder: Ladder,
  {
    view,
    healthy,
    outcome,
    critical,
  }: { view: PlanView; healthy: PlanView; outcome: Outcome; critical: CriticalFlows },
  schedulePs: number,
): void {
  const slowed = (port: number) => rateOf(healthy, port) > rateOf(view, port);
  const slow = worstOnTheWay(view, critical.flows, (port) => (slowed(port) ? busyPs(view, outcome, port) : 0));
  if (slow === undefined) return;
  const { port, value: busy } = slow;
  const [now, once] = [rateOf(view, port), rateOf(healthy, port)];
  const provenPs = Math.min(ladder.leftPs, Math.max(0, schedulePs - ladder.takenPs));
  const boundPs = ladder.takenPs + provenPs;
  const restPs = Math.floor(Math.min(ladder.leftPs - provenPs, busy - Math.max(boundPs, (busy * now) / once)));
  const where = linkName(view, port);
  const costs = [
    ...(provenPs > 0 ? [`costs ${duration(provenPs / 1000)} on an empty network`] : []),
    ...(restPs > 0 ? [`kept it busy for ${duration(restPs / 1000)} more than the rest took`] : []),
  ];
  ladder.take(provenPs + Math.max(0, restPs), () => ({
    ...{ cause: "faults", basis: restPs > 0 ? "evidence" : "bound", where },
    text: `${where} runs at ${bitRate(now)} instead of ${bitRate(once)}: that ${costs.join(", and ")}.`,
  }));
}

/**
 * Stalls of NICs to which critical flows go: a stall holds up what was to arrive in it, from the
 * start of the flow at the earliest to the end of the stall.
 */
export function takeStalls(ladder: Ladder, view: PlanView, outcome: Outcome, critical: CriticalFlows): void {
  const { plan, fabric } = view;
  if (plan.stalls.length === 0) return;
  const held = plan.stalls.map((stall) => ({ stall, ps: heldPs(view, outcome, critical, stall) }));
  const { stall, ps } = held.reduce((a, b) => (b.ps > a.ps ? b : a));
  const where = fabric.rankName(fabric.nics.rank[stall.nic]!);
  ladder.take(
    ps,
    (taken): Rung => ({
      ...{ cause: "faults", basis: "evidence", where },
      text: `The NIC of ${where} took in no data for ${duration((stall.untilPs - stall.fromPs) / 1000)}; that accounts for ${duration(taken / 1000)} at most.`,
    }),
  );
}

function heldPs({ plan }: PlanView, outcome: Outcome, { flows }: CriticalFlows, stall: NicStall): number {
  let most = 0;
  for (const flow of flows) {
    if (plan.flows.dstNic[flow] !== stall.nic || outcome.finishPs[flow]! < stall.untilPs) continue;
    most = Math.max(most, stall.untilPs - Math.max(stall.fromPs, outcome.startPs[flow]!, 0));
  }
  return most;
}

function rateOf({ fabric }: PlanView, port: number): number {
  return fabric.linkClasses[fabric.portClass[port]!]!.rateBps;
}
