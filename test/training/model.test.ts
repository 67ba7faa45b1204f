import { expect, it } from "vitest";
import { ParallelLayout } from "../../src/build/training/layout.js";
import { layerActivations } from "../../src/build/training/memory.js";
import { layerOperations, outputOperations, type RankShare } from "../../src/build/training/operations.js";
import { activeParameters, modelParameters } from "../../src/build/training/parameters.js";
import { modelRow, type TransformerRow } from "../../src/plan/training/models.js";

const transformer = (name: string) => modelRow(name) as TransformerRow;

/** Parameters in billions as published. */
const PARAMETERS = [
  ["llama-3-8b", 8.03, 8.03],
  ["llama-3-70b", 70.6, 70.6],
  ["llama-3-405b", 405.9, 405.9],
  ["gpt-3-175b", 174.6, 174.6],
  ["gpt-3-530b", 529.6, 529.6],
  ["gpt-3-1t", 1008, 1008],
  ["mixtral-8x7b", 46.7, 12.9],
  ["deepseek-v3", 671, 37],
] as const;

it.each(PARAMETERS)("%s has %d billion parameters, of which a token passes %d", (name, all, active) => {
  expect(Math.abs(modelParameters(transformer(name)) / 1e9 / all - 1)).toBeLessThan(0.005);
  expect(Math.abs(activeParameters(transformer(name)) / 1e9 / active - 1)).toBeLessThan(0.02);
});

const SHARE: RankShare = {
  ...{ tokens: 2048, sequence: 2048, tp: 1, ep: 1, sequenceParallel: false, elementBytes: 2, weightBytes: 2 },
  attention: { isFused: false, skipsMasked: false },
};

it("does the FLOPs of a GPT: 96 B s l h^2 (1 + s/6h + V/16lh) with recomputation", () => {
  for (const name of ["gpt-3-175b", "gpt-3-530b", "gpt-3-1t"]) {
    const model = transformer(name);
    const { layers, hidden, vocabulary } = model;
    const layer = layerOperations(model, 0, SHARE).reduce((sum, { flops }) => sum + flops, 0);
    const output = outputOperations(model, SHARE).reduce((sum, { flops }) => sum + flops, 0);
    // Forward, again forward, and twice that backward; the output layer is not recomputed.
    const all = 4 * layers * layer + 3 * output;
    const s = SHARE.sequence;
    const attention = 1 + s / (6 * hidden) + vocabulary / (16 * layers * hidden);
    expect(all / (96 * s * layers * hidden ** 2 * attention)).toBeCloseTo(1, 10);
  }
});

it("splits the work of a layer by tensor parallelism", () => {
  const flops = (share: RankShare, name: string) =>
    layerOperations(transformer(name), 4, share).reduce((sum, operation) => sum + operation.flops, 0);
  for (const name of ["llama-3-70b", "gpt-3-175b"]) {
    expect(flops({ ...SHARE, tp: 8, sequenceParallel: true }, name) * 8).toBeCloseTo(flops(SHARE, name), -6);
  }
  // Experts: each rank has a fair share of all tokens, however they are spread.
  expect(flops({ ...SHARE, ep: 64 }, "deepseek-v3")).toBeCloseTo(flops(SHARE, "deepseek-v3"), -6);
});

it("keeps s b h (34 + 5 a s / h) of a GPT's layer, and less with recomputation", () => {
  const model = transformer("gpt-3-175b");
  const { hidden, heads } = model;
  const kept = (recompute: "none" | "selective" | "full", tp: number, sequenceParallel: boolean) =>
    layerActivations(model, 0, { recompute, share: { ...SHARE, tp, sequenceParallel } } as never);
  const sbh = SHARE.tokens * hidden;
  expect(kept("none", 1, false)).toBe(sbh * (34 + (5 * heads * SHARE.sequence) / hidden));
  expect(kept("none", 8, false)).toBe(sbh * (10 + 24 / 8 + (5 * heads * SHARE.sequence) / hidden / 8));
  expect(kept("none", 8, true)).toBe((sbh / 8) * (34 + (5 * heads * SHARE.sequence) / hidden));
  expect(kept("selective", 8, true)).toBe((sbh * 34) / 8);
  expect(kept("full", 8, false)).toBe(sbh * 2);
});

it("numbers ranks and groups as Megatron does", () => {
  const layout = new ParallelLayout({ tp: 2, cp: 1, ep: 1, dp: 4, pp: 2 }, ["tp", "cp", "ep", "dp", "pp"]);
  expect(layout.rankCount).toBe(16);
  expect(layout.groups(["tp"]).slice(0, 3)).toEqual([
    [0, 1],
    [2, 3],
    [4, 5],
  ]);
  expect(layout.groups(["dp"]).slice(0, 3)).toEqual([
    [0, 2, 4, 6],
    [1, 3, 5, 7],
    [8, 10, 12, 14],
  ]);
  expect(layout.groups(["pp"]).slice(0, 2)).toEqual([
    [0, 8],
    [1, 9],
  ]);
  for (let rank = 0; rank < 16; rank++) expect(layout.rankAt(layout.coordinatesOf(rank))).toBe(rank);
});

it("spreads experts over ranks that are data-parallel otherwise", () => {
  const layout = new ParallelLayout({ tp: 1, cp: 1, ep: 2, dp: 4, pp: 2 }, ["tp", "cp", "ep", "dp", "pp"]);
  expect(layout.expertGroups()).toEqual([
    [0, 1],
    [2, 3],
    [4, 5],
    [6, 7],
  ]);
  expect(layout.expertDataGroups()).toEqual([
    [0, 2],
    [1, 3],
    [4, 6],
    [5, 7],
  ]);
});
