/** Senders that their congestion control held back. */

import type { Outcome } from "../../plan/outcome.js";
import type { PlanView } from "../ideal/view.js";
import { counted } from "../text/units.js";
import { fullPacketPs } from "./busy.js";
import { type CriticalFlows, worstOnTheWay } from "./critical.js";
import type { Rung } from "./ladder.js";

/**
 * Undefined where nothing can have slowed a sender down. DCQCN slows down for notifications alone.
 * HPCC and RCCC always hold senders to a share of the links, or to what receivers grant; the others
 * go by marks and by delay, which comes of queues.
 */
export function rateRung(view: PlanView, outcome: Outcome, { flows }: CriticalFlows): Rung | undefined {
  const kind = view.plan.transport.congestionControl?.kind;
  if (kind === undefined) return undefined;
  const { totals, ports } = outcome;
  const rung = { cause: "rate-control", basis: "evidence", where: kind } as const;
  const held = `Senders were held back by their congestion control, ${kind}`;
  if (kind === "dcqcn") {
    if (totals.cnpsReceived === 0) return undefined;
    return { ...rung, text: `${held}: ${counted(totals.cnpsReceived, "notification")} cut their rates.` };
  }
  const isQueue = (port: number) => ports.maxBacklogPs[port]! > fullPacketPs(view, port);
  const hasQueue = worstOnTheWay(view, flows, (port) => (isQueue(port) ? ports.maxBacklogPs[port]! : 0)) !== undefined;
  if (kind !== "hpcc" && kind !== "rccc" && totals.ecnMarked === 0 && !hasQueue) return undefined;
  const marks = totals.ecnMarked > 0 ? ` ${counted(totals.ecnMarked, "packet was", "packets were")} marked.` : "";
  return { ...rung, text: `${held}: no link of their way was busy all of the time.${marks}` };
}
