import type { Outcome } from "../../plan/outcome.js";
import { CoreTrapError } from "../core/errors.js";

/**
 * When nothing is left to happen, every packet that was sent has been received or dropped.
 * @param stuckPackets that wait for each other: copies of what has been received may do that
 */
export function checkConservation({ totals, endPs }: Outcome, stuckPackets: () => number): void {
  const sent = totals.dataSent + totals.acksSent + totals.cnpsSent + totals.pullsSent + totals.noticesSent;
  const received =
    totals.dataDelivered +
    totals.droppedOrdering +
    totals.acksReceived +
    totals.cnpsReceived +
    totals.trimmedReceived +
    totals.pullsReceived +
    totals.noticesReceived;
  const dropped = totals.droppedCongestion + totals.droppedCrc + totals.droppedLinkDown + totals.droppedWatchdog;
  if (sent === received + dropped || sent === received + dropped + stuckPackets()) return;
  throw new CoreTrapError(
    `${sent} packets were sent, but ${received} received and ${dropped} dropped; this is a fault of heddle, please report it with the scenario`,
    endPs,
    "the whole fabric",
  );
}
