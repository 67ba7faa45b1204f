/** What retransmission timeouts take, in words and at most. */
import type { Transport } from "../../plan/plan.js";
import { rowOfTimeoutsPs, timeoutPs } from "../../plan/timeouts.js";
import { duration } from "../text/units.js";

/**
 * The most time that these timeouts can have taken if no QP failed. They grow longest in rows as
 * long as the retry limit allows.
 */
export function mostTimeoutsPs(transport: Transport, timeouts: number): number {
  const inRow = Math.max(1, transport.retryLimit);
  const rows = Math.floor(timeouts / inRow);
  const rowsPs = rows === 0 ? 0 : rows * rowOfTimeoutsPs(transport, inRow);
  return rowsPs + rowOfTimeoutsPs(transport, timeouts - rows * inRow);
}

/** The shortest and the longest of a row of timeouts: `1.00 ms`, `64.0 us to 8.19 ms`. */
export function timeoutRange(transport: Transport, timeouts: number): string {
  const shortest = duration(timeoutPs(transport, 0) / 1000);
  const longest = duration(timeoutPs(transport, Math.max(1, timeouts) - 1) / 1000);
  return shortest === longest ? shortest : `${shortest} to ${longest}`;
}
