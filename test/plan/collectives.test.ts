import { describe, expect, it } from "vitest";
import { ALGORITHM_NAMES, ALGORITHM_ROWS, algorithmsWhere, COLLECTIVES } from "../../src/plan/collectives.js";
import { jobFacts } from "../../src/scenario/types/job.js";

describe("an all-reduce", () => {
  const row = COLLECTIVES["all-reduce"];

  it("has a bus bandwidth of 2(N-1)/N of its algorithm bandwidth", () => {
    expect([2, 4, 1000].map((ranks) => row.busBandwidth(50, ranks))).toEqual([50, 75, 99.9]);
  });

  it("moves 2(n-1) buffers over the boundaries of n groups, each way", () => {
    for (const crossing of [row.egress, row.ingress]) {
      expect([1, 2, 8].map(crossing)).toEqual([0, 2, 14].map((total) => ({ total, each: 1 })));
    }
  });

  it("ends with the sum of all ranks everywhere", () => {
    expect(row.sumOf({ rank: 1, part: 2, ranks: 3, parts: 6 })).toBe("all");
  });
});

it("every algorithm belongs to a collective", () => {
  const used = Object.values(COLLECTIVES).flatMap(({ algorithms }) => algorithms);
  expect(new Set(used)).toEqual(new Set(ALGORITHM_NAMES));
  expect(Object.keys(ALGORITHM_ROWS)).toEqual([...ALGORITHM_NAMES]);
  expect(algorithmsWhere("all-reduce", ({ needsScaleUp }) => !needsScaleUp)).toBe("ring or double-binary-tree");
});

it("a list of flows has no collective", () => {
  expect(jobFacts({ kind: "flows", flows: [] })).toEqual({
    ...{ collective: null, schedule: "flows", background: undefined },
  });
});
