import { describe, expect, it } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { resolvePlan } from "../../src/resolve/resolve.js";
import { canonicalJson } from "../../src/scenario/parse/digest.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import type { FlowsWorkload } from "../../src/scenario/types/scenario.js";
import { contendersOf, policyNames } from "../../src/study/shootout/contenders.js";
import { ShootoutError } from "../../src/study/shootout/errors.js";
import { figuresOf } from "../../src/study/shootout/figures.js";
import { courseOf, PATTERN_NAMES, patternsOf } from "../../src/study/shootout/patterns.js";
import { planTransport } from "../../src/study/shootout/transport.js";

const LEAVES = { kind: "leaf-spine", gpus: 64, gpusPerNode: 4, radix: 32 };
const RAILS = { kind: "rail-optimized", gpus: 64, gpusPerNode: 4, radix: 8, tiers: 3 };
const SINGLE = { kind: "leaf-spine", gpus: 8, gpusPerNode: 2, radix: 32 };
const workload = { kind: "collective", algorithm: "ring", size: "64KiB" };

function course(topology: object, rest: object = {}) {
  const document = { topology, workload, ...rest };
  const { scenario } = parseScenario(document);
  return { document, scenario, course: courseOf(scenario, document, 65_536) };
}

describe("the patterns", () => {
  it("are scenarios on every fabric, the same for all policies with a seed, another for another seed", () => {
    for (const topology of [LEAVES, RAILS]) {
      const { document, course: on } = course(topology, { preset: "multipath" });
      const { patterns, leftOut } = patternsOf(on);
      expect(leftOut).toEqual([]);
      expect(patterns.map(({ name }) => name)).toEqual(PATTERN_NAMES);
      for (const { name, overrides } of patterns) {
        const digest = (policy: string, seed: number) => {
          const set = [`routing.policy=${policy}`, ...overrides(seed), `seed=${seed}`];
          const { routing: _, seed: __, ...rest } = parseScenario(document, { set }).scenario;
          return canonicalJson(rest);
        };
        expect(digest("spray", 7)).toBe(digest("ecmp", 7));
        if (["ring-boundary", "all-to-all"].includes(name)) expect(digest("ecmp", 8)).toBe(digest("ecmp", 7));
        else expect(digest("ecmp", 8)).not.toBe(digest("ecmp", 7));
      }
    }
  });

  it("cross from leaf to leaf at a ring's boundary, and nowhere else", () => {
    for (const topology of [LEAVES, RAILS]) {
      const { document, scenario, course: on } = course(topology);
      const { fabric } = resolvePlan(scenario).plan;
      const [pattern] = patternsOf(on, ["ring-boundary"]).patterns;
      const { flows } = parseScenario(document, { set: pattern!.overrides(1) }).scenario.workload as FlowsWorkload;
      const leafOf = (rank: number) => {
        const nic = fabric.nics.rank.findIndex((owner, i) => owner === rank && fabric.nics.isScaleUp[i] === 0);
        return fabric.firstPort.findLastIndex((first) => first <= fabric.peerPort[fabric.nics.port[nic]!]!);
      };
      for (const { src, dst } of flows) expect(leafOf(src)).not.toBe(leafOf(dst));
      // Four GPUs of a node, over each boundary.
      expect(flows).toHaveLength((64 / on.ranksPerLeaf) * 4);
    }
  });

  it("are left out, or refused by name, where the fabric does not allow them", () => {
    const { course: on } = course(SINGLE);
    const { patterns, leftOut } = patternsOf(on);
    expect(leftOut.map(({ name }) => name)).toEqual(["ring-boundary", "degraded-link"]);
    expect(patterns).toHaveLength(PATTERN_NAMES.length - 2);
    expect(() => patternsOf(on, ["degraded-link"])).toThrow(/no links between switches/);
    expect(() => patternsOf(on, ["incst"])).toThrow(/did you mean "incast"/);
  });

  it("keep the file's faults beside the degraded link", () => {
    const faults = [{ kind: "degraded-link", from: "leaf-0", to: "spine-0", ber: 1e-4 }];
    const { document, course: on } = course(LEAVES, { faults });
    const [pattern] = patternsOf(on, ["degraded-link"]).patterns;
    const { scenario } = parseScenario(document, { set: pattern!.overrides(3) });
    expect(scenario.faults).toHaveLength(2);
    expect(scenario.faults[1]).toMatchObject({ direction: "both", rateBps: 100e9 });
  });
});

