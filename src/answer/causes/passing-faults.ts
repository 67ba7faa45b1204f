/** What links cost that were slower for a part of a run. */
import type { Outcome } from "../../plan/outcome.js";
import type { PlanView } from "../ideal/view.js";
import { linkName } from "../text/names.js";
import { bitRate, duration } from "../text/units.js";
import { type CriticalFlows, worstOnTheWay } from "./critical.js";
import type { Ladder, Rung } from "./ladder.js";

/** A time in which a direction was slower than at the start. */
interface SlowSpan {
  readonly fromPs: number;
  readonly untilPs: number;
  readonly rateBps: number;
}

/**
 * The slower link on the way that can have cost most: its load in that time would have taken a
 * share less at its own rate. No more than the time itself can be saved.
 */
export function takePassingSlowdowns(ladder: Ladder, view: PlanView, outcome: Outcome, critical: CriticalFlows): void {
  const spans = slowSpans(view, outcome.endPs);
  if (spans.size === 0) return;
  const cost = (port: number) =>
    (spans.get(port) ?? []).reduce((sum, { fromPs, untilPs, rateBps }) => {
      return sum + (untilPs - fromPs) * (1 - rateBps / ownRate(view, port));
    }, 0);
  const worst = worstOnTheWay(view, critical.flows, (port) => (outcome.ports.txBytes[port]! > 0 ? cost(port) : 0));
  if (worst === undefined) return;
  const where = linkName(view, worst.port);
  const [first] = spans.get(worst.port)!;
  const { fromPs, untilPs, rateBps } = first!;
  const rates = `${bitRate(rateBps)} instead of ${bitRate(ownRate(view, worst.port))}`;
  const when = `from ${duration(fromPs / 1000)} to ${duration(untilPs / 1000)}`;
  ladder.take(
    worst.value,
    (taken): Rung => ({
      ...{ cause: "faults", basis: "evidence", where },
      text: `${where} ran at ${rates} ${when}; that accounts for ${duration(taken / 1000)} at most.`,
    }),
  );
}

function ownRate({ fabric }: PlanView, port: number): number {
  return fabric.linkClasses[fabric.portClass[port]!]!.rateBps;
}

/** By port, within the run. */
function slowSpans(view: PlanView, endPs: number): Map<number, SlowSpan[]> {
  const { plan, fabric } = view;
  const spans = new Map<number, SlowSpan[]>();
  for (const change of plan.changes ?? []) {
    if (change.kind !== "link" || change.atPs >= endPs) continue;
    const known = spans.get(change.port) ?? [];
    const last = known.at(-1);
    if (last !== undefined && last.untilPs > change.atPs) known[known.length - 1] = { ...last, untilPs: change.atPs };
    const { rateBps } = fabric.linkClasses[change.linkClass]!;
    if (rateBps < ownRate(view, change.port)) known.push({ fromPs: change.atPs, untilPs: endPs, rateBps });
    if (known.length > 0) spans.set(change.port, known);
  }
  return spans;
}
