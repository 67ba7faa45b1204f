/** A training step with its numbers filled in. */
import { type GpuName, type GpuRow, gpuRow } from "../../plan/training/gpus.js";
import type { LayerTimes } from "../../plan/training/layer-times.js";
import { type ModelRow, modelRow } from "../../plan/training/models.js";
import type { Degrees } from "../../plan/training/step.js";
import type { Sections } from "../schema/sections.js";
import { readLayerTimes } from "../types/read-layer-times.js";
import type { TrainingWorkload } from "../types/scenario.js";
import { rankCount, rankNumbers } from "./ranks.js";

export type WrittenTraining = Extract<Sections["workload"], { kind: "training-step" }>;

/** The workload with its defaults. The rules have been checked. */
export function resolveTraining({ topology, gpu }: Sections, written: WrittenTraining): TrainingWorkload {
  const model = modelOf(written);
  const numberOf = rankNumbers(topology);
  const { parallel, batch } = written;
  return {
    kind: "training-step",
    model,
    gpu: gpuOf(gpu),
    layerTimes: layerTimesOf(written),
    sequence: model.kind === "transformer" ? written.sequence : 1,
    globalBatch: batch.global,
    microBatch: batch.micro,
    degrees: degreesOf(written, rankCount(topology)),
    order: parallel.order,
    virtualStages: parallel.virtualStages,
    sequenceParallel: parallel.sequenceParallel && parallel.tp > 1,
    zero: parallel.zero,
    precision: written.precision,
    overlap: written.overlap,
    bucketBytes: written.bucket,
    recompute: written.recompute,
    isFlash: written.attention === "flash",
    steps: written.steps,
    localSteps: written.localSteps,
    algorithms: written.algorithms,
    jitter: written.jitter,
    stragglers: written.stragglers.map(({ rank, factor }) => ({ rank: numberOf(rank)!, factor })),
    checksMemory: written.memoryCheck,
  };
}

function layerTimesOf({ layerTimes, parallel, batch }: WrittenTraining): LayerTimes | null {
  if (layerTimes === undefined) return null;
  const times = readLayerTimes(layerTimes, { tp: parallel.tp, cp: parallel.cp, micro: batch.micro });
  if (typeof times === "string") throw new Error(times);
  return times;
}

/** Degrees with that of data parallelism; not a whole number where the ranks do not divide. */
export function degreesOf({ parallel }: WrittenTraining, ranks: number): Degrees {
  const { tp, cp, pp, ep, dp } = parallel;
  return { tp, cp, pp, ep, dp: dp === "auto" ? ranks / (tp * cp * pp) : dp };
}

export function modelOf({ model }: WrittenTraining): ModelRow {
  if (typeof model === "string") return modelRow(model)!;
  const { layers, hidden, heads, kvHeads = heads, ffn = 4 * hidden, vocabulary } = model;
  const { experts, expertsPerToken, expertFfn = ffn, sharedExperts, denseLayers } = model;
  return {
    kind: "transformer",
    name: "own model",
    sentence: "A transformer by its sizes.",
    source: "The scenario.",
    ...{ layers, hidden, heads, kvHeads, ffn, vocabulary },
    isGated: model.gated,
    tiesEmbeddings: model.tied,
    experts:
      experts === undefined
        ? null
        : { count: experts, perToken: expertsPerToken, shared: sharedExperts, ffn: expertFfn, denseLayers },
    latentAttention: null,
  };
}

export function gpuOf(written: Sections["gpu"]): GpuRow {
  if (typeof written === "string") return gpuRow(written as GpuName);
  const { flops, memory, capacity, efficiency, memoryEfficiency, kernel } = written;
  const table = typeof efficiency === "number" ? [{ flops: 1, share: efficiency }] : efficiency;
  return {
    name: "own GPU",
    sentence: "A GPU by its numbers.",
    source: "The scenario.",
    peakFlops: { fp8: flops, bf16: flops, fp16: flops, fp32: flops },
    memoryBytes: capacity,
    memoryBytesPerSecond: memory / 8,
    memoryEfficiency,
    matrixEfficiency: table,
    kernelSeconds: kernel / 1e12,
  };
}
