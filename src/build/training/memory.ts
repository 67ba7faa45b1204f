/**
 * Memory of a GPU in a training step: parameters, gradients, optimizer, activations. Activations of
 * a layer as Korthikanti et al. (MLSys 2023) count them, for any width of its parts.
 */
import type { TransformerRow } from "../../plan/training/models.js";
import type { Degrees, Recompute } from "../../plan/training/step.js";
import type { RankShare } from "./operations.js";
import { hasExperts, headWidth, layerParameters } from "./parameters.js";

export interface GpuMemory {
  readonly parametersBytes: number;
  readonly gradientsBytes: number;
  readonly optimizerBytes: number;
  readonly activationsBytes: number;
}

/** Adam in single precision: a copy of the weights and two moments. */
const OPTIMIZER_BYTES = 12;

export interface StageWork {
  readonly degrees: Degrees;
  /** Layers of the stage by number. */
  readonly layers: readonly number[];
  readonly hasEmbedding: boolean;
  readonly hasOutput: boolean;
  /** Micro-batches, or shares of one, whose activations are held at once. */
  readonly microBatchesHeld: number;
  readonly zero: 0 | 1 | 2 | 3;
  readonly recompute: Recompute;
  readonly share: RankShare;
  readonly gradientBytes: number;
}

/** Parameters of a stage at one rank: those of experts are spread over other ranks. */
function stageParameters(model: TransformerRow, work: StageWork): { dense: number; experts: number } {
  const { tp, ep } = work.degrees;
  const embedding = model.vocabulary * model.hidden;
  let dense = (work.hasEmbedding ? embedding : 0) + (work.hasOutput ? embedding + model.hidden : 0);
  let experts = 0;
  for (const layer of work.layers) {
    const parameters = layerParameters(model, layer);
    dense += parameters.attention + parameters.dense;
    experts += parameters.experts;
  }
  return { dense: dense / tp, experts: experts / tp / ep };
}

export function gpuMemory(model: TransformerRow, work: StageWork): GpuMemory {
  const { degrees, zero, gradientBytes, share, microBatchesHeld } = work;
  const { dense, experts } = stageParameters(model, work);
  const shards = degrees.dp * degrees.cp;
  const split = (stage: number) => (zero >= stage ? dense / shards + experts / (shards / degrees.ep) : dense + experts);
  const layerBytes = work.layers.reduce((sum, layer) => sum + layerActivations(model, layer, work), 0);
  const outputBytes = work.hasOutput ? (4 * share.tokens * model.vocabulary) / degrees.tp : 0;
  return {
    parametersBytes: split(3) * share.weightBytes,
    gradientsBytes: split(2) * gradientBytes,
    optimizerBytes: split(1) * OPTIMIZER_BYTES,
    activationsBytes: layerBytes * microBatchesHeld + outputBytes,
  };
}

export function totalBytes(memory: GpuMemory): number {
  return memory.parametersBytes + memory.gradientsBytes + memory.optimizerBytes + memory.activationsBytes;
}

/** Bytes that a layer keeps of a micro-batch until it goes backward. */
export function layerActivations(model: TransformerRow, layer: number, { recompute, share }: StageWork): number {
  const { hidden, heads, kvHeads } = model;
  const { tokens, sequence, tp, sequenceParallel, elementBytes: size, attention } = share;
  const norm = sequenceParallel ? tp : 1;
  if (recompute === "full") return (tokens * hidden * size) / norm;
  const queries = heads * headWidth(model);
  const keys = 2 * kvHeads * headWidth(model);
  const scores = attention.isFused || recompute === "selective" ? 0 : (2 * size + 1) * heads * sequence;
  const split = size * (queries + keys + queries) + scores + feedForwardBytes(model, layer, size);
  // Inputs of two norms and of two products, and two dropout masks of a byte.
  const whole = (4 * size + 2) * hidden;
  return tokens * (split / tp + whole / norm);
}

function feedForwardBytes(model: TransformerRow, layer: number, size: number): number {
  const { ffn, isGated, experts } = model;
  const perWidth = size * (isGated ? 3 : 2);
  if (experts === null || !hasExperts(model, layer)) return perWidth * ffn;
  // Tokens that were sent to experts are kept there.
  const routed = experts.perToken * (perWidth * experts.ffn + size * model.hidden);
  return routed + experts.shared * perWidth * experts.ffn;
}
