/** Measured times of layers in place of the roofline. */
import fc from "fast-check";
import { expect, it, test } from "vitest";
import type { ResultDocument } from "../../src/answer/result/document.js";
import { simulate } from "../../src/api/simulate.js";
import { type ConvolutionalRow, modelRow } from "../../src/plan/training/models.js";
import { parseScenario, parseScenarioText } from "../../src/scenario/parse/parse.js";
import type { ScenarioError } from "../../src/scenario/types/errors.js";
import { readLayerTimes } from "../../src/scenario/types/read-layer-times.js";

type Document = Record<string, unknown>;

const LAYOUT = { tp: 1, cp: 1, micro: 1 };
const ONE_GPU = {
  topology: { kind: "leaf-spine", gpus: 1, gpusPerNode: 1, radix: 64, tiers: 2 },
};
const MODEL = { layers: 4, hidden: 512, heads: 8, vocabulary: 1024 };

function workload(layerTimes: string, more: Document = {}): Document {
  return { kind: "training-step", model: MODEL, sequence: 256, batch: { global: 3 }, layerTimes, ...more };
}

async function computeNs(layerTimes: string, more: Document = {}): Promise<number> {
  const doc: ResultDocument = await simulate(
    parseScenario({ ...ONE_GPU, workload: workload(layerTimes, more) }).scenario,
  );
  return doc.training!.computeNs;
}

const ALL = `layer,block,forward,backward
*,attention,100us,200us
*,mlp,300us,600us
2,mlp,1ms,2ms
,embedding,10us,20us
,output,40us,80us
,optimizer,5ms,
`;

it("takes exactly what its rows say, for each micro-batch", async () => {
  const layers = 4 * (100 + 200) + 3 * (300 + 600) + 3000;
  const ends = 10 + 20 + 40 + 80;
  expect(await computeNs(ALL)).toBe((3 * (layers + ends) + 5000) * 1000);
});

it("takes the layers of a network of images one by one", async () => {
  const times = "layer,block,forward,backward\n*,layer,10us,20us\n5-6,layer,100us,200us\n,optimizer,1ms,\n";
  const more = { model: "resnet-50", batch: { global: 64, micro: 64 } };
  const { layers } = modelRow("resnet-50") as ConvolutionalRow;
  const took = await computeNs(times, more);
  expect((took - 1e6 - 600_000) / 30_000).toBe(layers - 2);
});

it("does a layer again where all is computed again", async () => {
  const once = await computeNs(ALL);
  const twice = await computeNs(ALL, { recompute: "full" });
  expect(twice - once).toBe(3 * (4 * 100 + 3 * 300 + 1000) * 1000);
});

it("is read from a file beside the scenario", () => {
  const text = JSON.stringify({ version: 1, ...ONE_GPU, workload: workload("times.csv") });
  const readFile = (path: string) => {
    if (path === "times.csv") return ALL;
    throw new Error("cannot be read");
  };
  const { workload: read } = parseScenarioText(text, { readFile }).scenario;
  expect(read).toMatchObject({ layerTimes: { optimizer: 5e-3, everyLayer: { attention: { forward: 1e-4 } } } });
});

it("leaves the roofline where no row is", async () => {
  const some = "layer,block,forward,backward\n*,attention,100us,200us\n";
  const more = "layer,block,forward,backward\n*,attention,110us,230us\n";
  expect((await computeNs(more)) - (await computeNs(some))).toBe(3 * 4 * 40 * 1000);
});

it("takes the rows of its layout, and says which there are", () => {
  const text = "layer,block,forward,backward,tp,micro\n*,mlp,1us,2us,1,1\n*,mlp,3us,4us,2,1\n0,mlp,9us,9us,,1\n";
  const of = (tp: number, micro: number) => readLayerTimes(text, { tp, cp: 1, micro });
  expect(of(1, 1)).toMatchObject({ everyLayer: { mlp: { forward: 1e-6 } }, byLayer: [{ mlp: { forward: 9e-6 } }] });
  expect(of(2, 1)).toMatchObject({ everyLayer: { mlp: { forward: 3e-6 } } });
  expect(of(2, 2)).toBe("no row for tp 2 cp 1 micro 2; there are rows for tp 1 micro 1, tp 2 micro 1 and micro 1");
});

