import { expect, it, test } from "vitest";
import { resolvePlan } from "../../src/resolve/resolve.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import type { ScenarioError } from "../../src/scenario/types/errors.js";

type Document = Record<string, unknown>;

function messages(workload: Document, rest: Document = {}): string[] {
  const input = {
    topology: { kind: "rail-optimized", gpus: 64, gpusPerNode: 8, radix: 64, tiers: 2 },
    workload: { kind: "training-step", model: "llama-3-8b", batch: { global: 64 }, ...workload },
    ...rest,
  };
  try {
    parseScenario(input);
    return [];
  } catch (error) {
    return (error as ScenarioError).issues.map(({ path, message }) => `${path}: ${message}`);
  }
}

const REFUSED: readonly [string, Document, RegExp][] = [
  ["layers", { parallel: { pp: 64 } }, /parallel.pp: 32 layers do not split over 64 stages; write pp as one of 1, 2, /],
  ["ranks", { parallel: { tp: 32, pp: 4 } }, /tp 32 x cp 1 x pp 4 = 128 does not divide 64 GPUs/],
  ["dp", { parallel: { tp: 8, dp: 4 } }, /parallel.dp: .* = 32, and there are 64 GPUs; write dp: 8, or auto/],
  ["heads", { parallel: { tp: 64 } }, /parallel.tp: 64 does not divide 32 heads/],
  ["batch", { batch: { global: 30 } }, /batch.global: 30 is no multiple of dp 64 x micro 1 = 64; write e.g. 64/],
  ["experts", { parallel: { ep: 2 } }, /parallel.ep: the model has no experts/],
  ["interleaving", { parallel: { virtualStages: 2 } }, /virtualStages: one stage has nothing to interleave/],
  ["zero", { parallel: { zero: 3, pp: 2, tp: 8 } }, /parallel.zero: ZeRO 3 communicates for every micro-batch/],
  ["overlap", { overlap: { tp: true } }, /overlap.tp: overlap of tensor parallelism needs tp above 1/],
  ["order", { parallel: { order: ["tp", "tp"] } }, /parallel.order: not each kind once/],
  [
    "images",
    { model: "resnet-50", parallel: { tp: 2 } },
    /parallel.tp: resnet-50 is trained with data parallelism only/,
  ],
  ["local steps", { steps: 3, localSteps: 2 }, /workload.steps: 3 is no multiple of localSteps; write e.g. 2/],
  ["local ZeRO", { steps: 2, localSteps: 2, parallel: { zero: 1 } }, /parallel.zero: replicas that train alone/],
  [
    "parts",
    { parallel: { pp: 2, tp: 8, virtualStages: 7 } },
    /over 2 stages of 7 parts each; write virtualStages as one of 1, 2, 4, 8, 16, 17$/,
  ],
  ["recorded ranks", { record: { ranks: [64] } }, /record.ranks.*: .*64/],
  ["model", { model: "llama-4" }, /model: /],
];

test.each(REFUSED)("%s wrong: one message says what would do", (_, workload, pattern) => {
  const list = messages(workload);
  expect(list).toHaveLength(1);
  expect(list[0]).toMatch(pattern);
});

it("knows precisions of a GPU", () => {
  expect(messages({ precision: "fp8" }, { gpu: "a100" })).toEqual([
    "workload.precision: a100 has no fp8; write bf16 or fp16",
  ]);
  expect(messages({ precision: "fp8" }, { gpu: "h100" })).toEqual([]);
});

it("refuses what does not fit into memory, and says what would", () => {
  const plan = (workload: Document) =>
    resolvePlan(
      parseScenario({
        topology: { kind: "rail-optimized", gpus: 8, gpusPerNode: 8, radix: 64, tiers: 2 },
        workload: { kind: "training-step", model: "llama-3-8b", sequence: 8192, batch: { global: 8 }, ...workload },
      }).scenario,
    );
  expect(() => plan({})).toThrow(
    /a GPU needs [\d.]+ GiB and has 74.5 GiB \(parameters .*\); write zero: 1 and recompute: full, or write memoryCheck: false/,
  );
  expect(plan({ memoryCheck: false }).plan.programs!.ranks.count).toBe(8);
  expect(plan({ parallel: { zero: 3 }, recompute: "full" }).plan.programs!.ranks.count).toBe(8);
});
