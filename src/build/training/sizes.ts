/** What a rank computes and sends of a training step, in numbers. */
import type { Precision } from "../../plan/training/gpus.js";
import { type LayerBlock, measuredBlock, type PassSeconds } from "../../plan/training/layer-times.js";
import type { ConvolutionalRow, TransformerRow } from "../../plan/training/models.js";
import { layersPerPart, microBatches, type TrainingStep } from "../../plan/training/step.js";
import { efficiencyAt, passSeconds } from "./compute-time.js";
import { type GpuMemory, gpuMemory } from "./memory.js";
import { layerOperations, type Operation, outputOperations, type RankShare } from "./operations.js";
import { activeParameters, hasExperts, headWidth, layerParameters } from "./parameters.js";

/** Bytes of an activation, and of a weight as it is sent. */
export function elementBytes(precision: Precision): number {
  return precision === "fp32" ? 4 : 2;
}

/** Gradients add up in single precision, but with fp16 (defaults of Megatron-LM). */
export function gradientBytes(precision: Precision): number {
  return precision === "fp16" ? 2 : 4;
}

/** What Adam reads and writes of a parameter: weight, gradient, two moments, and the new ones. */
const OPTIMIZER_BYTES = 30;

export function rankShare(step: TrainingStep): RankShare {
  const { microBatch, sequence, degrees, sequenceParallel, precision, isFlash } = step;
  const bytes = elementBytes(precision);
  return {
    tokens: (microBatch * sequence) / degrees.cp,
    ...{ sequence, tp: degrees.tp, ep: degrees.ep, sequenceParallel },
    ...{ elementBytes: bytes, weightBytes: bytes },
    attention: { isFused: isFlash, skipsMasked: isFlash },
  };
}

/** Bytes of the buffers of a micro-batch, as nccl-tests count them. */
export function messageBytes(model: TransformerRow, step: TrainingStep) {
  const { hidden, kvHeads, latentAttention, experts } = model;
  const { tp, cp } = step.degrees;
  const { tokens, elementBytes: size } = rankShare(step);
  const own = step.sequenceParallel ? tp : 1;
  const kvWidth =
    latentAttention === null
      ? 2 * Math.max(1, kvHeads / tp) * headWidth(model)
      : latentAttention.kvRank + latentAttention.ropeWidth;
  return {
    tp: tokens * hidden * size,
    cp: tokens * cp * kvWidth * size,
    pp: (tokens * hidden * size) / own,
    ep: ((tokens * hidden * size) / own) * (experts?.perToken ?? 0),
  };
}

/** Equal layers next to each other. */
export interface LayerRun {
  readonly count: number;
  readonly hasExperts: boolean;
  /** Attention, then the rest. */
  readonly blocks: readonly [PassSeconds, PassSeconds];
  /** At a rank. */
  readonly denseParameters: number;
  readonly expertParameters: number;
}

/** A part of the model that a stage holds. */
export interface ModelPart {
  /** Of the whole model. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly layers: readonly number[];
  readonly runs: readonly LayerRun[];
  /** Parameters of the embedding and of the output layer at a rank. */
  readonly embeddingParameters: number;
  readonly outputParameters: number;
  readonly embedding: PassSeconds;
  readonly output: PassSeconds;
}

const NO_TIME: PassSeconds = { forward: 0, backward: 0 };

