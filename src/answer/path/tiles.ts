/** What a critical path is made of (docs/MODEL.md §13). */

/** What a stretch of the critical path was spent on. */
export type PathCause =
  | "start"
  | "compute"
  | "serialization"
  | "propagation"
  | "fec"
  | "switch"
  | "nic"
  | "queueing"
  | "pause"
  | "credit"
  | "link-retry"
  | "retransmission"
  | "reordering"
  | "timeout"
  | "pacing"
  | "window"
  | "stall"
  | "unknown";

/** Why a packet was lost. */
export type LossReason = "crc" | "link-down" | "congestion" | "watchdog" | "trimmed";

/** Where and why the packet was lost that had to be sent again. */
export interface PathLoss {
  readonly port: number;
  readonly reason: LossReason;
}

/** What was on the wire meanwhile: a flow, or frames and answers (-1). */
export interface Behind {
  readonly flow: number;
  readonly ps: number;
}

/** A stretch of time with one cause. */
export interface Tile {
  readonly fromPs: number;
  readonly toPs: number;
  readonly cause: PathCause;
  /** The flow that the path follows here. */
  readonly flow: number;
  /** Global port: the one that leaves for the link, or the egress that is waited for. */
  readonly port: number;
  /** Of `queueing`: what was sent meanwhile, the longest first. */
  readonly behind?: readonly Behind[];
  /** Of `retransmission` and its `timeout`, where it is known. */
  readonly loss?: PathLoss;
}

/** A wait at a port whose causes are still to be found. */
export interface Wait {
  readonly fromPs: number;
  readonly toPs: number;
  readonly flow: number;
  readonly port: number;
  readonly dataClass: number;
}

/** Stretches that follow each other, from the first to the last. */
export class TileList {
  readonly tiles: (Tile | Wait)[] = [];

  constructor(private atPs: number) {}

  /** The end so far. */
  get endPs(): number {
    return this.atPs;
  }

  /** Adds a stretch from the end so far to `toPs`; nothing if that is not later. */
  add(toPs: number, tile: Omit<Tile, "fromPs" | "toPs"> | Omit<Wait, "fromPs" | "toPs">): void {
    if (toPs <= this.atPs) return;
    this.tiles.push({ fromPs: this.atPs, toPs, ...tile } as Tile | Wait);
    this.atPs = toPs;
  }
}

export function isWait(tile: Tile | Wait): tile is Wait {
  return !("cause" in tile);
}
