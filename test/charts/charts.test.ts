import { describe, expect, it } from "vitest";
import { axisChart } from "../../src/study/charts/axis.js";
import { rankingChart } from "../../src/study/charts/ranking.js";
import { ChartError, chartFormat, load, renderChart, renderPng, renderSvg } from "../../src/study/charts/render.js";
import { shootoutChart } from "../../src/study/charts/shootout.js";
import { scaleOf } from "../../src/study/charts/spec.js";
import { sweepChart } from "../../src/study/charts/sweep.js";
import { tornadoChart } from "../../src/study/charts/tornado.js";
import type { RunReport, ShootoutDocument } from "../../src/study/shootout/document.js";
import { evaluate } from "../../src/study/shootout/evaluate.js";
import type { TornadoReport } from "../../src/study/tornado/effects.js";

const POLICIES = ["ecmp", "adaptive", "spray"];
const SEEDS = [1, 2, 3, 4, 5, 6, 7];
const PATTERNS = ["permutation", "incast"].map((name) => ({ name, description: "" }));

function run(policy: string, pattern: string, seed: number, jctNs: number | null): RunReport {
  const none = { bandwidthGBps: null, leastBandwidthGBps: null, p99FctNs: null, fairness: null };
  const figures = { jctNs, outOfOrderShare: 0, maxQueueBytes: 0, ...none };
  const status = jctNs === null ? "qp-failed" : "finished";
  return { policy, pattern, seed, settings: [], scenarioDigest: "0", engineDigest: "0", status, figures };
}

const factor = { ecmp: 2.5, adaptive: 1, spray: 1.2 } as Record<string, number>;
const runs = PATTERNS.flatMap(({ name }) =>
  POLICIES.flatMap((policy) => SEEDS.map((seed) => run(policy, name, seed, factor[policy]! * (20_000 + 100 * seed)))),
);

function document(reports: readonly RunReport[]): ShootoutDocument {
  return {
    schema: "heddle.bench-routing/1",
    heddleVersion: "0",
    status: "finished",
    scenario: { name: "charted", digest: "0" },
    topology: { kind: "leaf-spine", gpus: 64 },
    sizeBytes: 1,
    seeds: SEEDS,
    rankedBy: "jctNs",
    policies: POLICIES.map((name) => ({ name, settings: [] })),
    notes: [],
    leftOut: [],
    ...evaluate(reports, { policies: POLICIES, patterns: PATTERNS, seeds: SEEDS, rankedBy: "jctNs" }),
    runs: reports,
  };
}

const AXIS = {
  title: "JCT over message size",
  axis: { title: "message size", unit: "bytes", isLogarithmic: true },
  figure: { title: "JCT", unit: "ns" },
  groupTitle: "policy",
  points: ["ecmp", "spray"].flatMap((group, i) =>
    [2 ** 14, 2 ** 17, 2 ** 20].map((at) => ({
      ...{ at, group },
      estimate: { value: at / (50 - 10 * i), low: at / 52, high: at / (45 - 10 * i) },
    })),
  ),
};

describe("evaluating runs", () => {
  it("ranks pattern by pattern and over all", () => {
    const { patterns, overall } = document(runs);
    expect(overall!.entries.map(({ policy, group }) => [policy, group])).toEqual([
      ["adaptive", "a"],
      ["spray", "b"],
      ["ecmp", "c"],
    ]);
    expect(overall!.entries[2]!.value).toBeCloseTo(2.5, 12);
    expect(patterns[0]!.policies[1]!.figures.jctNs!.value).toBeCloseTo(20_400, 9);
  });

  it("does not rank what did not finish, and counts only seeds that all have ended", () => {
    const without = runs.map((report) =>
      report.policy === "ecmp" && report.pattern === "incast" && report.seed === 3
        ? run("ecmp", "incast", 3, null)
        : report,
    );
    const { patterns, overall } = document(without);
    expect(patterns[1]!.ranking!.entries.map(({ policy }) => policy)).toEqual(["adaptive", "spray"]);
    expect(patterns[1]!.policies[0]).toMatchObject({
      unfinished: [{ seed: 3, reason: "qp-failed" }],
      figures: { jctNs: null },
    });
    expect(patterns[0]!.ranking!.entries).toHaveLength(3);
    expect(overall!.entries.map(({ policy }) => policy)).toEqual(["adaptive", "spray"]);
    const cut = document(runs.filter(({ policy, seed }) => policy !== "spray" || seed < 6));
    expect(cut.patterns[0]!.seeds).toEqual([1, 2, 3, 4, 5]);
  });
});

