/** What every port does at an instant in the middle of a run. */

/** Columns by global port, over all data classes; those of an egress. */
export interface PortLoads {
  /** All that happens before this instant has been simulated. */
  readonly nowPs: number;
  /** Wire bytes sent since the start, those of the packet that is being sent included. */
  readonly txBytes: Float64Array;
  /** Wire bytes that wait, with the rest of the packet that is being sent. */
  readonly waitingBytes: Float64Array;
  /** The rate at which the port sends now, in bit/s. */
  readonly rateBps: Float64Array;
  /** 1 where a data class is paused, or waits for credit. */
  readonly isPaused: Uint8Array;
  readonly waitsForCredit: Uint8Array;
  /** 1 where the direction is down. */
  readonly isDown: Uint8Array;
  /** Packets lost since the start, on the way or for lack of room where they arrive. */
  readonly dropped: Float64Array;
}
