/** What ports and queue pairs show at an instant in the middle of a run, for telemetry. */
import type { PortCounters } from "./outcome.js";

/**
 * Columns by global port, over all data classes. Counters are since the start of the run; pauses
 * and waits that are still on count up to now.
 */
export interface PortGauges extends Omit<PortCounters, "maxBacklogPs" | "longestPausePs" | "longestCreditWaitPs"> {
  /** Of `txBytes`: what has not left yet. */
  readonly leavingBytes: Float64Array;
  /** Wire bytes that wait, with those that have not left yet. */
  readonly waitingBytes: Float64Array;
  /** Largest backlog since the marks were lowered last, in bytes; 0 at NICs. */
  readonly mostWaitingBytes: Float64Array;
  /** The rate at which the port sends now, in bit/s. */
  readonly rateBps: Float64Array;
}

/** Columns by flow. Counters are since the start of the run. */
export interface QpGauges {
  /** Payload that was acknowledged, and payload that was sent beyond it. */
  readonly ackedBytes: Float64Array;
  readonly outstandingBytes: Float64Array;
  /** Payload that may be under way; Infinity where nothing limits it. */
  readonly windowBytes: Float64Array;
  /** The rate of congestion control, in bit/s; NaN where it sets none. */
  readonly rateBps: Float64Array;
  /** Packets that were sent again. */
  readonly retransmitted: Float64Array;
}

export interface Gauges {
  /** All that happens before this instant has been simulated, and nothing else. */
  readonly nowPs: number;
  readonly ports: PortGauges;
  readonly qps: QpGauges;
}