/** Parts of a transformer in the order of its layers. */
function transformerParts(model: TransformerRow, step: TrainingStep): ModelPart[] {
  const { degrees, virtualStages, gpu, precision, layerTimes } = step;
  const counts = layersPerPart(model.layers, degrees.pp * virtualStages)!;
  const share = rankShare(step);
  const way = { precision, recompute: step.recompute === "full" ? ("none" as const) : step.recompute };
  const embeddingParameters = (model.vocabulary * model.hidden) / degrees.tp;
  const ends = layerTimes?.ends;
  let layer = 0;
  return counts.map((count, part) => {
    const layers = Array.from({ length: count }, () => layer++);
    const [isFirst, isLast] = [part === 0, part === counts.length - 1];
    return {
      ...{ isFirst, isLast, layers },
      runs: runsOf(model, step, layers),
      embeddingParameters: isFirst ? embeddingParameters : 0,
      outputParameters: isLast && !(isFirst && model.tiesEmbeddings) ? embeddingParameters : 0,
      embedding: isFirst ? (ends?.embedding ?? passSeconds([embeddingOperation(model, share)], gpu, way)) : NO_TIME,
      output: isLast ? (ends?.output ?? outputSeconds(model, step)) : NO_TIME,
    };
  });
}

function outputSeconds(model: TransformerRow, step: TrainingStep): PassSeconds {
  const { gpu, precision } = step;
  return passSeconds(outputOperations(model, rankShare(step)), gpu, { precision, recompute: "none" });
}

function embeddingOperation({ hidden }: TransformerRow, { tokens, elementBytes: size }: RankShare): Operation {
  const moved = 2 * tokens * hidden * size;
  return { name: "embedding", kind: "memory", flops: 0, bytes: moved, kernels: 1, backward: 1, isRecomputed: false };
}

function runsOf(model: TransformerRow, step: TrainingStep, layers: readonly number[]): LayerRun[] {
  const runs: LayerRun[] = [];
  for (const layer of layers) {
    const last = runs.at(-1);
    if (last !== undefined && areAlike(model, step, layer, layer - 1)) {
      runs[runs.length - 1] = { ...last, count: last.count + 1 };
    } else {
      runs.push(oneLayer(model, step, layer));
    }
  }
  return runs;
}

/** Whether two layers compute and hold the same. */
function areAlike(model: TransformerRow, { layerTimes }: TrainingStep, a: number, b: number): boolean {
  const isSame = (block: LayerBlock) => {
    const [one, other] = [measuredBlock(layerTimes, a, block), measuredBlock(layerTimes, b, block)];
    return one?.forward === other?.forward && one?.backward === other?.backward;
  };
  return hasExperts(model, a) === hasExperts(model, b) && isSame("attention") && isSame("mlp");
}

function oneLayer(model: TransformerRow, step: TrainingStep, layer: number): LayerRun {
  const { degrees, gpu, precision, recompute, layerTimes } = step;
  const operations = layerOperations(model, layer, rankShare(step));
  const border = operations.findIndex(({ name }) => name.startsWith("norms")) + 1;
  const way = { precision, recompute: recompute === "full" ? ("none" as const) : recompute };
  const { attention, dense, experts } = layerParameters(model, layer);
  return {
    count: 1,
    hasExperts: hasExperts(model, layer),
    blocks: [
      measuredBlock(layerTimes, layer, "attention") ?? passSeconds(operations.slice(0, border), gpu, way),
      measuredBlock(layerTimes, layer, "mlp") ?? passSeconds(operations.slice(border), gpu, way),
    ],
    denseParameters: (attention + dense) / degrees.tp,
    expertParameters: experts / degrees.tp / degrees.ep,
  };
}

function imageLayer({ parameters, layers }: ConvolutionalRow, seconds: PassSeconds): LayerRun {
  return {
    count: 1,
    hasExperts: false,
    blocks: [seconds, NO_TIME],
    denseParameters: parameters / layers,
    expertParameters: 0,
  };
}

