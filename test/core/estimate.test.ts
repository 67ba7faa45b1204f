import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { POOL } from "../../src/engine/core/layout.js";
import { planTiming } from "../../src/engine/core/timing.js";
import { estimateMemory, estimateTables } from "../../src/engine/estimate/index.js";
import { checkMemory } from "../../src/engine/estimate/limit.js";
import { BYTES_PER_DEPENDENCY, BYTES_PER_FLOW, tableBytes } from "../../src/engine/estimate/tables.js";
import { CoreRun } from "../../src/engine/run/run.js";
import { CapacityError, DEPENDENCY_BYTES, FLOW_BYTES } from "../../src/plan/capacity.js";
import { resolvePlan } from "../../src/resolve/resolve.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { randomPlan } from "../support/random-plan.js";

const { SEGMENT_BYTES } = POOL;
const PAGE_BYTES = 2 ** 16;
const ALIGNMENT_BYTES = 8 * 1024;

const SELECTIVE = { kind: "roce", recovery: "selective", window: "4MiB", reorder: 1024 };
const GO_BACK_N = { kind: "roce", recovery: "go-back-n", window: "4MiB" };
const fatTree = (gpus: number) => ({ kind: "fat-tree", gpus, gpusPerNode: 8, radix: 64, tiers: 3, scaleUp: false });
const rails = (gpus: number, tiers: number) => ({ kind: "rail-optimized", gpus, gpusPerNode: 8, radix: 64, tiers });
const flows = (pattern: string, size: string, more = {}) => ({ kind: "flows", pattern, size, ...more });
const allReduce = (algorithm: string, size: string) => ({ kind: "collective", algorithm, size });
const routed = (policy: string, kind: string, transport: object) => ({
  routing: { policy },
  flowControl: { kind },
  transport,
});

const planOf = (scenario: object) => resolvePlan(parseScenario({ version: 1, seed: 1, ...scenario }).scenario).plan;

