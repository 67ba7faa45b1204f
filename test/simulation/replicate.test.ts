import { describe, expect, it } from "vitest";
import type { ResultDocument } from "../../src/answer/result/document.js";
import { ResumeError } from "../../src/api/errors.js";
import { simulate } from "../../src/api/simulate.js";
import { Simulation } from "../../src/api/simulation.js";

/** Eight rails with a ring each, and nothing between them. */
const RAILS = {
  version: 1,
  topology: { kind: "rail-optimized", gpus: 64, gpusPerNode: 4, radix: 8, tiers: 3 },
  routing: { policy: "pinned" },
  workload: { kind: "collective", algorithm: "hierarchical-ring", size: "1MiB" },
};

/** Four to one under each leaf, so that switches pause. */
const INCASTS = {
  version: 1,
  topology: { kind: "leaf-spine", gpus: 32, gpusPerNode: 1, radix: 16 },
  routing: { policy: "pinned" },
  flowControl: { kind: "pfc", threshold: { kind: "static", xoff: "20KiB" } },
  workload: {
    kind: "flows",
    flows: [0, 8, 16, 24].flatMap((dst) => [1, 2, 3, 4].map((i) => ({ src: dst + i, dst, size: "256KiB" }))),
  },
};

function behaviour({ engine, ...rest }: ResultDocument): unknown {
  return { ...rest, packetHops: engine.packetHops, digest: engine.digest, simulatedNs: engine.simulatedNs };
}

describe("a simulation of one of what is alike", () => {
  it("has the result of the whole, however many threads take part", async () => {
    const whole = await simulate(RAILS, { fastForward: false });
    for (const threads of [1, 2]) {
      const result = await simulate(RAILS, { threads });
      expect(result.engine.fastForward.replicas).toBeGreaterThan(1);
      expect(behaviour(result)).toEqual(behaviour(whole));
    }
    expect((await simulate(RAILS, { replicate: false })).engine.fastForward.replicas).toBe(0);
  });

  it("can be stopped and looked at, and goes on, but is neither forked nor kept", async () => {
    const whole = await simulate(RAILS, { fastForward: false });
    const simulation = await Simulation.start(RAILS, { replicate: true });
    await simulation.run({ untilNs: whole.jctNs! / 2 });
    expect(simulation.ended).toBe(false);
    expect(simulation.progress().shareDone).toBeGreaterThan(0.2);
    expect(simulation.progress().packetHops).toBeGreaterThan(0.2 * whole.engine.packetHops);
    const sofar = simulation.result();
    expect(sofar.status).toBe("cancelled");
    expect(sofar.packets.delivered).toBeLessThan(whole.packets.delivered);
    expect(() => simulation.snapshot()).toThrow(ResumeError);
    await expect(simulation.fork()).rejects.toThrow(/without `replicate`/);
    await simulation.run();
    expect(behaviour(simulation.result())).toEqual(behaviour(whole));
    await simulation.close();
  });

  it("is begun anew on whole switches where one pauses", async () => {
    const whole = await simulate(INCASTS, { fastForward: false });
    expect(whole.pfc.pauses).toBeGreaterThan(0);
    const result = await simulate(INCASTS);
    expect(result.engine.fastForward).toMatchObject({ replicas: 3 });
    expect(behaviour(result)).toEqual(behaviour(whole));
  });

  it("is begun anew as a whole where switches draw, and says so", async () => {
    const document = { ...INCASTS, flowControl: { kind: "pfc" }, ecn: { kmin: "10KB", kmax: "200KB", pmax: 0.2 } };
    const whole = await simulate(document, { fastForward: false });
    expect(whole.ecn.marked).toBeGreaterThan(0);
    const result = await simulate(document);
    expect(result.engine.fastForward.replicas).toBe(0);
    expect(result.engine.fastForward.off).toMatch(/alike was not: switches draw which packets to mark/);
    expect(behaviour(result)).toEqual(behaviour(whole));
  });

  it("takes the memory of a part", async () => {
    const estimates: number[] = [];
    const onEstimate = ({ totalBytes }: { totalBytes: number }) => estimates.push(totalBytes);
    const large = {
      ...RAILS,
      topology: { ...RAILS.topology, gpus: 4096, radix: 32 },
      workload: { ...RAILS.workload, algorithm: "ring", size: "64KiB" },
    };
    for (const replicate of [true, false]) {
      const simulation = await Simulation.start(large, { replicate, onEstimate });
      await simulation.close();
    }
    expect(estimates[0]).toBeLessThan(0.6 * estimates[1]!);
  });
});
