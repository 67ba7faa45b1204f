/** What a result says of training steps and programs. */
import type { StepSummary } from "./document-network.js";

/** Means over all ranks and steps, in ns of a step. */
export interface TrainingResult {
  /** A step, from its start to its end. */
  readonly stepNs: number;
  /** At least one stream of a GPU computes. */
  readonly computeNs: number;
  /** Waiting that the schedule of the pipeline has with free communication and equal GPUs. */
  readonly bubbleNs: number;
  /** A GPU computes nothing, and waits for communication of this kind. */
  readonly exposedNs: ByParallelism;
  /** Communication beside computation. */
  readonly overlappedNs: ByParallelism;
  /** `computeNs` by `stepNs`. */
  readonly gpuUtilisation: number;
  /** FLOPs of the model, without what is computed again, by the peak of all GPUs. */
  readonly mfu: number;
  /** What a step consists of. */
  readonly items: "tokens" | "images";
  /** Tokens, or images, of all ranks. */
  readonly tokensPerSecond: number;
  /** With `gpuUtilisation` the shares of all causes sum to 1. */
  readonly idle: readonly {
    /** What GPUs waited for. */
    readonly cause: TrainingKind | "bubble" | "other";
    /** Of the step. */
    readonly share: number;
  }[];
  /** Of the steps at the rank that ends last. */
  readonly steps: StepSummary;
  /** Of the GPU that holds most. */
  readonly memoryBytes: MemoryBytes;
}

/** What a GPU keeps in its memory. */
export interface MemoryBytes {
  /** Of the model. */
  readonly parameters: number;
  /** Of the parameters. */
  readonly gradients: number;
  /** State of the optimizer. */
  readonly optimizer: number;
  /** Kept for the backward pass. */
  readonly activations: number;
  /** All of these. */
  readonly total: number;
  /** What the GPU has. */
  readonly capacity: number;
}

/** A number for each kind of parallelism. */
export interface ByParallelism {
  /** Tensor parallelism. */
  readonly tp: number;
  /** Context parallelism. */
  readonly cp: number;
  /** Pipeline parallelism. */
  readonly pp: number;
  /** Expert parallelism. */
  readonly ep: number;
  /** Data parallelism. */
  readonly dp: number;
}

export type TrainingKind = keyof ByParallelism;

/** What programs did. */
export interface ProgramResult {
  /** Each role of the program. */
  readonly roles: readonly RoleResult[];
  /** By label, in the order in which the scenario first names them. */
  readonly operations: readonly OperationResult[];
  /** Ranks that were to be recorded. Present where the scenario names some. */
  readonly timelines?: readonly TimelineResult[];
}

/** Means over the ranks of a role: each of them computes, waits for an operation, or is idle. */
export interface RoleResult {
  /** The name of the role. */
  readonly name: string;
  /** How many ranks have it. */
  readonly ranks: number;
  /** End of its last rank, on the clock of the simulation; null where one has not ended. */
  readonly finishNs: number | null;
  /** Time in which a rank computes. */
  readonly computeNs: number;
  /** Time in which a rank computes nothing and waits for an operation. */
  readonly exposedNs: number;
  /** The rest of the time. */
  readonly idleNs: number;
}

/** Sums over all ranks. */
export interface OperationResult {
  /** Its label. */
  readonly name: string;
  /** How often ranks did it. */
  readonly count: number;
  /** Mean time of one. */
  readonly meanNs: number;
  /** Longest time of one. */
  readonly maxNs: number;
  /** Time of all of them. */
  readonly totalNs: number;
  /** Time in which a rank computed nothing and waited for it. */
  readonly exposedNs: number;
}

/** What a rank did when. `workload.record` asks for it. */
export interface TimelineResult {
  /** The rank. */
  readonly rank: number;
  /** What it did, in order of start. */
  readonly entries: readonly {
    /** Which of its streams. */
    readonly stream: string;
    /** Label of the operation. */
    readonly name: string;
    /** Start, on the clock of the simulation. */
    readonly startNs: number;
    /** End, on the same clock. */
    readonly endNs: number;
  }[];
  /** Entries beyond the limit. */
  readonly dropped: number;
}