describe("the contenders", () => {
  it("are all policies unless named, and must be two different ones at least", () => {
    expect(contendersOf().map(({ name }) => name)).toEqual(policyNames());
    expect(policyNames()).toEqual(expect.arrayContaining(["ecmp", "flowlet", "adaptive", "reps", "pinned"]));
    for (const names of [["ecmp"], ["ecmp", "ecmp"], ["ecmp", "adpative"]]) {
      expect(() => contendersOf(names)).toThrow(ShootoutError);
    }
  });

  it("get one transport that places out of order, or each its own, where the file's cannot", () => {
    const { scenario } = course(LEAVES);
    const contenders = contendersOf(["ecmp", "spray", "reps"]);
    const recoveries = (choice: "same" | "own") =>
      planTransport(scenario, contenders, choice).set.map((set) => set.includes("transport.recovery=selective"));
    expect(recoveries("same")).toEqual([true, true, true]);
    expect(recoveries("own")).toEqual([false, true, true]);
    // Nobody reorders, or the file's transport does not mind.
    expect(planTransport(scenario, contendersOf(["ecmp", "flowlet"]), "same").set.flat()).toEqual([]);
    const placing = course(LEAVES, { preset: "multipath" }).scenario;
    expect(planTransport(placing, contendersOf(["ecmp", "spray"]), "same").set.flat()).toEqual([]);
    // Marks are for all or for none.
    const marks = planTransport(placing, contenders, "same").set.map((set) => set.some((s) => s.startsWith("ecn=")));
    expect(marks).toEqual([true, true, true]);
  });
});

describe("the figures", () => {
  const run = (set: readonly string[]) =>
    simulate(parseScenario({ topology: LEAVES, preset: "multipath", workload }, { set }).scenario, { withFlows: true });

  it("of flows leave out what stays inside a node", async () => {
    const flows = "{ src: 0, dst: 1, size: 64KiB }, { src: 2, dst: 63, size: 64KiB }";
    const result = await run([`workload={ kind: flows, flows: [${flows}] }`]);
    const [inside, across] = result.flows!;
    const figures = figuresOf(result, 4);
    expect(inside!.fctNs!).toBeLessThan(across!.fctNs!);
    expect(figures).toMatchObject({ jctNs: across!.fctNs, p99FctNs: across!.fctNs, fairness: 1 });
    expect(figures.bandwidthGBps).toBe(65_536 / across!.fctNs!);
    expect(figuresOf(result, 1).bandwidthGBps!).toBeGreaterThan(figures.bandwidthGBps!);
  });

  it("beside a collective are the background's, but for the bandwidth", async () => {
    const result = await run(["workload.background={ pattern: permutation, size: 64KiB }"]);
    const background = result.flows!.filter(
      (flow) => flow.background && Math.floor(flow.src / 4) !== Math.floor(flow.dst / 4),
    );
    const { bandwidthGBps, leastBandwidthGBps } = figuresOf(result, 4);
    expect(bandwidthGBps).toBe(result.busbwGBps);
    expect(leastBandwidthGBps).toBe(Math.min(...background.map(({ bytes, fctNs }) => bytes / fctNs!)));
  });

  it("tell how much was overtaken, under either recovery", async () => {
    const share = async (policy: string, recovery: string) =>
      figuresOf(
        await run([
          "workload={ kind: flows, pattern: permutation, size: 256KiB }",
          `routing.policy=${policy}`,
          `transport.recovery=${recovery}`,
        ]),
        4,
      ).outOfOrderShare;
    expect(await share("ecmp", "selective")).toBe(0);
    expect(await share("ecmp", "go-back-n")).toBe(0);
    expect(await share("spray", "selective")).toBeGreaterThan(0.1);
    expect(await share("spray", "go-back-n")).toBeGreaterThan(0.1);
  });

  it("of a run that did not finish are none", async () => {
    const result = await run(["timeLimit=2us"]);
    expect(figuresOf(result, 4)).toMatchObject({ jctNs: null, bandwidthGBps: null, p99FctNs: null, fairness: null });
  });
});
