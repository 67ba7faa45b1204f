import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { bubble } from "../../src/build/training/schedule.js";
import { type ModelPart, modelParts, optimizerSeconds } from "../../src/build/training/sizes.js";
import { microBatches } from "../../src/plan/training/step.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import type { TrainingWorkload } from "../../src/scenario/types/scenario.js";

/** Steps of Megatron-DeepSpeed on one node of A100 (vTrain, MICRO 2024; MIT licence). */
const ROWS = readFileSync("test/data/training/training-steps-a100-one-node.csv", "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => line.split(",").map(Number));

/** A pipeline of stages whose communication takes no time: nearly so on NVLink. */
function predictedMs([gpus, global, micro, hidden, heads, layers, sequence, , , pp]: readonly number[]): number {
  const step = parseScenario({
    topology: { kind: "leaf-spine", gpus, gpusPerNode: gpus, radix: 64, tiers: 2 },
    gpu: "a100",
    workload: {
      ...{ kind: "training-step", sequence, model: { layers, hidden, heads }, batch: { global, micro } },
      ...{ parallel: { pp }, precision: "fp16", recompute: "full", attention: "unfused" },
    },
  }).scenario.workload as TrainingWorkload;
  const parts = modelParts(step);
  const inLayers = ({ runs }: ModelPart, way: "forward" | "backward") =>
    runs.reduce((sum, { count, blocks }) => sum + count * (blocks[0][way] + blocks[1][way]), 0);
  const { total } = bubble({ stages: pp!, parts: 1, microBatches: microBatches(step) }, (stage, _, kind) => {
    const part = parts[stage]!;
    const once = part.output[kind] + part.embedding[kind] + inLayers(part, kind);
    return kind === "backward" ? once + inLayers(part, "forward") : once;
  });
  return 1000 * (total + optimizerSeconds(parts.slice(0, 1), step));
}

it("meets steps of one node that its A100 was not fitted to", () => {
  const pipelines = ROWS.filter(([, , , , , , , tp, dp]) => tp === 1 && dp === 1);
  const held = pipelines.filter((_, i) => i % 2 === 1);
  const errors = held.map((row) => Math.abs(predictedMs(row) / row[10]! - 1)).sort((a, b) => a - b);
  expect(errors).toHaveLength(80);
  expect(errors[40]).toBeLessThan(0.07);
  expect(errors[72]).toBeLessThan(0.12);
});
