import { describe, expect, it } from "vitest";
import { judge, overall } from "../../bench/against.mjs";
import { compareDocuments, parseDocument, slowerThan } from "../../bench/comparison.mjs";
import { around, benchDocument } from "./documents.js";

describe("two documents", () => {
  it("ratios of medians and minima, per hop", () => {
    const a = benchDocument({ ring: { nsPerHop: [50, 60, 70], hops: 1000 } });
    const b = benchDocument({ ring: { nsPerHop: [75, 66, 100], hops: 2000 } });
    const [ring] = compareDocuments(a, b).scenarios;
    expect(ring.ratio.value).toBeCloseTo(75 / 60, 12);
    expect(ring.ratioOfMinima).toBeCloseTo(66 / 50, 12);
    expect(ring.hopsRatio).toBe(2);
    expect(ring.medianNsPerHop).toEqual({ a: 60, b: 75 });
    expect(ring.ratio.low).toBeCloseTo(66 / 70, 12);
    expect(ring.ratio.high).toBeCloseTo(100 / 50, 12);
  });

  it("are normalised by the geometric mean of their calibrations", () => {
    const a = benchDocument({ ring: { nsPerHop: around(60) } }, { missNs: 100, hashNs: 4 });
    const b = benchDocument({ ring: { nsPerHop: around(90) } }, { missNs: 225, hashNs: 4 });
    const { paceRatio, scenarios } = compareDocuments(a, b);
    expect(paceRatio.value).toBeCloseTo(1.5, 12);
    expect(scenarios[0].ratio.value).toBeCloseTo(1.5, 12);
    expect(scenarios[0].normalised.value).toBeCloseTo(1, 12);
    expect(scenarios[0].normalisedOfMinima).toBeCloseTo(1, 12);
    expect(scenarios[0].normalised.high).toBeGreaterThan(1);
  });

  it("tell memory and behaviour that changed", () => {
    const a = benchDocument({ ring: { nsPerHop: [60], digest: "0a" }, tree: { nsPerHop: [60] } });
    const b = benchDocument({ ring: { nsPerHop: [60], digest: "0b" }, tree: { nsPerHop: [60], memoryBytes: 3e6 } });
    const [ring, tree] = compareDocuments(a, b).scenarios;
    expect([ring.digestChanged, tree.digestChanged]).toEqual([true, false]);
    expect([ring.memoryRatio, tree.memoryRatio]).toEqual([1, 3]);
  });

  it("list what only one of them has, and how they differ", () => {
    const a = benchDocument({ ring: { nsPerHop: [60] }, old: { nsPerHop: [60] } });
    const b = benchDocument({ new: { nsPerHop: [60] }, ring: { nsPerHop: [60] } }, { threads: 2 });
    const { scenarios, onlyInA, onlyInB, differences } = compareDocuments(a, b);
    expect(scenarios.map(({ name }: { name: string }) => name)).toEqual(["ring"]);
    expect([onlyInA, onlyInB]).toEqual([["old"], ["new"]]);
    expect(differences).toEqual(["threads: 1 and 2", "clock: cpu and wall"]);
  });

  it("of different clocks are compared by the wall clock", () => {
    const a = benchDocument({ ring: { nsPerHop: [60] } });
    const b = benchDocument({ ring: { nsPerHop: [60] } }, { threads: 2 });
    const { clock, scenarios } = compareDocuments(a, b);
    expect(clock).toBe("wall");
    expect(scenarios[0].medianNsPerHop).toEqual({ a: 120, b: 120 });
  });

  it("of another schema are refused", () => {
    expect(() => parseDocument('{"schema":"heddle.bench/2"}', "b.json")).toThrow("b.json is not a document of schema");
    expect(() => parseDocument("null", "b.json")).toThrow("b.json is not a document of schema");
    expect(() => parseDocument("{", "b.json")).toThrow("b.json is not JSON");
  });
});

describe("slower than a limit", () => {
  const names = (nsPerHop: number[], limit: number, missNs?: number, normalised?: boolean) =>
    slowerThan(
      compareDocuments(
        benchDocument({ ring: { nsPerHop: around(100) } }),
        benchDocument({ ring: { nsPerHop } }, missNs === undefined ? {} : { missNs }),
      ),
      limit,
      normalised,
    );

  it("is what is above it, beyond doubt", () => {
    expect(names(around(115), 1.1)).toEqual(["ring"]);
    expect(names(around(105), 1.1)).toEqual([]);
    // Slower by half on the median, but the runs say anything.
    expect(names([50, 60, 150, 150, 200, 210], 1.1)).toEqual([]);
  });

  it("on a slower machine is judged by the normalised ratio if asked", () => {
    expect(names(around(120), 1.1, 160 * 1.44)).toEqual(["ring"]);
    expect(names(around(120), 1.1, 160 * 1.44, true)).toEqual([]);
  });
});

describe("two builds by turns", () => {
  const result = (nsPerHop: number[], digest: string) => benchDocument({ ring: { nsPerHop, digest } }).results[0];
  const duelOf = (a: number[], b: number[], digest = "00") => {
    const timed = (times: number[], of: string) => ({ ...result(times, of), nsPerHop: { min: Math.min(...times) } });
    return judge(timed(a, "00"), timed(b, digest), "cpu");
  };

  it("are compared pair by pair", () => {
    const { ratio, ratioOfMinima, digestChanged } = duelOf([10, 40, 20], [12, 44, 26]);
    expect(ratio.value).toBeCloseTo(1.2, 12);
    expect(ratio.low).toBeCloseTo(1.1, 12);
    expect(ratio.high).toBeCloseTo(1.3, 12);
    expect(ratioOfMinima).toBeCloseTo(1.2, 12);
    expect(digestChanged).toBe(false);
    expect(duelOf([1], [1], "01").digestChanged).toBe(true);
  });

  it("over all scenarios by the geometric mean", () => {
    const { value, low, high } = overall([duelOf([10, 10], [20, 20]), duelOf([10, 10], [5, 5])], "cpu");
    for (const estimate of [value, low, high]) expect(estimate).toBeCloseTo(1, 12);
  });
});
