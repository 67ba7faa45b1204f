import { expect, it, test } from "vitest";
import type { ResultDocument } from "../../src/answer/result/document.js";
import type { TrainingResult } from "../../src/answer/result/document-programs.js";
import { simulate } from "../../src/api/simulate.js";
import { passSeconds } from "../../src/build/training/compute-time.js";
import { layerOperations, outputOperations } from "../../src/build/training/operations.js";
import { asLoops, bubble, stagePasses } from "../../src/build/training/schedule.js";
import { modelParts, optimizerSeconds, rankShare } from "../../src/build/training/sizes.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import type { TrainingWorkload } from "../../src/scenario/types/scenario.js";

type Document = Record<string, unknown>;

const MODEL = { layers: 4, hidden: 512, heads: 8, vocabulary: 1024 };
/** Rates so high, and latencies so low, that nearly only computing takes time. */
const FREE = {
  links: {
    access: { rate: "10Tbps", length: "1mm", fecLatency: "0ns" },
    scaleUp: { rate: "10Tbps" },
  },
  nic: { latency: "1ns", scaleUpLatency: "1ns" },
};

function document(gpus: number, workload: Document, rest: Document = {}): Document {
  return {
    topology:
      gpus === 1
        ? { kind: "leaf-spine", gpus, gpusPerNode: 1, radix: 64, tiers: 2 }
        : { kind: "rail-optimized", gpus, gpusPerNode: 4, radix: 64, tiers: 2 },
    workload: {
      ...{ kind: "training-step", model: MODEL, sequence: 256 },
      ...{ algorithms: { tp: "ring", cp: "ring", dp: "ring", ep: "direct" } },
      ...workload,
    },
    ...rest,
  };
}

async function run(input: Document, threads = 1): Promise<ResultDocument & { training: TrainingResult }> {
  const doc = await simulate(parseScenario(input).scenario, { threads });
  expect(doc.status).toBe("finished");
  return doc as ResultDocument & { training: TrainingResult };
}

function stepOf(input: Document): TrainingWorkload {
  return parseScenario(input).scenario.workload as TrainingWorkload;
}

function operation({ program }: ResultDocument, name: string) {
  return program!.operations.find((each) => each.name === name)!;
}

it("takes what its operations take on one GPU", async () => {
  const input = document(1, { batch: { global: 3 } });
  const step = stepOf(input);
  const share = rankShare(step);
  const way = { precision: step.precision, recompute: step.recompute };
  const model = step.model as Extract<TrainingWorkload["model"], { kind: "transformer" }>;
  const layer = passSeconds(layerOperations(model, 0, share), step.gpu, way);
  const output = passSeconds(outputOperations(model, share), step.gpu, way);
  const parts = modelParts(step);
  const { embedding } = parts[0]!;
  const micro =
    4 * (layer.forward + layer.backward) + output.forward + output.backward + embedding.forward + embedding.backward;
  const seconds = 3 * micro + optimizerSeconds(parts, step);
  const { training } = await run(input);
  expect(training.stepNs / (seconds * 1e9)).toBeCloseTo(1, 6);
  expect(training.gpuUtilisation).toBeCloseTo(1, 9);
});

it("adds the time of one all-reduce where data parallelism does not overlap", async () => {
  const workload = { batch: { global: 8 }, overlap: { dp: false } };
  const { training } = await run(document(8, workload));
  const step = stepOf(document(8, workload));
  const parameters = modelParts(step).reduce(
    (sum, { embeddingParameters, runs }) =>
      sum + embeddingParameters + runs.reduce((all, each) => all + each.count * each.denseParameters, 0),
    0,
  );
  const ring = await simulate(
    parseScenario({
      topology: { kind: "rail-optimized", gpus: 8, gpusPerNode: 4, radix: 64, tiers: 2 },
      workload: {
        ...{ kind: "collective", collective: "all-reduce", algorithm: "ring" },
        size: `${Math.ceil(4 * parameters)}B`,
      },
    }).scenario,
  );
  const alone = await run(document(1, { batch: { global: 1 } }));
  expect(training.stepNs / (alone.training.computeNs + ring.jctNs!)).toBeCloseTo(1, 6);
  // Ranks that have their sums earlier than others are idle then.
  const other = training.idle.find(({ cause }) => cause === "other")!.share * training.stepNs;
  expect((training.exposedNs.dp + other) / ring.jctNs!).toBeCloseTo(1, 6);
  const beside = await run(document(8, { ...workload, overlap: { dp: true }, bucket: "1MiB" }));
  expect(beside.training.stepNs).toBeLessThan(training.stepNs);
  expect(beside.training.overlappedNs.dp).toBeGreaterThan(0);
});

test.each([
  [4, 8, 1],
  [4, 4, 1],
  [2, 6, 1],
  [4, 8, 2],
])("a bubble of %d stages, %d micro-batches, %d parts is (p - 1) / (m v)", (stages, microBatches, parts) => {
  const shape = { stages, microBatches, parts };
  const { total, idle } = bubble(shape, (_, __, kind) => (kind === "forward" ? 1 : 2));
  expect(total).toBe(3 * (microBatches * parts + stages - 1));
  expect(idle / (3 * microBatches * parts)).toBeCloseTo((stages - 1) / (microBatches * parts), 12);
});

