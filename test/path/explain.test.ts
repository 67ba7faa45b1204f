import { describe, expect, it, test } from "vitest";
import type { ResultDocument } from "../../src/answer/result/document.js";
import type { SimulateOptions } from "../../src/cli/support/simulate-options.js";
import { formatResult, PlanError, parseScenario, ResumeError, Simulation, simulate } from "../../src/index.js";
import { heddle } from "../cli/fake-environment.js";

const SCENARIO = {
  version: 1,
  topology: { kind: "leaf-spine", gpus: 16, gpusPerNode: 4 },
  workload: { kind: "collective", collective: "all-reduce", algorithm: "ring", size: "4MiB" },
};

const parsed = (more: object = {}) => parseScenario({ ...SCENARIO, ...more }).scenario;

describe("a result with its critical path", () => {
  it("has shares that sum to the JCT to the picosecond, and the segments in order", async () => {
    const result = await simulate(parsed(), { explain: true });
    const { shares, segments, flows } = result.criticalPath!;
    const ps = (ns: number) => Math.round(ns * 1000);
    expect(shares.reduce((sum, { ns }) => sum + ps(ns), 0)).toBe(ps(result.jctNs!));
    expect(segments[0]!.fromNs).toBe(result.startNs);
    expect(segments.at(-1)!.toNs).toBe(result.startNs + result.jctNs!);
    segments.slice(1).forEach(({ fromNs }, i) => {
      expect(fromNs).toBe(segments[i]!.toNs);
    });
    expect(flows[0]!.src).not.toBe(flows[0]!.dst);
    expect(result.engine.fastForward).toMatchObject({ cycles: 0, replicas: 0 });
    expect(result.engine.fastForward.off).toContain("critical path");
  });

  it("is the same run as without, by any number of threads", async () => {
    const plain = await simulate(parsed());
    const one = await simulate(parsed(), { explain: true });
    const two = await simulate(parsed(), { explain: true, threads: 2 });
    expect(one.engine.digest).toBe(plain.engine.digest);
    expect(two.criticalPath).toEqual(one.criticalPath);
    expect(plain.criticalPath).toBeUndefined();
  });

  it("stands in the report in the place of the bounds", async () => {
    const text = formatResult(await simulate(parsed(), { explain: true }));
    expect(text).toContain("Critical path: what the JCT is made of");
    expect(text).toContain("Longest segments");
    expect(text).not.toContain("Where the time went");
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  it("is refused for what cannot be followed", async () => {
    const reduced = {
      workload: { kind: "collective", collective: "all-reduce", algorithm: "nvls", size: "1MiB" },
      topology: { kind: "leaf-spine", gpus: 4, gpusPerNode: 4 },
    };
    await expect(simulate(parsed(reduced), { explain: true })).rejects.toThrow(PlanError);
    await expect(simulate(parsed(reduced), { explain: true })).rejects.toThrow("in-network reduction");
  });

  it("is left out where the run does not finish", async () => {
    const result = await simulate(parsed({ timeLimit: "1us" }), { explain: true });
    expect(result.status).toBe("time-limit");
    expect(result.criticalPath).toBeUndefined();
  });

  it("cannot be asked for of a simulation that is kept", async () => {
    const simulation = await Simulation.start(parsed(), { explain: true });
    expect(() => simulation.snapshot()).toThrow(ResumeError);
    await simulation.close();
  });
});

test("--explain goes to the library; with --snapshot it is refused", async () => {
  let asked: SimulateOptions | undefined;
  const library = {
    simulate: async (_: unknown, options?: SimulateOptions) => {
      asked = options;
      return { schema: "heddle.result/1", status: "finished" } as ResultDocument;
    },
    formatResult: () => "",
  };
  const stdin = JSON.stringify(SCENARIO);
  await heddle(["run", "-", "--explain"], { stdin, library });
  expect(asked!.explain).toBe(true);
  const { stderr, code } = await heddle(["run", "-", "--explain", "--snapshot", "x.snap"], { stdin, library });
  expect(code).toBe(2);
  expect(stderr).toContain("leave one of them out");
});
