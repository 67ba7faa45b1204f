import { describe, expect, it } from "vitest";
import type { ResultDocument } from "../../src/answer/result/document.js";
import { simulate } from "../../src/api/simulate.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";

type Document = Record<string, unknown>;

const MODEL = { layers: 8, hidden: 256, heads: 8, vocabulary: 1024 };

/** Nodes of 4 GPUs under leaves of 8 ports a rail. */
function document(gpus: number, workload: Document, rest: Document = {}): Document {
  return {
    topology: { kind: "rail-optimized", gpus, gpusPerNode: 4, radix: 16, tiers: 3 },
    links: { scaleUp: { cell: "120KiB" } },
    routing: { policy: "pinned" },
    transport: { window: "256KiB" },
    workload: { kind: "training-step", model: MODEL, sequence: 128, ...workload },
    ...rest,
  };
}

/** What a run tells beside how it was simulated. */
function content({ engine, ...rest }: ResultDocument) {
  return { ...rest, digest: engine.digest, packetHops: engine.packetHops };
}

async function both(input: Document) {
  const { scenario } = parseScenario(input);
  const part = await simulate(scenario, { threads: 1 });
  const all = await simulate(scenario, { threads: 2, fastForward: false });
  expect(all.status).toBe("finished");
  expect(content(part)).toEqual(content(all));
  expect(all.engine.fastForward.replicas).toBe(0);
  return part.engine;
}

describe("one replica of a training step for all", () => {
  const layouts: readonly (readonly [string, number, Document])[] = [
    ["tensor and data", 64, { batch: { global: 32 }, parallel: { tp: 4 } }],
    ["pipeline beside data", 64, { batch: { global: 32 }, parallel: { tp: 4, pp: 4 } }],
    [
      "replicas outside of pipelines",
      128,
      { batch: { global: 32 }, parallel: { tp: 4, pp: 4, order: ["tp", "cp", "ep", "pp", "dp"] } },
    ],
    ["interleaved, zero 1", 64, { batch: { global: 32 }, parallel: { tp: 4, pp: 4, virtualStages: 2, zero: 1 } }],
    ["zero 3", 32, { batch: { global: 32 }, parallel: { tp: 4, zero: 3 } }],
    ["context, two steps", 64, { batch: { global: 16 }, parallel: { tp: 2, cp: 2, pp: 2 }, steps: 2 }],
  ];
  it.each(layouts)("%s: the same result, digest and all", async (_, gpus, workload) => {
    const { fastForward } = await both(document(gpus, workload));
    expect(fastForward.replicas).toBeGreaterThan(0);
    expect(fastForward.off ?? "").not.toContain("alike");
  });

  it("takes a straggler for what it is", async () => {
    const workload = { batch: { global: 32 }, parallel: { tp: 4, pp: 2 }, stragglers: [{ rank: 5, factor: 1.5 }] };
    await both(document(32, workload));
  });

  it("says why none stands for others", async () => {
    const usual = { batch: { global: 16 }, parallel: { tp: 4, pp: 2 } };
    const off = async (input: Document) => (await simulate(parseScenario(input).scenario)).engine.fastForward.off;
    expect(await off(document(32, { ...usual, jitter: 0.1 }))).toContain(
      "no part stands for others: durations of computations are drawn",
    );
    expect(
      await off(document(128, usual, { routing: { policy: "adaptive" }, transport: { recovery: "selective" } })),
    ).toContain("no part stands for others: routing by adaptive");
  });
});
