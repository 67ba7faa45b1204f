/** What ports and queue pairs show at an instant in the middle of a run, for telemetry. */

/** Columns by global port, over all data classes. Counters are since the start of the run. */
export interface PortGauges {
  /** Wire bytes whose transmission was begun, and how many of them have not left yet. */
  readonly txBytes: Float64Array;
  readonly leavingBytes: Float64Array;
  /** Wire bytes that wait, with those that have not left yet. */
  readonly waitingBytes: Float64Array;
  /** Largest backlog since the marks were lowered last, in bytes; 0 at NICs. */
  readonly mostWaitingBytes: Float64Array;
  /** The rate at which the port sends now, in bit/s. */
  readonly rateBps: Float64Array;
  /** Pauses and waits that are still on count up to now. */
  readonly pausedPs: Float64Array;
  readonly creditWaitPs: Float64Array;
  readonly ecnMarked: Float64Array;
  readonly droppedCrc: Float64Array;
  readonly droppedLinkDown: Float64Array;
  readonly droppedWatchdog: Float64Array;
  /** As an ingress: pause frames sent from here, packets dropped for lack of buffer. */
  readonly pausesSent: Float64Array;
  readonly droppedCongestion: Float64Array;
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
