/** A training step with every number filled in: the model, its layout on ranks, what overlaps. */
import type { AlgorithmName } from "../collectives.js";
import type { GpuRow, Precision } from "./gpus.js";
import type { LayerTimes } from "./layer-times.js";
import type { ModelRow } from "./models.js";

export const PARALLELISMS = ["tp", "cp", "ep", "dp", "pp"] as const;
export type Parallelism = (typeof PARALLELISMS)[number];

/** Degrees of parallelism. Experts are spread over ranks that are data-parallel otherwise. */
export interface Degrees {
  /** Tensor, context, pipeline, data. Their product is the number of ranks. */
  readonly tp: number;
  readonly cp: number;
  readonly pp: number;
  readonly dp: number;
  /** Experts: divides `dp * cp`. */
  readonly ep: number;
}

export const RECOMPUTES = ["none", "selective", "full"] as const;
export type Recompute = (typeof RECOMPUTES)[number];

/** Kinds whose communication is a collective. */
const COLLECTIVE_KINDS = ["tp", "cp", "dp", "ep"] as const;
export type CollectiveKind = (typeof COLLECTIVE_KINDS)[number];

export interface TrainingStep {
  readonly model: ModelRow;
  readonly gpu: GpuRow;
  /** Measured on such a GPU, in place of the roofline; null without. */
  readonly layerTimes: LayerTimes | null;
  /** Tokens of a sequence; 1 for models of images. */
  readonly sequence: number;
  /** Sequences or images of a step, over all ranks. */
  readonly globalBatch: number;
  /** Of a micro-batch at one data-parallel replica. */
  readonly microBatch: number;
  readonly degrees: Degrees;
  /** The kind whose ranks are next to each other comes first. */
  readonly order: readonly Parallelism[];
  /** Parts of the model that each pipeline stage holds. */
  readonly virtualStages: number;
  readonly sequenceParallel: boolean;
  readonly zero: 0 | 1 | 2 | 3;
  readonly precision: Precision;
  readonly overlap: Readonly<Record<"dp" | "tp" | "pp", boolean>>;
  readonly bucketBytes: number;
  readonly recompute: Recompute;
  /** FlashAttention, which skips what the causal mask hides; else scores go through memory. */
  readonly isFlash: boolean;
  readonly steps: number;
  /** Local SGD: replicas train alone for some steps, then their parameters are averaged. */
  readonly localSteps: number;
  readonly algorithms: Readonly<Record<CollectiveKind, AlgorithmName | "auto">>;
  /** Computations vary by this share up and down. */
  readonly jitter: number;
  /** Ranks whose computations take this many times as long. */
  readonly stragglers: readonly { readonly rank: number; readonly factor: number }[];
  /** A layout that does not fit into the memory of a GPU is refused. */
  readonly checksMemory: boolean;
}

/** Micro-batches of a step at each replica. */
export function microBatches({ globalBatch, microBatch, degrees }: TrainingStep): number {
  return globalBatch / microBatch / degrees.dp;
}

/**
 * Layers of each part of a pipeline, in order. Where they do not split evenly, the output layer
 * counts as one, or the embedding as another; those may be all that the last and the first part
 * have. Null where that does not split either.
 */
export function layersPerPart(layers: number, parts: number): readonly number[] | null {
  const counts = (extra: number) => (layers + extra) / parts;
  const extra = [0, 1, 2].find((each) => Number.isInteger(counts(each)));
  if (extra === undefined || counts(extra) < 1) return null;
  const list = Array<number>(parts).fill(counts(extra));
  if (extra >= 1) list[parts - 1]! -= 1;
  if (extra === 2) list[0]! -= 1;
  return list;
}
