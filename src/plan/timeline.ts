/**
 * What happens to links, switches, NICs and ranks while a run lasts, one entry per change. Times
 * are on the clock of the simulation. `src/build/topology/timeline.ts` folds the entries into what
 * the core takes.
 */

/** One direction of a link is worse; what is left out stays. */
export interface LinkDegrades {
  readonly kind: "degrade";
  readonly rateBps?: number;
  /** Bit error ratio before error correction. */
  readonly ber?: number;
  /** Share of packets that are lost whatever their size. */
  readonly frameLossRatio?: number;
  /** Packets with more payload are dropped. */
  readonly largestBytes?: number;
  /** The port that the direction leaves marks no packets. */
  readonly marksNothing?: true;
}

/** One direction of a link carries nothing. */
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
  /** When it is over; left out: never. */
  readonly untilPs?: number;
  readonly port: number;
  readonly change: LinkDegrades | LinkGoesDown;
}

/** A change of a NIC. */
export interface NicChange {
  readonly atPs: number;
  readonly nic: number;
  readonly change: NicStalls;
}

/** A rank computes slower for a time. */
export interface RankChange {
  readonly atPs: number;
  readonly untilPs: number;
  readonly rank: number;
  readonly factor: number;
}

/** What a switch is like for the whole run: without PFC, or with another headroom at its ports. */
export interface SwitchChange {
  readonly switchNumber: number;
  readonly change: { readonly kind: "no-pauses" } | { readonly kind: "headroom"; readonly headroomBytes: number };
}

export type TimelineEntry = PortChange | NicChange | RankChange | SwitchChange;
