import { describe, expect, test } from "vitest";
import { CAUSES } from "../../src/answer/causes/ladder.js";
import { simulate } from "../../src/api/simulate.js";
import { columnsOf, toCsv, toNdjson } from "../../src/study/sweep/columns.js";
import { comparePlans, formatManifest, type Manifest, parseManifest } from "../../src/study/sweep/manifest.js";
import { factsOf, formatRow, metricsOf, parseRow, rowOf } from "../../src/study/sweep/row.js";
import { joinRows, summarise } from "../../src/study/sweep/summary.js";
import { formatGroups } from "../../src/study/sweep/table.js";
import { tinyScenario } from "../batch/support.js";
import { rowNamed } from "./rows.js";

const point = (id: string, axes: Record<string, unknown>, seed = 1) => ({
  ...{ id, axes, seed, scenarioDigest: id },
  estimate: { memoryBytes: 1, packetHops: 1 },
});

const MANIFEST: Manifest = {
  ...{ schema: "heddle.sweep/1", name: "s", heddleVersion: "1", coreDigest: "c", source: "s.yaml" },
  ...{ base: {}, baseName: "s", invalid: [] },
  points: [
    point("a", { policy: "ecmp", size: "1KiB" }),
    point("b", { policy: "ecmp", size: "1KiB" }, 2),
    point("c", { policy: "spray", size: "2KiB" }),
    point("d", { policy: "spray", size: "2KiB" }, 2),
  ],
};

const ROWS = new Map([
  ["a", rowNamed("a", { jctNs: 1000 })],
  ["b", rowNamed("b", { jctNs: 3000 })],
  ["d", { ...rowNamed("d", { jctNs: null }), status: "stuck" as const, diagnosis: 'a "cycle", of ports' }],
]);

test("a row is a line that comes back, with the numbers of the result in it", async () => {
  const result = await simulate(tinyScenario());
  const build = { heddleVersion: "1", coreDigest: "c" };
  const row = rowOf({ id: "x", axes: { a: [1] }, seed: 7 }, build, factsOf(result));
  expect(parseRow(formatRow(row))).toEqual(row);
  const line = JSON.parse(formatRow(row)) as Record<string, unknown>;
  expect(line).toMatchObject({ id: "x", jctNs: result.jctNs, busbwGBps: result.busbwGBps, status: "finished" });
  const shares = Object.entries(row.metrics).filter(([name]) => name.endsWith("Share"));
  expect(shares).toHaveLength(CAUSES.length);
  expect(shares.map(([name]) => name)).toContain("rateControlShare");
  expect(shares.reduce((sum, [, share]) => sum + share!, 0)).toBeCloseTo(1, 9);
  expect(Object.values(line)).not.toContain(undefined);
  expect([parseRow("{"), parseRow("{}"), parseRow("null")]).toEqual([undefined, undefined, undefined]);
});

test("times of flows are summed up", async () => {
  const result = await simulate(
    tinyScenario([
      "workload={ kind: flows, flows: [{ src: 0, dst: 1, size: 1KiB }, { src: 2, dst: 3, size: 64KiB }] }",
    ]),
  );
  const fcts = result.flows!.map(({ fctNs }) => fctNs!).sort((a, b) => a - b);
  expect(metricsOf(result)).toMatchObject({
    fctMeanNs: (fcts[0]! + fcts[1]!) / 2,
    fctP50Ns: fcts[0],
    fctMaxNs: fcts[1],
  });
});

describe("groups", () => {
  test("have statistics of their points, and say what is missing", () => {
    const [ecmp, spray] = summarise(joinRows(MANIFEST, ROWS), ["policy"], ["jctNs"]);
    expect(ecmp).toEqual({
      ...{ values: ["ecmp"], points: 2, missing: 0, unfinished: 0 },
      metrics: { jctNs: { count: 2, mean: 2000, p50: 1000, p99: 3000, min: 1000, max: 3000 } },
    });
    expect(spray).toMatchObject({ points: 2, missing: 1, unfinished: 1, metrics: { jctNs: null } });
    expect(formatGroups([ecmp!, spray!], ["policy"], ["jctNs"])).toBe(
      [
        "policy  points   JCT mean        p50        p99",
        "ecmp         2  2.0000 us  1.0000 us  3.0000 us",
        "spray        2          -          -          -  1 missing, 1 could not finish",
        "",
      ].join("\n"),
    );
  });

  test("of one point have values", () => {
    const groups = summarise(joinRows(MANIFEST, ROWS), ["policy", "seed"], ["jctNs"]).slice(0, 2);
    expect(formatGroups(groups, ["policy", "seed"], ["jctNs"])).toBe(
      "policy  seed        JCT\necmp    1     1.0000 us\necmp    2     3.0000 us\n",
    );
  });
});

test("columns of finished points, with axes as numbers where they are quantities", () => {
  const columns = columnsOf([MANIFEST], ROWS);
  const cells = Object.fromEntries(columns.map(({ name, cells: values }) => [name, values]));
  expect(cells).toMatchObject({
    id: ["a", "b", "d"],
    policy: ["ecmp", "ecmp", "spray"],
    size: ["1KiB", "1KiB", "2KiB"],
    sizeBytes: [1024, 1024, 2048],
    jctNs: [1000, 3000, null],
  });
  expect(toCsv(columns).split("\n")[3]).toContain('s,d,spray,2KiB,2048,1,stuck,,"a ""cycle"", of ports",tiny');
  expect(JSON.parse(toNdjson(columns).split("\n")[2]!)).toMatchObject({ id: "d", jctNs: null, sizeBytes: 2048 });
});

test("a manifest comes back, and tells what has changed", () => {
  expect(parseManifest(formatManifest(MANIFEST), "m.json")).toEqual(MANIFEST);
  const after = { ...MANIFEST, points: [...MANIFEST.points.slice(1), point("e", {}), point("f", {})] };
  expect(comparePlans(MANIFEST, after)).toEqual({ added: 2, removed: 1, kept: 3 });
  expect(() => parseManifest("{", "m.json")).toThrow("m.json is damaged");
  expect(() => parseManifest("{}", "m.json")).toThrow("not a sweep's manifest");
});
