/** What was sent again: after losses, or because packets came out of order. */

import type { Outcome } from "../../plan/outcome.js";
import { trainOf } from "../ideal/unloaded.js";
import type { PlanView } from "../ideal/view.js";
import { linkName } from "../text/names.js";
import { counted, percent } from "../text/units.js";
import { busyPs, fullPacketPs } from "./busy.js";
import type { CriticalFlows } from "./critical.js";
import type { Rung } from "./ladder.js";

/** What the NIC that sent most again, of those that critical flows come from, sent again. */
export interface Resent {
  readonly port: number;
  /**
   * Time that it took: no more than all packets that were sent again, and no more than the NIC sent
   * beyond its data.
   */
  readonly ps: number;
}

/**
 * @param whole The plan with all flows, background traffic included.
 * @returns undefined where no critical flow can have sent anything again.
 */
export function resentOf(
  view: PlanView,
  whole: PlanView,
  outcome: Outcome,
  critical: CriticalFlows,
): Resent | undefined {
  const { nics } = view.fabric;
  const { retransmitted } = outcome.totals;
  if (retransmitted === 0) return undefined;
  const onceBytes = dataBytesByNic(whole);
  let worst: Resent | undefined;
  for (const nic of new Set(critical.flows.map((flow) => view.plan.flows.srcNic[flow]!))) {
    const port = nics.port[nic]!;
    const psPerByte = busyPs(view, outcome, port) / Math.max(1, outcome.ports.txBytes[port]!);
    const beyondPs = (outcome.ports.txBytes[port]! - onceBytes[nic]!) * psPerByte;
    const ps = Math.min(beyondPs, retransmitted * fullPacketPs(view, port));
    if (ps > (worst?.ps ?? 0)) worst = { port, ps };
  }
  return worst;
}

/** Wire bytes of the data of all flows from each NIC, each packet once. */
function dataBytesByNic(view: PlanView): Float64Array {
  const { flows, wire } = view.plan;
  const bytes = new Float64Array(view.fabric.nics.count);
  for (let flow = 0; flow < flows.count; flow++) {
    const { fullPackets, mtuBytes, chunks, lastBytes } = trainOf(view, flow, flows.chunks[flow]!);
    const overhead = (fullPackets + chunks) * (wire.headerBytes + wire.gapBytes);
    bytes[flows.srcNic[flow]!]! += fullPackets * mtuBytes + chunks * lastBytes + overhead;
  }
  return bytes;
}

/** `losses` where packets were lost, `retransmission` where they only came out of order. */
export function resentRung(view: PlanView, outcome: Outcome, { port }: Resent): Rung {
  return lossRung(view, outcome) ?? reorderRung(view, outcome, port);
}

/**
 * Undefined where nothing was lost. The place is the direction, or the buffer behind it, that lost
 * most.
 */
function lossRung(view: PlanView, { totals, ports }: Outcome): Rung | undefined {
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
    totals.pausesLapsed > 0
      ? ` ${counted(totals.pausesLapsed, "pause")} lapsed before ${totals.pausesLapsed === 1 ? "it was" : "they were"} refreshed.`
      : "";
  return {
    ...{ cause: "losses", basis: "evidence", where },
    text: `${counted(dropped, "packet was", "packets were")} lost, most ${why} on ${where}, and ${again({ totals })}.${lapsed}`,
  };
}

function reorderRung(view: PlanView, { totals }: Outcome, port: number): Rung {
  const where = linkName(view, port);
  const why =
    totals.trimmed > 0
      ? `${counted(totals.trimmed, "packet was cut to its header", "packets were cut to their headers")}`
      : `${counted(totals.outOfOrder, "packet")} came out of order, ${counted(totals.droppedOrdering, "was", "were")} discarded at their receivers`;
  return {
    ...{ cause: "retransmission", basis: "evidence", where },
    text: `${why}, and ${again({ totals })}, most on ${where}.`,
  };
}

function again({ totals: { retransmitted, dataSent } }: Pick<Outcome, "totals">): string {
  const share = dataSent === 0 ? "" : ` (${percent(retransmitted / dataSent)} of all that were sent)`;
  return `${counted(retransmitted, "was", "were")} sent again${share}`;
}
