import { describe, expect, it } from "vitest";
import type { ResultDocument } from "../../src/answer/result/document.js";
import { simulate } from "../../src/api/simulate.js";
import { Simulator } from "../../src/api/simulator.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { ScenarioError } from "../../src/scenario/types/errors.js";
import { SCENARIOS } from "../package/scenarios.js";

const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const decode = (size = "64KiB") => ({
  topology: { kind: "leaf-spine", gpus: 8 },
  workload: { kind: "collective", size },
});
/** Long enough to be broken off before its end. */
const LONG = {
  topology: { kind: "leaf-spine", gpus: 16, gpusPerNode: 1, radix: 8 },
  routing: { policy: "adaptive" },
  workload: { kind: "collective", collective: "all-to-all", algorithm: "direct", size: "64MiB" },
};
/** Switches pause, which what seems alike is not made for: the run starts over as a whole. */
const UNLIKE = {
  topology: { kind: "leaf-spine", gpus: 32, gpusPerNode: 1, radix: 16 },
  flowControl: { kind: "pfc", threshold: { kind: "static", xoff: "20KiB" } },
  routing: { policy: "pinned" },
  workload: {
    kind: "flows",
    flows: [0, 8, 16, 24].flatMap((dst) => [
      ...[1, 2, 3, 4].map((i) => ({ src: dst + i, dst, size: "256KiB" })),
      { src: dst + 5, dst: (dst + 14) % 32, size: "256KiB" },
    ]),
  },
};
const PROGRAM = {
  topology: { kind: "leaf-spine", gpus: 8, gpusPerNode: 1, radix: 8 },
  workload: {
    kind: "program",
    communicators: [{ name: "all", collective: "all-reduce", algorithm: "ring", size: "256KiB", ranks: [range(8)] }],
    roles: [
      {
        name: "worker",
        ranks: range(8),
        streams: [{ name: "main", do: [{ compute: "10us" }, { collective: "all" }, { compute: "5us" }] }],
      },
    ],
  },
};

/** All but the times that the machine took. */
function timeless({ engine, ...rest }: ResultDocument): unknown {
  const { wallMs, runMs, packetHopsPerSecond, simulatedPacketHopsPerSecond, ...figures } = engine;
  return { ...rest, engine: figures };
}

describe("a simulator", () => {
  it.each(Object.entries({ ...SCENARIOS, unlike: UNLIKE, program: PROGRAM }))(
    "gives the result of a cold run each time: %s",
    async (_, scenario) => {
      const simulator = new Simulator();
      const cold = await simulate(scenario);
      for (let call = 0; call < 3; call++) {
        expect(timeless(await simulator.simulate(scenario))).toEqual(timeless(cold));
      }
      const { status, startNs, jctNs, engine } = cold;
      expect(await simulator.time(scenario)).toEqual({ status, startNs, jctNs, digest: engine.digest });
    },
  );

  it("has a run that starts over among those above", async () => {
    expect((await simulate(UNLIKE)).engine.fastForward.off).toContain("a switch paused a port");
  });

  it("is not confused by other scenarios in between", async () => {
    const simulator = new Simulator();
    const sizes = ["64KiB", "96KiB", "1MiB"];
    const cold = await Promise.all(sizes.map((size) => simulate(decode(size))));
    for (let round = 0; round < 3; round++) {
      for (const [i, size] of sizes.entries()) {
        expect((await simulator.time(decode(size))).digest).toBe(cold[i]!.engine.digest);
      }
    }
    expect(simulator.size).toBe(3);
  });

  it("serves calls that overlap", async () => {
    const simulator = new Simulator();
    const { scenario } = parseScenario(LONG);
    const first = await simulator.time(scenario);
    const rest = await Promise.all(Array.from({ length: 3 }, () => simulator.time(scenario)));
    for (const times of rest) expect(times).toEqual(first);
    expect(await simulator.time(scenario)).toEqual(first);
  });

  it("ends a run early where the signal says so, and is none the worse for it", async () => {
    const simulator = new Simulator();
    const whole = await simulator.simulate(LONG);
    let asked = 0;
    // Aborted while the run is at work, however fast the machine is.
    const { signal } = new AbortController();
    Object.defineProperty(signal, "aborted", { get: () => ++asked > 2 });
    expect((await simulator.simulate(LONG, { signal })).status).toBe("cancelled");
    expect(timeless(await simulator.simulate(LONG))).toEqual(timeless(whole));
    await expect(simulator.time(LONG, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  });

  it("keeps what was asked for last, within its limits", async () => {
    const simulator = new Simulator({ warmScenarios: 2 });
    for (const size of ["64KiB", "96KiB", "128KiB"]) await simulator.time(decode(size));
    expect(simulator.size).toBe(2);
    expect(simulator.bytes).toBeGreaterThan(0);
    const tight = new Simulator({ warmBytes: 1 });
    const first = await tight.time(decode());
    expect([tight.size, tight.bytes]).toEqual([1, 0]);
    expect(await tight.time(decode())).toEqual(first);
    simulator.clear();
    expect([simulator.size, simulator.bytes]).toEqual([0, 0]);
    expect(() => new Simulator({ warmBytes: Number.NaN })).toThrow("warmBytes is NaN; write a number from 0 up");
  });

  it("can answer from memory", async () => {
    const simulator = new Simulator({ remember: true, withFlows: true });
    const times = await simulator.time(decode());
    const result = await simulator.simulate(decode());
    expect(result.flows).toBeDefined();
    expect(await simulator.simulate(decode())).toBe(result);
    expect(await simulator.time(decode())).toBe(times);
    expect(simulator.bytes).toBe(0);
  });

  it("refuses what simulate refuses", async () => {
    const simulator = new Simulator();
    await expect(simulator.simulate(decode("much"))).rejects.toThrow(ScenarioError);
    const endless = { ...decode(), itself: {} };
    endless.itself = endless;
    await expect(simulator.simulate(endless)).rejects.toThrow(ScenarioError);
    const custom = { ...decode(), routing: { policy: "custom", module: "mine.ts" } };
    await expect(simulator.time(custom)).rejects.toThrow("simulate(scenario, { policy })");
    await expect(new Simulator({ memoryLimitBytes: 1000 }).time(decode())).rejects.toThrow("memory");
    expect(simulator.size).toBe(0);
  });
});