/** A network of images as one part; its parameters are spread evenly over its layers. */
function imageParts(model: ConvolutionalRow, step: TrainingStep): ModelPart[] {
  const { gpu, precision, microBatch, layerTimes } = step;
  const flops = (model.forwardFlops * microBatch) / model.layers;
  const share = efficiencyAt(gpu.matrixEfficiency, flops);
  const forward = Math.max(flops / (gpu.peakFlops[precision] * share), gpu.kernelSeconds);
  const modelled: PassSeconds = { forward, backward: Math.max(2 * forward, gpu.kernelSeconds) };
  const runs: LayerRun[] = [];
  for (let layer = 0; layer < model.layers; layer++) {
    const seconds = measuredBlock(layerTimes, layer, "layer") ?? modelled;
    const last = runs.at(-1);
    const isAlike = last?.blocks[0].forward === seconds.forward && last.blocks[0].backward === seconds.backward;
    if (isAlike) runs[runs.length - 1] = { ...last, count: last.count + 1 };
    else runs.push(imageLayer(model, seconds));
  }
  return [
    {
      ...{ isFirst: true, isLast: true, layers: [], runs },
      ...{ embeddingParameters: 0, outputParameters: 0, embedding: NO_TIME, output: NO_TIME },
    },
  ];
}

export function modelParts(step: TrainingStep): ModelPart[] {
  const { model } = step;
  return model.kind === "transformer" ? transformerParts(model, step) : imageParts(model, step);
}

/** Parameters of a part at a rank. */
function partParameters(part: ModelPart): { readonly dense: number; readonly experts: number } {
  let [dense, experts] = [part.embeddingParameters + part.outputParameters, 0];
  for (const { count, denseParameters, expertParameters } of part.runs) {
    dense += count * denseParameters;
    experts += count * expertParameters;
  }
  return { dense, experts };
}

/** Seconds in which the optimizer goes over the parameters of some parts. */
export function optimizerSeconds(parts: readonly ModelPart[], step: TrainingStep): number {
  const { degrees, zero, gpu, layerTimes } = step;
  if (layerTimes !== null && layerTimes.optimizer !== null) return layerTimes.optimizer;
  const shards = zero >= 1 ? degrees.dp * degrees.cp : 1;
  const expertShards = zero >= 1 ? shards / degrees.ep : 1;
  let parameters = 0;
  for (const part of parts) {
    const { dense, experts } = partParameters(part);
    parameters += dense / shards + experts / expertShards;
  }
  return (parameters * OPTIMIZER_BYTES) / (gpu.memoryBytesPerSecond * gpu.memoryEfficiency);
}

/**
 * FLOPs of a step over all ranks, without what is computed again and without savings by the mask:
 * Narayanan et al., SC 2021, with 3 passes in place of 4.
 */
export function modelFlops({ model, sequence, globalBatch }: TrainingStep): number {
  if (model.kind === "convolutional") return 3 * model.forwardFlops * globalBatch;
  const tokens = globalBatch * sequence;
  const input = model.tiesEmbeddings ? 0 : model.vocabulary * model.hidden;
  return tokens * (6 * (activeParameters(model) - input) + 12 * model.layers * model.hidden * sequence);
}

/** Memory of the rank of a stage. */
export function stageMemory(step: TrainingStep, stage: number): GpuMemory {
  const { model, degrees, virtualStages, zero, recompute, precision } = step;
  const { pp } = degrees;
  const parts = modelParts(step).filter((_, part) => part % pp === stage);
  if (model.kind === "convolutional") {
    const shards = zero >= 1 ? degrees.dp : 1;
    const [weights, gradients] = [elementBytes(precision), gradientBytes(precision)];
    return {
      parametersBytes: model.parameters * weights,
      gradientsBytes: model.parameters * gradients,
      optimizerBytes: (model.parameters * 12) / shards,
      activationsBytes: 0,
    };
  }
  const held = virtualStages === 1 ? pp - stage : (2 * (pp - 1 - stage) + (virtualStages - 1) * pp + 1) / virtualStages;
  return gpuMemory(model, {
    degrees,
    layers: parts.flatMap(({ layers }) => layers),
    hasEmbedding: parts.some(({ isFirst }) => isFirst),
    hasOutput: parts.some(({ isLast }) => isLast),
    microBatchesHeld: Math.min(held, microBatches(step)),
    ...{ zero, recompute },
    share: rankShare(step),
    gradientBytes: gradientBytes(precision),
  });
}
