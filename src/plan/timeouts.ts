/** What retransmission timeouts take, where they may grow: MODEL.md §7. */
import type { Transport } from "./plan.js";

/** The timeout after `expired` others in a row. */
export function timeoutPs({ rtoPs, mostRtoPs }: Transport, expired: number): number {
  return mostRtoPs === null ? rtoPs : Math.min(rtoPs * 2 ** expired, mostRtoPs);
}

/** Time of a row of timeouts. */
export function rowOfTimeoutsPs(transport: Transport, timeouts: number): number {
  let ps = 0;
  for (let expired = 0; expired < timeouts; expired++) ps += timeoutPs(transport, expired);
  return ps;
}
