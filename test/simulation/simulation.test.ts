import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ResultDocument } from "../../src/answer/result/document.js";
import { ResumeError } from "../../src/api/errors.js";
import { simulate } from "../../src/api/simulate.js";
import { Simulation } from "../../src/api/simulation.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";

const BASE = {
  version: 1,
  topology: { kind: "leaf-spine", gpus: 32, gpusPerNode: 4, radix: 16 },
  preset: "multipath",
  routing: { policy: "spray" },
  workload: { kind: "collective", size: "256KiB" },
};

/** Everything that must be the same whatever simulated it. */
function behaviour({ engine, ...rest }: ResultDocument): unknown {
  const { packetHops, digest } = engine;
  return { ...rest, packetHops, digest };
}

async function finished(simulation: Simulation): Promise<ResultDocument> {
  await simulation.run();
  const result = simulation.result();
  await simulation.close();
  return result;
}

describe("a simulation", () => {
  it("can be stopped at a time, looked at, and continued", async () => {
    const whole = await simulate(BASE);
    const simulation = await Simulation.start(BASE);
    await simulation.run({ untilNs: whole.jctNs! / 2 });
    expect(simulation.ended).toBe(false);
    expect(simulation.progress().simulatedNs).toBeLessThanOrEqual(whole.jctNs! / 2);
    expect(simulation.progress().shareDone).toBeGreaterThan(0.2);
    expect(simulation.result().status).toBe("cancelled");
    expect(behaviour(await finished(simulation))).toEqual(behaviour(whole));
  });

  it("forks: each copy goes on as if it were alone", async () => {
    const whole = await simulate(BASE);
    const first = await Simulation.start(BASE);
    await first.run({ untilNs: whole.jctNs! / 3 });
    const [second, third] = [await first.fork(), await first.fork(["routing.policy=adaptive"])];
    const fourth = await third.fork();
    expect(behaviour(await finished(second))).toEqual(behaviour(whole));
    const rerouted = behaviour(await finished(third));
    expect(rerouted).not.toEqual(behaviour(whole));
    expect(behaviour(await finished(fourth))).toEqual(rerouted);
    expect(behaviour(await finished(first))).toEqual(behaviour(whole));
  });

  it.each(["ecmp", "ecmp-qp", "round-robin", "adaptive", "flowlet", "pinned"])(
    "forked to %s before it begins is a simulation with that policy",
    async (policy) => {
      const start = await Simulation.start(BASE);
      const forked = await start.fork([`routing.policy=${policy}`]);
      await start.close();
      const expected = await simulate({ ...BASE, routing: { policy } });
      expect(behaviour(await finished(forked))).toEqual(behaviour(expected));
    },
  );

  it("forks to another routing only", async () => {
    const simulation = await Simulation.start(BASE);
    await expect(simulation.fork(["seed=2"])).rejects.toThrow("a fork can change the routing only");
    await expect(simulation.fork(["routing.policy=best"])).rejects.toThrow();
    await simulation.close();
  });

  it("is resumed by the core that it was kept by only", async () => {
    const simulation = await Simulation.start(BASE);
    const { description, memory } = simulation.snapshot();
    const bytes = memory.slice();
    await simulation.close();
    const resume = (changes: object) =>
      Simulation.resume({ description: { ...description, ...changes }, memory: bytes });
    await expect(resume({ coreDigest: "0123456789abcdef" })).rejects.toThrow(ResumeError);
    await expect(resume({ scenario: { ...BASE, seed: 9 } })).rejects.toThrow(ResumeError);
    expect(behaviour(await finished(await resume({})))).toEqual(behaviour(await simulate(BASE)));
  });
});

const scenarios = fc.record({
  version: fc.constant(1),
  seed: fc.nat(1000),
  topology: fc.constantFrom(
    { kind: "leaf-spine", gpus: 16, radix: 16 },
    { kind: "fat-tree", gpus: 32, gpusPerNode: 1, radix: 8, tiers: 3 },
    { kind: "rail-optimized", gpus: 32, gpusPerNode: 8, radix: 16, tiers: 2 },
  ),
  preset: fc.constantFrom("multipath", "multipath", "lossy"),
  routing: fc.record({ policy: fc.constantFrom("ecmp", "ecmp-qp", "spray", "round-robin", "adaptive", "pinned") }),
  flowControl: fc.record({ kind: fc.constantFrom("pfc", "none") }),
  switch: fc.record({ buffer: fc.constantFrom("8MiB", "64MiB") }),
  links: fc.constantFrom(
    {},
    { fabric: { rate: "400Gbps", length: "30m", ber: 1e-3 } },
    { fabric: { rate: "100Gbps" } },
  ),
  workload: fc.oneof(
    fc.record({
      kind: fc.constant("collective"),
      algorithm: fc.constantFrom("ring", "double-binary-tree", "hierarchical-ring"),
      size: fc.constantFrom("1KiB", "64KiB", "300000B"),
    }),
    fc.record({
      kind: fc.constant("flows"),
      pattern: fc.constantFrom("permutation", "all-to-all"),
      size: fc.constantFrom("64KiB", "100000B"),
    }),
  ),
});

describe("the result", () => {
  it("is bit-identical with 1, 2, 3, 4 and 8 threads", async () => {
    let ran = 0;
    await fc.assert(
      fc.asyncProperty(scenarios, async (scenario) => {
        try {
          parseScenario(scenario);
        } catch {
          fc.pre(false);
        }
        const alone = behaviour(await simulate(scenario));
        for (const threads of [2, 3, 4, 8]) expect(behaviour(await simulate(scenario, { threads }))).toEqual(alone);
        ran++;
      }),
      { numRuns: 25 },
    );
    expect(ran).toBe(25);
  }, 300_000);
});
