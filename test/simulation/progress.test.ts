import { describe, expect, it, test } from "vitest";
import { type SimulateOptions, simulate } from "../../src/api/simulate.js";
import { Simulation } from "../../src/api/simulation.js";
import type { ScenarioDocument } from "../../src/scenario/schema/sections.js";
import { PHASES, type Progress, ProgressMeter } from "../../src/util/progress.js";

const LEAF_SPINE = { kind: "leaf-spine", gpus: 64, gpusPerNode: 8, radix: 32 };
const ALL_TO_ALL = {
  version: 1,
  topology: { ...LEAF_SPINE, scaleUp: false },
  workload: { kind: "flows", pattern: "all-to-all", size: "256KiB" },
};

async function reportsOf(scenario: ScenarioDocument, options: SimulateOptions = {}) {
  const reports: Progress[] = [];
  const result = await simulate(scenario, { ...options, onProgress: (progress) => reports.push(progress) });
  return { reports, result };
}

describe("progress of a run", () => {
  it("is by packets: all to all has no chunk delivered until nearly the end", async () => {
    const simulation = await Simulation.start(ALL_TO_ALL);
    try {
      const shares: number[] = [];
      for (let untilNs = 20_000; !simulation.ended; untilNs += 20_000) {
        await simulation.run({ untilNs });
        shares.push(simulation.progress().shareDone);
      }
      expect(shares.length).toBeGreaterThan(5);
      const steps = shares.map((share, i) => share - (shares[i - 1] ?? 0));
      for (const step of steps.slice(1, 5)) expect(step).toBeGreaterThan(0.05);
      expect(shares.at(-1)).toBe(1);
    } finally {
      await simulation.close();
    }
  });

  test.each<[string, ScenarioDocument, SimulateOptions]>([
    ["flows", ALL_TO_ALL, {}],
    ["a ring that repeats itself", { version: 1, topology: LEAF_SPINE, workload: ring(1) }, {}],
    ["rails that are copies", folded({}), {}],
    ["copies that turn out to be different", folded({ switch: { buffer: "3200KiB" } }), {}],
    ["nothing skipped", { version: 1, topology: LEAF_SPINE, workload: ring(8) }, { fastForward: false }],
    ["packets that are lost", { ...ALL_TO_ALL, preset: "lossy", links: { access: { frameLossRatio: 1e-3 } } }, {}],
  ])("of %s never falls and ends at exactly 1", async (_, scenario, options) => {
    const { reports, result } = await reportsOf(scenario, options);
    expect(result.status).toBe("finished");
    for (let i = 1; i < reports.length; i++) {
      expect(reports[i]!.shareDone).toBeGreaterThanOrEqual(reports[i - 1]!.shareDone);
      expect(reports[i]!.shareDone).toBeLessThanOrEqual(1);
    }
    expect(reports.at(-1)).toMatchObject({ phase: "summing-up", shareDone: 1 });
  });

  it("tells of every phase, in order", async () => {
    const { reports } = await reportsOf(ALL_TO_ALL);
    expect([...new Set(reports.map(({ phase }) => phase))]).toEqual([...PHASES]);
  });

  it("of a run that does not finish is what was delivered", async () => {
    const { reports, result } = await reportsOf({ ...ALL_TO_ALL, timeLimit: "50us" });
    expect(result.status).toBe("time-limit");
    const share = reports.at(-1)!.shareDone;
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.9);
  });
});

describe("speed in a result", () => {
  it("is packet-hops by the time beside it", async () => {
    for (const scenario of [ALL_TO_ALL, { version: 1, topology: LEAF_SPINE, workload: ring(1) }]) {
      const { engine } = await simulate(scenario);
      expect(engine.packetHopsPerSecond).toBeCloseTo((1000 * engine.packetHops) / engine.wallMs, 3);
      const simulated = engine.packetHops - engine.fastForward.skippedPacketHops;
      expect(engine.simulatedPacketHopsPerSecond).toBeCloseTo((1000 * simulated) / engine.runMs, 3);
      expect(engine.runMs).toBeLessThan(engine.wallMs);
    }
  });

  it("covers what a snapshot was made after", async () => {
    const first = await Simulation.start(ALL_TO_ALL);
    await first.run({ untilNs: 100_000 });
    const before = first.result().engine.runMs;
    const second = await Simulation.resume(first.snapshot());
    await Promise.all([first.close(), second.run()]);
    const { runMs } = second.result().engine;
    await second.close();
    expect(runMs).toBeGreaterThan(before);
  });
});

describe("remaining time", () => {
  const work = (share: number, simulated: number, hops = simulated) => {
    return { deliveredPackets: 1000 * share, packets: 1000, hops, simulatedHops: simulated };
  };

  it("is at the speed of simulating, not of skipping", () => {
    const meter = new ProgressMeter({ runMs: 0, simulatedHops: 0 });
    expect(meter.read(work(0.05, 50), 1000).remainingMs).toBeCloseTo(19_000, 6);
    // 90 % were skipped in no time. The rest takes as long as what was simulated.
    expect(meter.read(work(0.95, 50, 950), 1000).remainingMs).toBeCloseTo(1000, 6);
  });

  it("follows a run that slows down", () => {
    const meter = new ProgressMeter({ runMs: 0, simulatedHops: 0 });
    let hops = 0;
    for (let ms = 500; ms <= 30_000; ms += 500) {
      hops += ms <= 10_000 ? 20 : 2;
      meter.read(work(hops / 1000, hops), ms);
    }
    // 4 hops per second.
    expect(meter.read(work(hops / 1000, hops), 30_000).remainingMs).toBeCloseTo((1000 - hops) * 250, 6);
  });

  it("is not told before there is something to go by", () => {
    const meter = new ProgressMeter({ runMs: 0, simulatedHops: 0 });
    expect(meter.read(work(0, 0), 0)).toEqual({ shareDone: 0 });
    expect(meter.read(work(0.001, 1), 1000)).toEqual({ shareDone: 0.001 });
    expect(meter.read(work(0.2, 200), 20)).toEqual({ shareDone: 0.2 });
  });

  it("of a resumed run is by what this process simulates", () => {
    const meter = new ProgressMeter({ runMs: 60_000, simulatedHops: 500 });
    expect(meter.read(work(0.6, 600), 61_000).remainingMs).toBeCloseTo(4000, 6);
  });
});

function ring(channels: number) {
  return { kind: "collective", algorithm: "ring", channels, size: "16MiB" };
}

function folded(more: object) {
  return {
    version: 1,
    topology: { kind: "rail-optimized", gpus: 128, gpusPerNode: 8, radix: 32 },
    routing: { policy: "pinned" },
    workload: { kind: "collective", algorithm: "hierarchical-ring", size: "16MiB" },
    ...more,
  };
}
