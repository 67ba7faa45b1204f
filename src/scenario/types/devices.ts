/** Switches, NICs, and packets on the wire. */

export interface SwitchParams {
  readonly latencyPs: number;
  readonly bufferBytes: number;
  readonly switching: "store-and-forward";
  /** The NVSwitch inside a node. */
  readonly scaleUpLatencyPs: number;
  readonly scaleUpBufferBytes: number;
  /** The border switch of a site; left out where there are no sites. */
  readonly borderBufferBytes?: number;
}

/** Delays of NICs, in ps, and what they do when a link fails. */
export interface NicParams {
  readonly latencyPs: number;
  readonly scaleUpLatencyPs: number;
  /** Time that each message costs its queue pair at a fabric NIC; left out for none. */
  readonly messageOverheadPs?: number;
  /** Left out where queue pairs stay at their NIC. */
  readonly failover?: Failover;
}

/** Queue pairs go on over another NIC while the link of theirs is out. */
export interface Failover {
  /** From the loss of the link to the move. */
  readonly detectPs: number;
  /** From its return to the move back; Infinity for never. */
  readonly recoverPs: number;
}

/** Bytes of frames beside the payload. */
export interface WireParams {
  readonly headerBytes: number;
  readonly gapBytes: number;
  readonly ackBytes: number;
  readonly pauseBytes: number;
  readonly ackClass: "control" | "data";
  readonly serialization: "round" | "floor";
}
