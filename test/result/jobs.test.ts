import { describe, expect, it } from "vitest";
import { slowdownSummary } from "../../src/answer/result/slowdowns.js";
import { formatResult } from "../../src/answer/result/text.js";
import { simulate } from "../../src/api/simulate.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { slowdownChart } from "../../src/study/charts/slowdown.js";
import { withSlowdowns } from "../../src/study/slowdown/alone.js";

const TOPOLOGY = { kind: "leaf-spine", gpus: 32, gpusPerNode: 4, radix: 16 };
const ring = (size: string) => ({ kind: "collective", algorithm: "ring", size });

describe("jobs beside each other", () => {
  it("take as long as alone where they share nothing, with the same bounds", async () => {
    const topology = { ...TOPOLOGY, radix: 64 };
    const alone = await simulate({ topology: { ...topology, gpus: 16 }, workload: ring("1MiB") });
    const jobs = [
      { name: "a", ranks: 16, workload: ring("1MiB") },
      { name: "b", ranks: 16, start: "5us", workload: ring("1MiB") },
    ];
    const result = await simulate({ topology, jobs });
    const [a, b] = result.jobs!;
    expect(a).toMatchObject({ ranks: 16, startNs: 0, jctNs: alone.jctNs, busbwGBps: alone.busbwGBps });
    expect(b).toMatchObject({ startNs: 5000, jctNs: alone.jctNs });
    expect(a!.idealJctNs).toBe(alone.idealJctNs);
    expect(result.jctNs).toBe(5000 + alone.jctNs!);
    expect(result.workload).toEqual({ kind: "jobs", jobs: 2 });
    expect(result.flows).toBeUndefined();
  });

  it("a job over the whole fabric is a workload", async () => {
    const { engine, idealJctNs } = await simulate({ topology: TOPOLOGY, workload: ring("256KiB") });
    const jobs = await simulate({ topology: TOPOLOGY, jobs: [{ workload: ring("256KiB") }] });
    expect(jobs.engine.digest).toBe(engine.digest);
    expect(jobs.jobs![0]!.idealJctNs).toBe(idealJctNs);
  });

  it("slow each other down where they share links, and the result says by how much", async () => {
    const { scenario } = parseScenario({
      topology: TOPOLOGY,
      jobs: [
        { name: "a", placement: [0, 4, 8, 12], workload: ring("1MiB") },
        { name: "b", placement: [0, 4, 8, 12], workload: ring("1MiB") },
        { name: "noise", background: true, workload: { kind: "flows", pattern: "shift", by: 9, size: "4KiB" } },
      ],
    });
    const result = await withSlowdowns(scenario, await simulate(scenario), simulate);
    const [a, b, noise] = result.jobs!;
    expect(a!.slowdown).toBeGreaterThan(1.5);
    expect(b!.slowdown).toBeGreaterThan(1.5);
    expect(noise).toMatchObject({ background: true });
    expect(noise!.slowdown).toBeGreaterThan(1);
    expect(result.flows!.every(({ job, background }) => job === "noise" && background)).toBe(true);
    const text = formatResult(result);
    expect(text).toContain("3 jobs on 32 GPUs");
    expect(text).toMatch(/job +ranks +what +JCT +ideal +efficiency +busbw +slowdown/);
    expect(text).toContain("noise (background)");
  });
});

describe("groups", () => {
  it("do a collective each, along the ring that is written", async () => {
    const workload = {
      ...ring("64KiB"),
      ranks: [
        [0, 8, 4],
        [17, 21],
      ],
    };
    const result = await simulate({ topology: TOPOLOGY, workload }, { withFlows: true });
    const hops = result.flows!.map(({ src, dst }) => [src, dst]);
    expect(hops).toEqual([
      [0, 8],
      [8, 4],
      [4, 0],
      [17, 21],
      [21, 17],
    ]);
    expect(result.workload).toMatchObject({ groups: 2 });
    expect(result.jctNs!).toBeGreaterThanOrEqual(result.idealJctNs);
    expect(result.busbwGBps! / result.algbwGBps!).toBeCloseTo(4 / 3, 9);
  });
});

describe("flows", () => {
  const flows = [
    { name: "ask", src: 0, dst: 9, size: "4KiB" },
    { src: 9, dst: 0, size: "1MiB", after: ["ask"] },
    { src: 9, dst: 17, size: "4KiB", start: "1ms", after: ["ask"] },
  ];

  it("start when what they wait for is there, and are compared with an idle network", async () => {
    const { flows: results } = await simulate({ topology: TOPOLOGY, workload: { kind: "flows", flows } });
    const [ask, answer, late] = results!;
    expect(answer!.startNs).toBe(ask!.finishNs);
    expect(late!.startNs).toBe(1e6);
    for (const flow of results!) {
      expect(flow.slowdown).toBeCloseTo(1, 9);
      expect(flow.fctNs).toBeCloseTo(flow.idealFctNs!, 6);
    }
  });

  it("are never faster than their bounds, however they are spread", async () => {
    const workload = { kind: "flows", pattern: "poisson", distribution: "hadoop", load: 0.4, duration: "20us" };
    for (const preset of ["default", "multipath"]) {
      const transport = { qpsPerConnection: 4 };
      const result = await simulate({ topology: TOPOLOGY, preset, transport, workload });
      expect(result.flows!.every(({ slowdown }) => slowdown! >= 1)).toBe(true);
      expect(result.fctSlowdown!.all.flows).toBe(result.flows!.length);
    }
  });

  it("are summed up by size, in text and as a chart", () => {
    const flow = { src: 0, dst: 1, startNs: 0, finishNs: 1, fctNs: 1, ackedNs: 1, idealFctNs: 1 };
    const sizes = [100, 10_000, 10_001, 5e7];
    const summary = slowdownSummary(sizes.map((bytes, i) => ({ ...flow, bytes, slowdown: i + 1 })))!;
    expect(summary.bins.map(({ fromBytes, toBytes, flows: n }) => [fromBytes, toBytes, n])).toEqual([
      [0, 1e4, 2],
      [1e4, 1e5, 1],
      [1e7, null, 1],
    ]);
    expect(summary.all).toMatchObject({ flows: 4, mean: 2.5, p50: 2, p99: 4, max: 4 });
    const doc = { fctSlowdown: summary, scenario: { name: "s" }, topology: { gpus: 4, kind: "leaf-spine" } };
    const { data } = slowdownChart(doc as never) as { data: { values: object[] } };
    expect(data.values).toHaveLength(6);
    expect(slowdownSummary([{ ...flow, bytes: 1 }])).toBeUndefined();
  });
});