/** Large enough that queues and packets in flight, not segments of the pool, decide. */
const SCENARIOS: readonly [string, object][] = [
  [
    "hello",
    {
      topology: { kind: "leaf-spine", gpus: 64, gpusPerNode: 8, radix: 32 },
      workload: allReduce("ring", "64MiB"),
    },
  ],
  [
    "permutation, adaptive",
    {
      topology: fatTree(4096),
      workload: flows("permutation", "256KiB"),
      ...routed("adaptive", "pfc", SELECTIVE),
    },
  ],
  [
    "permutation, adaptive-remote",
    {
      topology: fatTree(1024),
      workload: flows("permutation", "256KiB"),
      ...routed("adaptive-remote", "pfc", SELECTIVE),
    },
  ],
  [
    "permutation, ecmp",
    {
      topology: fatTree(4096),
      workload: flows("permutation", "512KiB"),
      ...routed("ecmp", "pfc", GO_BACK_N),
    },
  ],
  [
    "permutation, ecmp, tail drop",
    {
      topology: fatTree(4096),
      workload: flows("permutation", "512KiB"),
      ...routed("ecmp", "none", SELECTIVE),
    },
  ],
  [
    "permutation, ecmp, oversubscribed",
    {
      topology: { ...fatTree(4096), oversubscription: 4 },
      workload: flows("permutation", "1MiB"),
      ...routed("ecmp", "pfc", GO_BACK_N),
    },
  ],
  [
    "permutation with small windows",
    {
      topology: fatTree(4096),
      workload: flows("permutation", "512KiB"),
      ...routed("ecmp", "pfc", { ...GO_BACK_N, window: "128KiB" }),
    },
  ],
  [
    "permutation, acknowledgements among the data",
    {
      topology: { ...fatTree(1024), tiers: 2 },
      wire: { ackClass: "data" },
      workload: flows("permutation", "2MiB"),
      ...routed("ecmp", "pfc", GO_BACK_N),
    },
  ],
  [
    "ring beside a permutation, in data classes of their own",
    {
      topology: fatTree(1024),
      classes: [{ name: "a" }, { name: "b" }, { name: "c" }],
      workload: {
        ...allReduce("ring", "1MiB"),
        class: "a",
        background: { pattern: "permutation", size: "256KiB", class: "b" },
      },
      ...routed("ecmp", "pfc", GO_BACK_N),
    },
  ],
  [
    "permutation on credit",
    {
      topology: fatTree(4096),
      workload: flows("permutation", "256KiB"),
      ...routed("ecmp", "credit", GO_BACK_N),
    },
  ],
  [
    "permutation on too little credit",
    {
      topology: fatTree(4096),
      workload: flows("permutation", "128KiB"),
      flowControl: { kind: "credit", buffer: "16KiB" },
    },
  ],
  [
    "incast of thousands",
    {
      topology: fatTree(4096),
      workload: flows("incast", "512KiB"),
      ...routed("ecmp", "pfc", GO_BACK_N),
    },
  ],
  [
    "incast of hundreds, adaptive",
    {
      topology: fatTree(4096),
      workload: flows("incast", "2MiB", { senders: 512 }),
      ...routed("adaptive", "pfc", SELECTIVE),
    },
  ],
  [
    "all-to-all",
    {
      topology: { ...fatTree(256), tiers: 2 },
      workload: flows("all-to-all", "16KiB"),
      ...routed("adaptive", "pfc", SELECTIVE),
    },
  ],
  [
    "all-to-all of limited fan-out",
    {
      topology: fatTree(4096),
      workload: flows("all-to-all", "16KiB", { fanOut: 8 }),
      ...routed("ecmp", "pfc", GO_BACK_N),
    },
  ],
  ["double binary tree", { topology: rails(2048, 3), workload: allReduce("double-binary-tree", "2MiB") }],
  [
    "hierarchical ring",
    { topology: rails(8192, 3), workload: allReduce("hierarchical-ring", "16MiB"), timeLimit: "60us" },
  ],
  ["ring", { topology: rails(8192, 3), workload: allReduce("ring", "16MiB"), timeLimit: "200us" }],
  [
    "lossy links",
    {
      topology: fatTree(4096),
      links: { fabric: { ber: 1e-3 } },
      workload: flows("permutation", "256KiB"),
      timeLimit: "200us",
      ...routed("ecmp", "pfc", { ...GO_BACK_N, rto: "100us" }),
    },
  ],
];

describe("the estimate of a run's memory lies within 15 % of what it takes", () => {
  test.each(SCENARIOS)("%s", async (_, scenario) => {
    const plan = planOf(scenario);
    const { totalBytes } = estimateMemory(plan);
    const run = await CoreRun.start(plan);
    while (run.advance(1e7));
    expect(Math.abs(totalBytes / run.figures().memoryBytes - 1)).toBeLessThanOrEqual(0.15);
  });
});

describe("any plan", () => {
  it("has an estimate that is made of its parts, and tables as they are laid out", async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(), async (plan) => {
        const { tablesBytes, flowBytes, packetBytes, totalBytes } = estimateMemory(plan);
        expect(totalBytes).toBe(tablesBytes + flowBytes + packetBytes);
        expect(packetBytes).toBeGreaterThanOrEqual(0);
        const run = await CoreRun.start(plan);
        const tables = tableBytes(plan, planTiming(plan), 1);
        const laidOutBytes = tables.fabricBytes + tables.flowBytes;
        expect(tablesBytes + flowBytes).toBe(Math.ceil(laidOutBytes / SEGMENT_BYTES) * SEGMENT_BYTES);
        // Memory has whole pages of 64 KiB; each region begins at a multiple of 64 bytes.
        const moreBytes = run.figures().memoryBytes - laidOutBytes;
        expect(moreBytes).toBeGreaterThan(-ALIGNMENT_BYTES);
        expect(moreBytes).toBeLessThan(PAGE_BYTES + ALIGNMENT_BYTES);
      }),
      { numRuns: 60 },
    );
  });
});