describe("charts", () => {
  it("are drawn to the same bytes every time, in any order", async () => {
    const shootout = await renderSvg(shootoutChart(document(runs)));
    const axis = await renderSvg(axisChart(AXIS));
    expect(await renderSvg(axisChart(AXIS))).toBe(axis);
    expect(await renderSvg(shootoutChart(document(runs)))).toBe(shootout);
  });

  it("show every policy and pattern, the figure and its unit", async () => {
    const svg = await renderSvg(shootoutChart(document(runs)));
    for (const text of [...POLICIES, "permutation", "incast", "charted", "job completion time (us)", "7 seeds"]) {
      expect(svg).toContain(text);
    }
    const bars = svg.match(
      /<path aria-label="[^"]*policy: ecmp[^"]*"[^>]*aria-roledescription="bar"|aria-roledescription="bar"/g,
    );
    expect(bars).toHaveLength(POLICIES.length * PATTERNS.length);
  });

  it("show lines over an axis, with a legend where there are several", async () => {
    const svg = await renderSvg(axisChart(AXIS));
    for (const text of [
      "JCT over message size",
      "message size",
      "16 KiB",
      "1 MiB",
      "JCT (us)",
      "policy",
      "ecmp",
      "spray",
    ]) {
      expect(svg).toContain(text);
    }
    const single = axisChart({ ...AXIS, points: AXIS.points.filter(({ group }) => group === "ecmp") });
    expect(await renderSvg(single)).not.toContain("role-legend");
    const words = axisChart({ ...AXIS, points: AXIS.points.map((point) => ({ ...point, at: `${point.at} B` })) });
    expect(await renderSvg(words)).toContain("131072 B");
  });

  it("become PNGs of twice the size", async () => {
    const svg = await renderSvg(axisChart(AXIS));
    const png = Buffer.from(await renderPng(svg));
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    const width = Number(/width="([\d.]+)"/.exec(svg)![1]);
    expect(Math.abs(png.readUInt32BE(16) - 2 * width)).toBeLessThanOrEqual(2);
    expect(Buffer.from((await renderChart(axisChart(AXIS), "png")) as Uint8Array).equals(png)).toBe(true);
  });

  it("take their format from the file's ending, and say which package is missing", async () => {
    expect([chartFormat("a.SVG"), chartFormat("b/c.png")]).toEqual(["svg", "png"]);
    expect(() => chartFormat("chart.pdf")).toThrow(ChartError);
    const missing = () => Promise.reject(Object.assign(new Error("not found"), { code: "ERR_MODULE_NOT_FOUND" }));
    await expect(load("vega", missing)).rejects.toThrow(/charts need the package vega, .* npm install vega/);
    await expect(load("vega", () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  });

  it("choose units that read well", () => {
    expect(scaleOf("ns", [12, 999])).toEqual({ divisor: 1, unit: "ns" });
    expect(scaleOf("ns", [12, 2.5e6])).toEqual({ divisor: 1e6, unit: "ms" });
    expect(scaleOf("bytes", [2 ** 20])).toEqual({ divisor: 2 ** 20, unit: "MiB" });
    expect(scaleOf("share", [0.2])).toEqual({ divisor: 0.01, unit: "%" });
    expect(scaleOf("count", [5])).toEqual({ divisor: 1, unit: "" });
  });
});

describe("the chart of a sweep", () => {
  const sizes = ["64KiB", "1MiB", "16MiB"];
  const rows = sizes.flatMap((size, i) =>
    ["ecmp", "spray"].flatMap((policy, p) =>
      [1, 2, 3].map((seed) => ({
        axes: { "workload.size": size, "routing.policy": policy, "topology.radix": 32 },
        seed,
        metrics: { jctNs: 1000 * 16 ** i * (2 - p) + seed, efficiency: 0.5, steps: null },
      })),
    ),
  );
  const draw = (options: Partial<Parameters<typeof sweepChart>[1]> = {}) =>
    sweepChart(rows, { x: "workload.size", y: "jctNs", ...options });

  it("has a line for each value of the axes that vary, and the values as they were written", async () => {
    const chart = draw() as unknown as { data: { values: { at: number; group: string; value: number }[] } };
    expect(chart.data.values).toHaveLength(6);
    expect(chart.data.values[0]).toMatchObject({ at: 65_536, group: "ecmp", value: (2000 + 2) / 1000 });
    const svg = await renderSvg(draw());
    for (const text of [...sizes, "JCT (us)", "routing.policy", "3 seeds"]) expect(svg).toContain(text);
    expect(svg).not.toContain("radix");
    expect(await renderSvg(draw({ where: { "routing.policy": "spray" } }))).not.toContain("role-legend");
    expect(await renderSvg(draw({ x: "routing.policy", y: "efficiency" }))).toContain("efficiency (%)");
  });

  const LONG = Array.from({ length: 14 }, (_, i) => `${2 ** (i + 4)}KiB`);
  const over = (axis: string, values: readonly string[]) =>
    sweepChart(
      values.flatMap((value, i) =>
        ["ecmp", "spray"].map((policy) => ({
          axes: { [axis]: value, "routing.policy": policy },
          seed: 1,
          metrics: { jctNs: 1000 * (i + 1) },
        })),
      ),
      { x: axis, y: "jctNs" },
    );

  it("labels sizes in KiB and MiB, however many there are", async () => {
    const svg = await renderSvg(over("workload.size", LONG));
    for (const text of [">16 KiB<", ">1 MiB<", ">64 MiB<"]) expect(svg).toContain(text);
    expect(svg).not.toMatch(/>[\d,]{5,}</);
    const linear = await renderSvg(
      over(
        "switch.buffer",
        Array.from({ length: 13 }, (_, i) => `${4 + i}MiB`),
      ),
    );
    for (const text of [">4 MiB<", ">10 MiB<", ">16 MiB<"]) expect(linear).toContain(text);
  });

  it("labels other quantities with their units, too", async () => {
    const times = Array.from({ length: 12 }, (_, i) => `${100 * (i + 1)}ns`);
    expect(await renderSvg(over("nic.latency", times))).toMatch(/>(0\.2|0\.6|1) us</);
  });

  it("joins numbers by lines, but not categories", async () => {
    const lines = (svg: string) => svg.match(/mark-line/g) ?? [];
    expect(lines(await renderSvg(over("workload.size", LONG)))).not.toHaveLength(0);
    const kinds = await renderSvg(over("topology.kind", ["leaf-spine", "fat-tree", "rail-optimized"]));
    expect(lines(kinds)).toHaveLength(0);
    expect(kinds.match(/aria-roledescription="point"/g)).toHaveLength(6);
    // A quantity beside a word is a category.
    expect(lines(await renderSvg(over("transport.window", ["1MiB", "unlimited"])))).toHaveLength(0);
  });

  it("does not cut names where they differ", async () => {
    const names = [1, 2].map((i) => `links[0: ${"a-switch-with-a-long-name".repeat(4)} -- spine-${i}].rate`);
    const side = (change: number) => ({
      value: "1us",
      mean: 1,
      change: { value: change, low: null, high: null },
      problem: null,
    });
    const effects = names.map((name) => ({
      name,
      base: "1us",
      low: side(-0.1),
      high: side(0.1),
      swing: 0.2,
      elasticity: 1,
      isSignificant: true,
    }));
    const report = {
      scenario: "s",
      metric: "jctNs",
      share: 0.1,
      seeds: [1],
      base: { value: 1, low: null, high: null },
      effects,
      notVaried: [],
    };
    const tornado = await renderSvg(tornadoChart(report as unknown as TornadoReport));
    const grouped = await renderSvg(
      axisChart({ ...AXIS, points: AXIS.points.map((point, i) => ({ ...point, group: names[i % 2]! })) }),
    );
    for (const name of names) {
      expect(tornado).toContain(`>${name}<`);
      expect(grouped).toContain(`>${name}<`);
    }
  });

  it("says what it cannot draw", () => {
    expect(() => draw({ x: "workload.sise" })).toThrow(
      /no axis workload\.sise \(did you mean "workload\.size"\?\); there are workload\.size, routing/,
    );
    expect(() => draw({ y: "jct" })).toThrow(/no metric jct; there are jctNs, efficiency/);
    expect(() => draw({ y: "steps" })).toThrow(/no point has steps/);
    expect(() => draw({ where: { "routing.policy": "pinned" } })).toThrow(/no point is left/);
  });
});

describe("the chart of the best points", () => {
  const row = (tp: number, pp: number, stepNs: number | null, seed = 1) => ({
    axes: { "workload.parallel.tp": tp, "workload.parallel.pp": pp, gpu: "h100" },
    ...{ seed, metrics: { stepNs, mfu: stepNs === null ? null : 1e6 / stepNs } },
  });
  const rows = [row(1, 8, 3e6), row(2, 4, 1e6), row(2, 4, 3e6, 2), row(4, 2, 5e6), row(8, 1, null)];
  const refused = [{ axes: { ...row(16, 1, null).axes }, message: "16 does not divide" }];
  const labels = (y: string, count: number) => {
    const { data } = rankingChart(rows, refused, { y, count }) as { data: { values: { label: string }[] } };
    return data.values.map(({ label }) => label);
  };

  it("has the best on top, means over seeds, and what was refused with its reason", async () => {
    expect(labels("stepNs", 2)).toEqual(["tp 2, pp 4", "tp 1, pp 8", "tp 16, pp 1"]);
    const svg = await renderChart(rankingChart(rows, refused, { y: "stepNs", count: 2 }), "svg");
    expect(svg).toContain("refused: 16 does not divide");
    expect(svg).toContain("the best 2 of 3 points; 1 refused");
  });

  it("knows of which metrics the largest is the best", () => {
    expect(labels("mfu", 3)).toEqual(["tp 2, pp 4", "tp 1, pp 8", "tp 4, pp 2", "tp 16, pp 1"]);
    expect(() => labels("stepMs", 3)).toThrow(
      new ChartError('there is no metric stepMs (did you mean "stepNs"?); there are stepNs, mfu'),
    );
  });
});