const HEAD = "layer,block,forward,backward\n";

const REFUSED: readonly [string, string, RegExp][] = [
  ["no rows", HEAD, /^no row; write e.g. layer,block/],
  ["a missing column", "layer,forward,backward\n", /^line 1: no column "block"/],
  ["an odd column", "layer,block,forward,backward,gpu\n", /^line 1: column "gpu"; there are layer, block, /],
  ["a column twice", "layer,block,forward,backward,tp,tp\n", /^line 1: column "tp"; .*each once/],
  ["a block", `${HEAD}*,norm,1us,1us\n`, /^line 2: block "norm"; write attention, mlp, layer, /],
  ["a layer", `${HEAD}first,mlp,1us,1us\n`, /^line 2: layer "first"; write \*, or e.g. 7 or 0-2/],
  ["layers backwards", `${HEAD}3-1,mlp,1us,1us\n`, /^line 2: layers 3-1 go backwards; write 1-3/],
  ["a layer of an end", `${HEAD}3,output,1us,1us\n`, /^line 2: output is no part of a layer/],
  ["no unit", `${HEAD}# measured\n*,mlp,12,1us\n`, /^line 3: forward: "12" has no unit/],
  ["a negative time", `${HEAD}*,mlp,1us,-1us\n`, /^line 2: backward: "-1us" is below zero/],
  ["cells", `${HEAD}*,mlp,1us\n`, /^line 2: 3 cells under 4 titles/],
  ["an optimizer that goes back", `${HEAD},optimizer,1us,1us\n`, /^line 2: the optimizer has one time/],
  ["a block twice", `${HEAD}*,mlp,1us,1us\n*,mlp,1us,1us\n`, /^two rows for mlp of every layer/],
  ["a layer twice", `${HEAD}0-2,mlp,1us,1us\n2,mlp,1us,1us\n`, /^two rows for mlp of layer 2/],
];

test.each(REFUSED)("%s wrong: the message says where and what would do", (_, text, pattern) => {
  expect(readLayerTimes(text, LAYOUT)).toMatch(pattern);
});

const UNFIT: readonly [string, Document, RegExp][] = [
  [
    "a layer that is not there",
    workload(`${HEAD}4,mlp,1us,1us\n`),
    /a row for layer 4, and own model has layers 0 to 3/,
  ],
  [
    "a block of images",
    workload(`${HEAD}*,layer,1us,1us\n`),
    /rows for layer, and a layer of own model is attention and/,
  ],
  [
    "an end of a transformer",
    workload(`${HEAD},output,1us,1us\n`, { model: "resnet-50" }),
    /rows for output, and a layer of resnet-50 is layer/,
  ],
  ["a file in a library", workload("times.csv"), /names a file, which is read by the command line only/],
];

test.each(UNFIT)("%s is refused with the scenario", (_, written, pattern) => {
  const issues = () => {
    try {
      parseScenario({ ...ONE_GPU, workload: written });
      return [];
    } catch (error) {
      return (error as ScenarioError).issues.map(({ path, message }) => `${path}: ${message}`);
    }
  };
  expect(issues()).toEqual([expect.stringMatching(pattern)]);
  expect(issues()[0]).toMatch(/^workload\.layerTimes: /);
});

it("reads any text, or says what is wrong with it", () => {
  const cell = fc.oneof(
    fc.constantFrom(
      "*",
      "",
      "0",
      "3-5",
      "mlp",
      "attention",
      "layer",
      "output",
      "optimizer",
      "1us",
      "2.5ms",
      "1e9s",
      "9",
    ),
    fc.string({ maxLength: 6 }),
  );
  const line = fc.array(cell, { maxLength: 6 }).map((cells) => cells.join(","));
  const text = fc.array(line, { maxLength: 6 }).map((lines) => HEAD + lines.join("\n"));
  fc.assert(
    fc.property(text, (table) => {
      const times = readLayerTimes(table, LAYOUT);
      if (typeof times === "string") expect(times.length).toBeLessThan(400);
      else expect(times.byLayer.length).toBeLessThanOrEqual(10_000);
    }),
    { numRuns: 1000 },
  );
});
