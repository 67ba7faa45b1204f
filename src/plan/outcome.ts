/**
 * What a run of a plan yields, before it is turned into a result document. The core and the oracle
 * both produce it.
 */
import type { ProgramOutcome } from "./program-outcome.js";

export interface Outcome {
  /** `finished`: every flow delivered and acknowledged, every program ended. */
  readonly status: "finished" | "stuck" | "qp-failed" | "time-limit" | "cancelled";
  /** Time of the last delivery or acknowledgement, or the end of the last program. */
  readonly endPs: number;
  /**
   * End of the last transmission on any link, frames and lost packets included; 0 where there was
   * none.
   */
  readonly lastTransmissionPs: number;
  /** QP that ran out of retries, or -1. */
  readonly failedFlow: number;
  /** By flow; NaN where it did not happen. */
  readonly startPs: Float64Array;
  readonly finishPs: Float64Array;
  readonly ackedPs: Float64Array;
  /** Chunks delivered, by flow. */
  readonly chunksDelivered: Uint32Array;
  readonly totals: Totals;
  readonly ports: PortCounters;
  /** By data class; left out where there is one. */
  readonly classes?: readonly ClassCounters[];
  /** Of runs with programs. */
  readonly programs?: ProgramOutcome;
}

/** Counts of packets, over the whole fabric. */
export interface Totals {
  /** Transmissions of any packet over one link. */
  readonly hops: number;
  readonly dataHops: number;
  /** Data packets put on the wire by NICs, and how many of them were sent before. */
  readonly dataSent: number;
  readonly retransmitted: number;
  /** Data packets accepted by receivers. */
  readonly dataDelivered: number;
  /** ACK and NACK packets sent by NICs, and received by them. */
  readonly acksSent: number;
  readonly acksReceived: number;
  readonly nacksSent: number;
  readonly timeouts: number;
  /**
   * Dropped packets by cause; the first two count data and control packets, the last data at
   * receivers.
   */
  readonly droppedCongestion: number;
  readonly droppedCrc: number;
  readonly droppedOrdering: number;
  readonly pausesSent: number;
  readonly resumesSent: number;
  readonly ecnMarked: number;
  /** Congestion notifications sent and received by NICs. */
  readonly cnpsSent: number;
  readonly cnpsReceived: number;
  /** Data packets cut to their headers by switches, and such headers received. */
  readonly trimmed: number;
  readonly trimmedReceived: number;
  /** Repetitions of frames by links. */
  readonly replays: number;
  readonly pullsSent: number;
  readonly pullsReceived: number;
  /** Packets lost on links that were down. */
  readonly droppedLinkDown: number;
  /** Data packets that came to their receivers while an earlier one was missing. */
  readonly outOfOrder: number;
  /** Pause frames that only went on with a pause, and pauses that lapsed before one came. */
  readonly refreshesSent: number;
  readonly pausesLapsed: number;
  /** Ports that the watchdog found paused for too long, and packets that it dropped. */
  readonly storms: number;
  readonly droppedWatchdog: number;
  /** Credit updates queued by the receiving ends of links. */
  readonly creditUpdatesSent: number;
  /** Advertisements of queues by switches to switches. */
  readonly noticesSent: number;
  readonly noticesReceived: number;
}

/** Of a data class, by global port. */
export interface ClassCounters {
  readonly pausedPs: Float64Array;
  readonly creditWaitPs: Float64Array;
}

/** By global port, over all data classes. Those of an egress unless said otherwise. */
export interface PortCounters {
  readonly txBytes: Float64Array;
  readonly maxBacklogPs: Float64Array;
  readonly pausedPs: Float64Array;
  readonly longestPausePs: Float64Array;
  readonly ecnMarked: Float64Array;
  readonly droppedCrc: Float64Array;
  /** End of the transmission of the first frame of `droppedCrc`; 0 while there is none. */
  readonly firstCrcPs: Float64Array;
  readonly droppedLinkDown: Float64Array;
  readonly droppedWatchdog: Float64Array;
  /** As an ingress: pause frames sent from here, packets dropped for lack of buffer. */
  readonly pausesSent: Float64Array;
  readonly droppedCongestion: Float64Array;
  /** Waiting for credit: in all, and the longest wait. */
  readonly creditWaitPs: Float64Array;
  readonly longestCreditWaitPs: Float64Array;
}
