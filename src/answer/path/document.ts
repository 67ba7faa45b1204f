/** The critical path as a result document says it. */
import type { LossReason, PathCause } from "./tiles.js";

/** What the completion time was made of, from the job's start to its last delivery. */
export interface CriticalPath {
  /** In order of time; each begins where the one before ends, unless some are left out. */
  readonly segments: readonly PathSegment[];
  /**
   * Shorter segments that are not listed; the shares have them. Present where some are left
   * out.
   */
  readonly segmentsLeftOut?: number;
  /** By cause, the largest first. They sum to `jctNs` to the picosecond. */
  readonly shares: readonly PathShare[];
  /** Causes by place, the largest first, ten at most. */
  readonly places: readonly PathPlace[];
  /** The flows that the path follows, the longest first, ten at most. */
  readonly flows: readonly PathFlow[];
}

/** A stretch of the critical path with one cause. */
export interface PathSegment {
  /** Its start, on the clock of the simulation. */
  readonly fromNs: number;
  /** Its end, on the same clock. */
  readonly toNs: number;
  /** Whose NIC it is at, or which sends the flow. */
  readonly rank: number;
  /** What the time was spent on. */
  readonly kind: PathCause;
  /** The link, switch or rank. */
  readonly where: string;
  /** The flow that the path follows here. */
  readonly flow: number;
  /** What the port sent meanwhile, the longest first. Present for queueing. */
  readonly behind?: readonly {
    /** The flow; null for answers and frames. */
    readonly flow: number | null;
    /** Time that it took. */
    readonly ns: number;
  }[];
  /** The loss that it repairs. Present for repairs whose loss is known. */
  readonly loss?: LossPlace;
}

/** Where and why a packet was lost that was sent again. */
export interface LossPlace {
  /** The link. */
  readonly where: string;
  /** Why it was lost. */
  readonly reason: LossReason;
}

/** All of the critical path with one cause. */
export interface PathShare {
  /** What the time was spent on. */
  readonly cause: PathCause;
  /** Time in all. */
  readonly ns: number;
  /** Of the completion time. */
  readonly share: number;
  /** The place with most of it. */
  readonly where: string;
  /** What stands behind it, as a sentence. */
  readonly text: string;
  /** What to try. What it buys is for a simulation to say. Present where there is something. */
  readonly remedy?: string;
}

/** A place of the critical path: a cause at a link, a switch or a rank. */
export interface PathPlace {
  /** What the time was spent on. */
  readonly cause: PathCause;
  /** The link, switch or rank. */
  readonly where: string;
  /** Time in all. */
  readonly ns: number;
  /** Of the completion time. */
  readonly share: number;
  /** The loss that it repairs. Present for repairs whose loss is known. */
  readonly loss?: LossPlace;
}

/** A flow that the critical path follows. */
export interface PathFlow {
  /** Its number. */
  readonly flow: number;
  /** Rank that sends. */
  readonly src: number;
  /** Rank that receives. */
  readonly dst: number;
  /** Time that the path follows it. */
  readonly ns: number;
  /** Of the completion time. */
  readonly share: number;
}