describe("a run that does not fit", () => {
  const scenario = { topology: fatTree(64), workload: flows("permutation", "1MiB") };

  it("is refused before it starts, with what it would take and what to change", async () => {
    const estimate = estimateMemory(planOf(scenario));
    const totalBytes = estimate.totalBytes + estimate.outcomeBytes;
    const within = (memoryLimitBytes: number) =>
      simulate({ version: 1, ...scenario }, { memoryLimitBytes, replicate: false });
    await expect(within(totalBytes - 1)).rejects.toThrow(CapacityError);
    await expect(within(totalBytes)).resolves.toMatchObject({ status: "finished" });
  });

  it("goes without fast-forward where only the copy of the state would not fit", async () => {
    const { totalBytes, packetBytes, keptBytes } = estimateMemory(planOf(scenario));
    const run = async (memoryLimitBytes: number) => {
      const { engine } = await simulate({ version: 1, ...scenario }, { memoryLimitBytes });
      return engine.fastForward.off;
    };
    expect(await run(totalBytes + 2 * packetBytes + 1000)).toMatch(/keeps a copy of the state.*leaves no room/);
    expect(await run(totalBytes + keptBytes)).toBeUndefined();
  });

  it("counts the copy of a state that fast-forward keeps, and nothing where it is off", async () => {
    const workload = { ...allReduce("ring", "64MiB"), channels: 1 };
    const ring = { topology: rails(64, 2), workload, transport: GO_BACK_N };
    const plan = planOf({ ...ring, routing: { policy: "ecmp-qp" } });
    const run = await CoreRun.start(plan);
    while (run.advance(1e7));
    await run.close();
    const { keptBytes } = run.figures();
    expect(run.skipped().cycles).toBeGreaterThan(0);
    expect(keptBytes).toBeGreaterThan(0);
    expect(keptBytes).toBeLessThanOrEqual(estimateMemory(plan).keptBytes);
    expect(estimateMemory(planOf({ ...ring, flowControl: { kind: "credit" } })).keptBytes).toBe(0);
  });

  it("is told what takes the memory", () => {
    const manyPorts = planOf({ topology: fatTree(4096), workload: flows("incast", "1KiB", { senders: 8 }) });
    expect(() => checkMemory(manyPorts, 2 ** 20)).toThrow(/tables of .* ports .*: use fewer GPUs$/);
    const manyFlows = planOf({ topology: { ...fatTree(256), tiers: 2 }, workload: flows("all-to-all", "1KiB") });
    expect(() => checkMemory(manyFlows, 2 ** 20)).toThrow(/ tables of 65,280 flows: use fewer GPUs, a smaller fan-out/);
    const manyBits = planOf({
      topology: { ...fatTree(256), tiers: 2 },
      workload: flows("all-to-all", "1KiB"),
      transport: SELECTIVE,
    });
    expect(() => checkMemory(manyBits, 2 ** 20)).toThrow(/their packet bitmaps: write a smaller transport.window/);
    const queues = planOf({
      topology: { ...fatTree(1024), tiers: 2 },
      workload: flows("incast", "2MiB"),
      ...routed("ecmp", "pfc", GO_BACK_N),
    });
    const { totalBytes } = estimateTables(queues);
    expect(() => checkMemory(queues, totalBytes)).toThrow(/packets in flight and in queues: write a smaller/);
  });

  it("is refused before it is estimated where its flows alone are too many", () => {
    const tooMany = {
      topology: fatTree(32768),
      transport: { kind: "roce", qpsPerConnection: 256 },
      workload: allReduce("ring", "64GiB"),
    };
    expect(() => planOf(tooMany)).toThrow(
      /dependencies between .* million flows take .* GiB, more than the 4 GiB that the core can address; write a smaller/,
    );
  });
});

test("limits on flows are what their records take", () => {
  expect(FLOW_BYTES).toBe(BYTES_PER_FLOW);
  expect(DEPENDENCY_BYTES).toBe(BYTES_PER_DEPENDENCY);
});
