/**
 * What happens to links and NICs while a run lasts, one entry per change. Times are on the clock of
 * the simulation. `src/build/topology/timeline.ts` folds the entries into what the core takes.
 */

/** From `atPs` on, one direction of a link is worse; what is left out stays. So far `atPs` is 0. */
export interface LinkDegrades {
  readonly kind: "degrade";
  readonly rateBps?: number;
  /** Bit error ratio before error correction. */
  readonly ber?: number;
  /** Share of packets that are lost whatever their size. */
  readonly frameLossRatio?: number;
}

/** From `atPs` on, one direction of a link carries nothing. */
export interface LinkGoesDown {
  readonly kind: "down";
}

/** From `atPs` on, a NIC takes no data, and pauses its peer. */
export interface NicStalls {
  readonly kind: "stall";
  /** Infinity for ever. */
  readonly untilPs: number;
  /** Accounted bytes that it has room for. */
  readonly bufferBytes: number;
}

/** A change of the direction that leaves by a global port. */
export interface PortChange {
  readonly atPs: number;
  readonly port: number;
  readonly change: LinkDegrades | LinkGoesDown;
}

/** A change of a NIC. */
export interface NicChange {
  readonly atPs: number;
  readonly nic: number;
  readonly change: NicStalls;
}

export type TimelineEntry = PortChange | NicChange;