it("repeats passes in loops, each of them as often", () => {
  for (const [stages, microBatches, parts] of [
    [4, 16, 1],
    [4, 16, 2],
    [1, 8, 1],
    [8, 4, 1],
  ] as const) {
    for (let stage = 0; stage < stages; stage++) {
      const passes = stagePasses({ stages, microBatches, parts }, stage);
      const loops = asLoops(passes, 2 * stages * parts);
      expect(loops.flatMap(({ count, passes: body }) => Array(count).fill(body).flat())).toEqual(passes);
      expect(loops.length).toBeLessThanOrEqual(6 * stages * parts);
    }
  }
});

it("has the bubble of 1F1B on links that take no time", async () => {
  const [p, m] = [4, 8];
  // Many layers, beside which embedding and loss count little.
  const model = { ...MODEL, layers: 64, vocabulary: 1 };
  const { training } = await run(document(4, { model, batch: { global: m }, parallel: { pp: p } }, FREE));
  const share = training.bubbleNs / training.computeNs;
  expect(share).toBeGreaterThan(0.9 * ((p - 1) / m));
  expect(share).toBeLessThan(1.1 * ((p - 1) / m));
  expect(training.exposedNs.pp).toBeLessThan(0.02 * training.stepNs);
});

test.each([
  [false, 4],
  [true, 8],
])("tensor parallelism adds its collectives to a layer (sequence parallel: %s)", async (sequenceParallel, each) => {
  const doc = await run(document(4, { batch: { global: 2 }, parallel: { tp: 4, sequenceParallel } }));
  expect(operation(doc, "tp").count).toBe(4 * each * MODEL.layers * 2);
});

const SHAPES: readonly [string, Document][] = [
  ["tp and pp", { batch: { global: 16 }, parallel: { tp: 2, pp: 2 } }],
  ["interleaved", { batch: { global: 16 }, parallel: { tp: 2, pp: 2, virtualStages: 2 } }],
  ["context", { batch: { global: 8 }, parallel: { cp: 2, tp: 2 } }],
  ["zero 1", { batch: { global: 16 }, parallel: { zero: 1 }, bucket: "1MiB", steps: 2 }],
  ["zero 2", { batch: { global: 16 }, parallel: { zero: 2 }, overlap: { dp: false } }],
  ["zero 3", { batch: { global: 16 }, parallel: { zero: 3 }, steps: 2 }],
  ["zero 3 without overlap", { batch: { global: 16 }, parallel: { zero: 3 }, overlap: { dp: false } }],
  ["tp beside products", { batch: { global: 16 }, parallel: { tp: 4 }, overlap: { tp: true }, recompute: "full" }],
  ["sends that wait", { batch: { global: 16 }, parallel: { pp: 4 }, overlap: { pp: false }, jitter: 0.2 }],
  [
    "experts",
    { model: { ...MODEL, experts: 4, denseLayers: 1 }, batch: { global: 16 }, parallel: { ep: 4, tp: 1, pp: 2 } },
  ],
];

test.each(SHAPES)("%s: shares sum to the step, and threads change nothing", async (_, workload) => {
  const one = await run(document(8, workload));
  const two = await run(document(8, workload), 2);
  expect(two.engine.digest).toBe(one.engine.digest);
  const { training } = one;
  const shares = training.idle.reduce((sum, { share }) => sum + share, training.gpuUtilisation);
  expect(shares).toBeCloseTo(1, 9);
  expect(training.mfu).toBeGreaterThan(0);
  expect(training.mfu).toBeLessThan(training.gpuUtilisation);
  for (const { share } of training.idle) expect(share).toBeGreaterThanOrEqual(-1e-12);
});

it("waits for a straggler", async () => {
  const workload = { batch: { global: 8 }, overlap: { dp: false } };
  const even = await run(document(8, workload));
  const slow = await run(document(8, { ...workload, stragglers: [{ rank: "gpu-3", factor: 1.5 }] }));
  const longer = slow.training.stepNs - even.training.stepNs;
  // Others may send what does not depend on the late rank.
  expect(longer / (0.5 * even.training.computeNs)).toBeGreaterThan(0.7);
  expect(longer / (0.5 * even.training.computeNs)).toBeLessThan(1.001);
  expect(slow.training.exposedNs.dp).toBeGreaterThan(even.training.exposedNs.dp);
});

it("trains networks of images by data parallelism", async () => {
  const { training } = await run(document(8, { model: "resnet-50", batch: { global: 256, micro: 32 } }));
  expect(training.tokensPerSecond).toBeCloseTo(256 / (training.stepNs / 1e9), 3);
  expect(training.overlappedNs.dp).toBeGreaterThan(0);
});

it("averages parameters after local steps, and reduces no gradients in them", async () => {
  const workload = { batch: { global: 8 }, steps: 4, overlap: { dp: false } };
  const [each, local] = [await run(document(8, workload)), await run(document(8, { ...workload, localSteps: 4 }))];
  // Gradients have 4 bytes and are reduced 4 times, parameters have 2 and are averaged once.
  const sent = ({ packets }: ResultDocument) => packets.sent;
  expect(sent(each) / sent(local)).toBeGreaterThan(7.5);
  expect(sent(each) / sent(local)).toBeLessThan(8.5);
  expect(local.training.computeNs).toBeCloseTo(each.training.computeNs, 0);
  expect(operation(local, "dp").count).toBe(operation(each, "dp").count / 4);
});
