import { describe, expect, it } from "vitest";
import type { ResultDocument } from "../../src/answer/result/document.js";
import { simulate } from "../../src/api/simulate.js";
import { type ComparisonDocument, compareResults } from "../../src/study/compare/compare.js";
import { CompareError } from "../../src/study/compare/errors.js";
import { metricsOf, unitOf } from "../../src/study/compare/metrics.js";
import { readResult } from "../../src/study/compare/read.js";
import { groupBySeeds } from "../../src/study/compare/sides.js";
import { formatComparison } from "../../src/study/compare/text.js";

const SCENARIO = {
  topology: { kind: "leaf-spine", gpus: 16, gpusPerNode: 2, radix: 8, scaleUp: false },
  workload: { kind: "flows", pattern: "permutation", size: "64KiB" },
};
const run = (policy: string, seed: number) => simulate({ ...SCENARIO, preset: "multipath", routing: { policy }, seed });

const side = (name: string, ...results: ResultDocument[]) => ({ name, results });

async function sides(seeds: readonly number[]) {
  const of = async (policy: string) => side(policy, ...(await Promise.all(seeds.map((seed) => run(policy, seed)))));
  return [await of("ecmp"), await of("adaptive")];
}

function metric({ metrics }: ComparisonDocument, path: string) {
  return metrics.find((candidate) => candidate.path === path)!;
}

describe("two results", () => {
  it("differ in their settings and figures, completion time first", async () => {
    const [a, b] = await sides([1]);
    const comparison = compareResults([a!, b!]);
    expect(comparison.settings).toEqual([{ path: "routing.policy", values: ["ecmp", "adaptive"] }]);
    expect(comparison.seeds).toEqual([1]);
    expect(comparison.metrics[0]!.path).toBe("jctNs");
    const [before, after] = [a!.results[0]!.jctNs!, b!.results[0]!.jctNs!];
    expect(comparison.metrics[0]).toMatchObject({ unit: "ns", values: [before, after] });
    expect(metric(comparison, "jctNs").changes[0]).toMatchObject({
      ...{ difference: after - before, relative: (after - before) / before, low: null, pValue: null },
    });
    const tiers = comparison.metrics.map(({ tier }) => tier);
    expect([...new Set(tiers)]).toEqual(["completion", "explanation", "run", "parts", "engine"]);
    expect(tiers.indexOf("engine")).toBeGreaterThan(tiers.lastIndexOf("parts"));
  });

  it("explain the whole difference of the completion time, cause by cause", async () => {
    const [a, b] = await sides([1]);
    const { explanations } = compareResults([a!, b!]);
    const difference = b!.results[0]!.jctNs! - a!.results[0]!.jctNs!;
    expect(difference).not.toBe(0);
    const [causes] = explanations;
    expect(causes!.reduce((sum, { differenceNs }) => sum + differenceNs, 0)).toBeCloseTo(difference, 6);
    expect(causes!.reduce((sum, { shareOfDifference }) => sum + shareOfDifference!, 0)).toBeCloseTo(1, 9);
    expect(causes![0]).toMatchObject({ cause: "queueing", textBefore: expect.stringMatching(/^Packets waited/) });
  });

  it("that are the same differ in nothing but how long they took to simulate", async () => {
    const [a] = await sides([1]);
    const comparison = compareResults([a!, { ...a!, name: "again" }]);
    expect(comparison.settings).toEqual([]);
    expect(comparison.metrics.every(({ changes }) => changes[0]!.difference === 0)).toBe(true);
    expect(comparison.explanations[0]!.every(({ shareOfDifference }) => shareOfDifference === null)).toBe(true);
    expect(formatComparison(comparison, { color: false })).toMatch(/No figure differs/);
  });

  it("of which one did not finish are compared as far as that goes", async () => {
    const whole = await run("ecmp", 1);
    const cut = await simulate({ ...SCENARIO, timeLimit: "2us" });
    const comparison = compareResults([side("whole", whole), side("cut", cut)]);
    expect(comparison.explanations).toEqual([[]]);
    expect(comparison.sides[1]!.unfinished).toBe(1);
    expect(metric(comparison, "jctNs")).toBeUndefined();
    expect(metric(comparison, "packets.delivered").changes[0]!.difference).toBeLessThan(0);
    expect(formatComparison(comparison, { color: false })).toMatch(/1 not finished/);
  });
});

