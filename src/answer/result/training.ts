/** What a result says of a training step: where the time of the GPUs went. */
import { largestMemory } from "../../build/training/fit.js";
import { totalBytes } from "../../build/training/memory.js";
import { bubble } from "../../build/training/schedule.js";
import { type ModelPart, modelFlops, modelParts } from "../../build/training/sizes.js";
import type { Outcome } from "../../plan/outcome.js";
import type { RunPlan } from "../../plan/plan.js";
import { microBatches, type TrainingStep } from "../../plan/training/step.js";
import type { TrainingKind, TrainingResult } from "./document-programs.js";
import { programStartPs, usedLabels } from "./programs.js";

const KINDS: readonly TrainingKind[] = ["tp", "cp", "pp", "dp", "ep"];

/**
 * Undefined where there are no programs.
 * @param plan with the programs of these steps alone, which have all ended
 */
export function trainingResult(step: TrainingStep, plan: RunPlan, outcome: Outcome): TrainingResult | undefined {
  const { programs } = plan;
  if (programs === undefined || outcome.programs === undefined) return undefined;
  const { ranks, labels } = outcome.programs;
  const count = programs.ranks.count;
  const startPs = programStartPs(programs);
  const endPs = ranks.finishPs.reduce((most, ps) => Math.max(most, ps), 0) - startPs;
  const own = usedLabels(programs);
  const perStep = (ps: number) => ps / 1000 / step.steps;
  const mean = (column: Float64Array) => perStep(column.reduce((sum, ps) => sum + ps, 0) / count);
  const stepNs = perStep(endPs);
  const computeNs = mean(ranks.computePs);
  const times = Object.fromEntries(
    KINDS.map((kind) => {
      const label = own.find((each) => programs.labels[each] === kind);
      const { totalPs = 0n, exposedPs = 0n } = label === undefined ? {} : labels[label]!;
      return [kind, { exposedNs: perStep(Number(exposedPs) / count), allNs: perStep(Number(totalPs) / count) }];
    }),
  ) as Record<TrainingKind, { exposedNs: number; allNs: number }>;
  const exposed = mapKinds((kind) => times[kind].exposedNs);
  const waited = KINDS.reduce((sum, kind) => sum + exposed[kind], 0);
  const idleNs = Math.max(0, stepNs - computeNs - waited);
  // Stages that have nothing to do yet wait for data, those that have ended are idle.
  const bubbleNs = Math.min(pipelineBubbleNs(step), idleNs + exposed.pp);
  const otherNs = Math.max(0, idleNs - bubbleNs);
  const exposedNs = { ...exposed, pp: exposed.pp - Math.max(0, bubbleNs - idleNs) };
  const share = (ns: number) => (stepNs === 0 ? 0 : ns / stepNs);
  const causes = [
    { cause: "bubble", ns: bubbleNs } as const,
    ...KINDS.map((kind) => ({ cause: kind, ns: exposedNs[kind] })),
    { cause: "other", ns: otherNs } as const,
  ];
  return {
    ...{ stepNs, computeNs, bubbleNs, exposedNs },
    overlappedNs: mapKinds((kind) => Math.max(0, times[kind].allNs - times[kind].exposedNs)),
    gpuUtilisation: share(computeNs),
    mfu: modelFlops(step) / ((stepNs / 1e9) * count * step.gpu.peakFlops[step.precision]),
    items: step.model.kind === "transformer" ? "tokens" : "images",
    tokensPerSecond: (step.globalBatch * step.sequence) / (stepNs / 1e9),
    idle: causes.map(({ cause, ns }) => ({ cause, share: share(ns) })),
    steps: stepTimes(step, plan, outcome, stepNs),
    memoryBytes: memoryOf(step),
  };
}

function mapKinds(of: (kind: TrainingKind) => number): Record<TrainingKind, number> {
  return Object.fromEntries(KINDS.map((kind) => [kind, of(kind)])) as Record<TrainingKind, number>;
}

/** The wait of a stage, on average, with free communication. */
function pipelineBubbleNs(step: TrainingStep): number {
  const { pp } = step.degrees;
  if (pp === 1) return 0;
  const parts = modelParts(step);
  const seconds = parts.map((part) => ({ forward: passTime(part, step, true), backward: passTime(part, step, false) }));
  const shape = { stages: pp, parts: step.virtualStages, microBatches: microBatches(step) };
  return bubble(shape, (stage, part, kind) => seconds[part * pp + stage]![kind]).idle * 1e9;
}

function passTime(part: ModelPart, { recompute }: TrainingStep, isForward: boolean): number {
  const layers = (way: "forward" | "backward") =>
    part.runs.reduce((sum, { count, blocks }) => sum + count * (blocks[0][way] + blocks[1][way]), 0);
  if (isForward) return part.embedding.forward + layers("forward") + part.output.forward;
  const again = recompute === "full" ? layers("forward") : 0;
  return part.output.backward + again + layers("backward") + part.embedding.backward;
}

/** From the end of one optimizer step of the first rank to that of the next. */
function stepTimes(step: TrainingStep, { programs }: RunPlan, { programs: outcome }: Outcome, stepNs: number) {
  const label = usedLabels(programs!).find((each) => programs!.labels[each] === "optimizer");
  const startNs = programStartPs(programs!) / 1000;
  const ends = (outcome!.timelines[0]?.entries ?? [])
    .filter((entry) => entry.label === label)
    .map(({ endPs }) => endPs / 1000);
  const times = ends.map((end, i) => end - (ends[i - 1] ?? startNs)).sort((a, b) => a - b);
  if (step.steps === 1 || times.length === 0) return { p50Ns: stepNs, p99Ns: stepNs, maxNs: stepNs };
  const at = (share: number) => times[Math.min(times.length - 1, Math.ceil(share * times.length) - 1)]!;
  return { p50Ns: at(0.5), p99Ns: at(0.99), maxNs: times.at(-1)! };
}

function memoryOf(step: TrainingStep): TrainingResult["memoryBytes"] {
  const memory = largestMemory(step);
  return {
    parameters: memory.parametersBytes,
    gradients: memory.gradientsBytes,
    optimizer: memory.optimizerBytes,
    activations: memory.activationsBytes,
    total: totalBytes(memory),
    capacity: step.gpu.memoryBytes,
  };
}
