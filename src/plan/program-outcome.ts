/** What programs yield: times of ranks, of labels, and what is kept of sampled ranks. */

export interface ProgramOutcome {
  /** Columns by program rank. */
  readonly ranks: {
    /** End of all its streams; NaN where they have not ended. */
    readonly finishPs: Float64Array;
    /** Time in which at least one of its streams computed. */
    readonly computePs: Float64Array;
    /** Time in which none computed and it waited for an operation, as MODEL.md attributes it. */
    readonly exposedPs: Float64Array;
  };
  /** By label. */
  readonly labels: readonly LabelTimes[];
  /** By recorded rank, in the order of the plan. */
  readonly timelines: readonly Timeline[];
  /** Streams that have not ended, the first ones. */
  readonly waiting: readonly WaitingStream[];
}

/** Sums over all ranks, exact. */
export interface LabelTimes {
  /** Computations or operations that ended. */
  readonly count: number;
  readonly totalPs: bigint;
  /** The longest one. */
  readonly mostPs: number;
  /** Of the ranks' exposed time, what is attributed to it. */
  readonly exposedPs: bigint;
}

export interface Timeline {
  readonly programRank: number;
  /** In the order in which they ended. */
  readonly entries: readonly TimelineEntry[];
  /** Entries beyond the limit. */
  readonly dropped: number;
}

export interface TimelineEntry {
  readonly stream: number;
  readonly label: number;
  readonly startPs: number;
  readonly endPs: number;
}

/** What a stream that has not ended does. */
export type StreamState = "starting" | "computing" | "operation" | "waiting" | "ended";

export interface WaitingStream {
  readonly programRank: number;
  readonly stream: number;
  readonly state: StreamState;
  /** Of the computation or operation; -1 for none. */
  readonly label: number;
  /** Slot of the operation, or the signal waited for; -1 for none. */
  readonly operand: number;
  /** Operations on this slot before this one; -1 for none. */
  readonly operation: number;
}

/** Streams told of in `ProgramOutcome.waiting`. */
export const MAX_WAITING = 64;