describe("groups over seeds", () => {
  it("are paired by seed, whatever their order, with intervals", async () => {
    const [a, b] = await sides([1, 2, 3, 4, 5]);
    const comparison = compareResults([a!, { ...b!, results: [...b!.results].reverse() }]);
    expect(comparison.seeds).toEqual([1, 2, 3, 4, 5]);
    expect(comparison).toEqual(compareResults([a!, b!]));
    const change = metric(comparison, "jctNs").changes[0]!;
    expect(change.low!).toBeLessThan(change.difference);
    expect(change.high!).toBeGreaterThan(change.difference);
    // Every seed says that adaptive is faster, and no more than that can five of them say.
    expect(change.high!).toBeLessThan(0);
    expect(change.pValue).toBe(2 / 32);
    expect(formatComparison(comparison, { color: false })).toMatch(/5 seeds.*\n.*p 0\.063/);
  });

  it("leave out what has no partner", async () => {
    const [a, b] = await sides([1, 2, 3]);
    const comparison = compareResults([a!, side("adaptive", ...b!.results.slice(1))]);
    expect(comparison).toMatchObject({ seeds: [2, 3], unpairedSeeds: [1] });
    expect(() => compareResults([a!, side("other", withSeed(b!, 9))])).toThrow(/no seed in common/);
    expect(() => compareResults([a!, side("twice", b!.results[0]!, b!.results[0]!)])).toThrow(/two runs of one seed/);
    expect(() => compareResults([a!])).toThrow(CompareError);
  });

  it("form themselves from runs that differ in the seed only", async () => {
    const [a, b] = await sides([1, 2]);
    const mixed = [a!.results[0]!, b!.results[1]!, b!.results[0]!, a!.results[1]!];
    const groups = groupBySeeds(mixed.map((result, i) => side(`run${i}`, result)));
    expect(groups.map(({ name, results }) => [name, results.map(({ scenario }) => scenario.seed)])).toEqual([
      ["run0 and 1 more", [1, 2]],
      ["run1 and 1 more", [2, 1]],
    ]);
  });
});

/** A result of another seed. */
function withSeed({ results }: { results: readonly ResultDocument[] }, seed: number): ResultDocument {
  const [first] = results;
  return { ...first!, scenario: { ...first!.scenario, seed } };
}

describe("metrics", () => {
  it("have units from their names, and entries of lists by name", async () => {
    const metrics = metricsOf(await run("ecmp", 1));
    const hottest = [...metrics.keys()].find((path) => path.startsWith("links.hottest["))!;
    expect(hottest).toMatch(/\[[a-z]+-\d+ -> [a-z]+-\d+\]/);
    expect([...metrics.keys()].some((path) => path.startsWith("topology") || path.startsWith("scenario"))).toBe(false);
    const units = {
      jctNs: "ns",
      "ranks.finishNs.p50": "ns",
      "engine.wallMs": "ms",
      "links.maxQueueBytes.p99": "bytes",
      "links.hottest[a -> b].txBytes": "bytes",
      busbwGBps: "GBps",
      efficiency: "share",
      "links.utilisation.max": "share",
      "packets.dropped.crc": "count",
    };
    for (const [path, unit] of Object.entries(units)) expect([path, unitOf(path)]).toEqual([path, unit]);
  });
});

describe("reading results", () => {
  it("says what is wrong with a file", async () => {
    const whole = await run("ecmp", 1);
    expect(readResult(JSON.stringify(whole), "a.json")).toEqual(JSON.parse(JSON.stringify(whole)));
    const wrong: [string, RegExp][] = [
      ["version: 1", /a\.json is not JSON/],
      ["[]", /is not a result of heddle run/],
      [JSON.stringify({ ...whole, schema: "heddle.result/9" }), /of another version of heddle/],
      [JSON.stringify({ ...whole, schema: "heddle.comparison/1" }), /is no result but has the schema/],
      [JSON.stringify({ ...whole, links: undefined }), /not whole/],
    ];
    for (const [text, message] of wrong) expect(() => readResult(text, "a.json")).toThrow(message);
  });
});
