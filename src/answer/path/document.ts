/** The critical path as a result document says it. */
import type { LossReason, PathCause } from "./tiles.js";

/** What the completion time was made of, from the job's start to its last delivery. */
export interface CriticalPath {
  /** In order of time; each begins where the one before ends, unless some are left out. */
  readonly segments: readonly PathSegment[];
  /** Shorter ones that are not listed. The shares have them. */
  readonly segmentsLeftOut?: number;
  /** By cause, the largest first. They sum to `jctNs` to the picosecond. */
  readonly shares: readonly PathShare[];
  /** Causes by place, the largest first, ten at most. */
  readonly places: readonly PathPlace[];
  /** The flows that the path follows, the longest first, ten at most. */
  readonly flows: readonly PathFlow[];
}

export interface PathSegment {
  readonly fromNs: number;
  readonly toNs: number;
  /** Whose NIC it is at, or which sends the flow. */
  readonly rank: number;
  readonly kind: PathCause;
  readonly where: string;
  readonly flow: number;
  /** What the port sent meanwhile, the longest first: flows, null for answers and frames. */
  readonly behind?: readonly { readonly flow: number | null; readonly ns: number }[];
  readonly loss?: LossPlace;
}

/** Where and why a packet was lost that was sent again. */
export interface LossPlace {
  readonly where: string;
  readonly reason: LossReason;
}

export interface PathShare {
  readonly cause: PathCause;
  readonly ns: number;
  /** Of the completion time. */
  readonly share: number;
  /** The place with most of it. */
  readonly where: string;
  readonly text: string;
  /** What to try, where there is something. What it buys is for a simulation to say. */
  readonly remedy?: string;
}

export interface PathPlace {
  readonly cause: PathCause;
  readonly where: string;
  readonly ns: number;
  readonly share: number;
  readonly loss?: LossPlace;
}

export interface PathFlow {
  readonly flow: number;
  readonly src: number;
  readonly dst: number;
  readonly ns: number;
  readonly share: number;
}
