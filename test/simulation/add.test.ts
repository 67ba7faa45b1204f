import { describe, expect, it } from "vitest";
import { ResumeError } from "../../src/api/errors.js";
import { simulate } from "../../src/api/simulate.js";
import { Simulation } from "../../src/api/simulation.js";
import type { ScenarioDocument } from "../../src/index.js";
import { ScenarioError } from "../../src/scenario/types/errors.js";
import { SCENARIOS } from "../package/scenarios.js";

const topology = { kind: "leaf-spine", gpus: 16, gpusPerNode: 1, radix: 8 } as const;
const message = { src: 0, dst: 5, size: "2MiB" };
const LISTED = { topology, workload: { kind: "flows", flows: [message, { src: 1, dst: 5, size: "1MiB" }] } } as const;
const RING = { topology, workload: { kind: "collective", algorithm: "ring", size: "4MiB" } } as const;
const all = Array.from({ length: 16 }, (_, rank) => rank);

async function stopped(scenario: ScenarioDocument, untilNs: number): Promise<Simulation> {
  const simulation = await Simulation.start(scenario);
  await simulation.run({ untilNs });
  return simulation;
}

async function digestOf(simulation: Simulation): Promise<string> {
  await simulation.run();
  const { engine } = simulation.result();
  await simulation.close();
  return engine.digest;
}

const digestOfAll = async (scenario: ScenarioDocument) => (await simulate(scenario)).engine.digest;

describe("what is added at an instant", () => {
  it("is like flows of the list that start then", async () => {
    const simulation = await stopped(LISTED, 20_000);
    const start = `${simulation.nowNs}ns`;
    expect(simulation.nowNs).toBeGreaterThanOrEqual(20_000);
    await simulation.add({ flows: [{ src: 2, dst: 5, size: "1MiB" }] });
    await simulation.add({ flows: [{ src: 3, dst: 9, size: "64KiB", start: "70us" }] });
    const flows = [
      ...LISTED.workload.flows,
      { src: 2, dst: 5, size: "1MiB", start },
      { src: 3, dst: 9, size: "64KiB", start: "70us" },
    ];
    const whole = await simulate({ topology, workload: { kind: "flows", flows } });
    expect(await digestOf(simulation)).toBe(whole.engine.digest);
    const { count, srcRank, startNs, deliveredNs } = simulation.records().flows;
    expect([count, srcRank[2], startNs[3]]).toEqual([4, 2, 70_000]);
    expect(Math.max(...deliveredNs)).toBe(whole.startNs + whole.jctNs!);
    expect(simulation.records().packets.hops).toBe(whole.engine.packetHops);
  });

  it("makes jobs of another workload", async () => {
    const simulation = await stopped(RING, 30_000);
    const start = `${simulation.nowNs}ns`;
    const job = {
      name: "more",
      placement: [0, 4, 8],
      workload: { kind: "collective", algorithm: "ring", size: "1MiB" },
    };
    await simulation.add({ flows: [message], jobs: [job] });
    const jobs = [
      { name: "main", placement: all, workload: RING.workload },
      { ...job, start },
      { name: "messages", placement: all, workload: { kind: "flows", flows: [{ ...message, start }] } },
    ];
    expect(await digestOf(simulation)).toBe(await digestOfAll({ topology, jobs }));
  });

  it("leaves the jobs that there are on their ranks", async () => {
    const jobs = [
      { name: "a", ranks: 4, workload: RING.workload },
      { name: "b", placement: "strided", ranks: 8, workload: RING.workload },
    ];
    const simulation = await stopped({ topology, jobs }, 25_000);
    await simulation.add({ flows: [message] });
    const { workload } = simulation.scenario;
    expect(workload.kind === "jobs" && workload.jobs.map(({ ranks }) => ranks.length)).toEqual([4, 8, 16]);
    expect(await digestOf(simulation)).toBe((await simulate(simulation.scenario)).engine.digest);
  });

  it("may be a fault of a link, which is broken from then on", async () => {
    const simulation = await stopped(RING, 30_000);
    const fault = { kind: "link-down", from: "leaf-0", to: "spine-0" } as const;
    const start = `${simulation.nowNs}ns`;
    await simulation.add({ faults: [fault] });
    const digest = await digestOf(simulation);
    expect(digest).toBe(await digestOfAll({ ...RING, faults: [{ ...fault, at: start }] }));
    expect(digest).not.toBe(await digestOfAll(RING));
  });

  it("may come before the start and after the end", async () => {
    const simulation = await Simulation.start(LISTED);
    await simulation.add({ flows: [{ src: 9, dst: 1, size: "64KiB" }] });
    await simulation.run();
    const start = `${simulation.nowNs}ns`;
    await simulation.add({ flows: [{ src: 10, dst: 2, size: "64KiB" }] });
    expect(simulation.ended).toBe(false);
    const flows = [
      ...LISTED.workload.flows,
      { src: 9, dst: 1, size: "64KiB" },
      { src: 10, dst: 2, size: "64KiB", start },
    ];
    expect(await digestOf(simulation)).toBe(await digestOfAll({ topology, workload: { kind: "flows", flows } }));
  });

  it.each(["dcqcn", "swift", "ultra ethernet", "infiniband", "lossy switches", "flowlets", "a marginal link"] as const)(
    "comes to the digest of the whole scenario: %s",
    async (name) => {
      const scenario = SCENARIOS[name]!;
      const { jctNs } = await simulate(scenario);
      for (const share of [0.23, 0.71]) {
        const simulation = await stopped(scenario, jctNs! * share);
        await simulation.add({ flows: [message] });
        await simulation.run({ untilNs: jctNs! * (share + 0.1) });
        await simulation.add({ flows: [{ ...message, src: 3 }] });
        expect(await digestOf(simulation)).toBe((await simulate(simulation.scenario)).engine.digest);
      }
    },
  );

  it("can be forked and kept afterwards", async () => {
    const simulation = await stopped(LISTED, 20_000);
    await simulation.add({ flows: [{ src: 2, dst: 5, size: "1MiB" }] });
    const [fork, kept] = [await simulation.fork(), await Simulation.resume(simulation.snapshot())];
    const digest = await digestOf(simulation);
    expect([await digestOf(fork), await digestOf(kept)]).toEqual([digest, digest]);
  });

  it("is refused where it is wrong, and the simulation goes on as it was", async () => {
    const simulation = await stopped(LISTED, 20_000);
    await expect(simulation.add({})).rejects.toThrow(ScenarioError);
    const settled = simulation.add({ faults: [{ kind: "pfc-off", switch: "leaf-0" }] });
    await expect(settled).rejects.toThrow("unknown key at");
    await expect(simulation.add({ flows: [{ ...message, dst: 99 }] })).rejects.toThrow("99");
    const early = simulation.add({ flows: [{ src: 2, dst: 5, size: "1MiB", start: "1us" }] });
    await expect(early).rejects.toThrow("changes what was simulated before");
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(simulation.add({ flows: [message] }, { signal })).rejects.toThrow("enough");
    expect(await digestOf(simulation)).toBe(await digestOfAll(LISTED));
    const watched = await Simulation.start(LISTED, { telemetry: { everyNs: 1000, onRows: () => {} } });
    await expect(watched.add({ flows: [message] })).rejects.toThrow("telemetry");
    const folded = await Simulation.start({ ...RING, topology: { kind: "leaf-spine", gpus: 8 } }, { replicate: true });
    await expect(folded.add({ flows: [message] })).rejects.toThrow(ResumeError);
  });
});
