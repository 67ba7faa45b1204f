import { describe, expect, it } from "vitest";
import { ALGORITHM_NAMES, ALGORITHM_ROWS, algorithmsWhere, COLLECTIVES } from "../../src/plan/collectives.js";
import type { Groups } from "../../src/plan/crossings.js";
import { backgroundOf, collectiveOf, scheduleOf } from "../../src/scenario/types/workload-kinds.js";

const TASK = { root: 0, sizeBytes: 1 };

function groupsOf(groupOfRank: readonly number[]): Groups {
  const count = Math.max(...groupOfRank) + 1;
  const ranksIn = Array.from({ length: count }, (_, group) => groupOfRank.filter((each) => each === group).length);
  return { count, groupOfRank, ranksIn };
}

describe("an all-reduce", () => {
  const row = COLLECTIVES["all-reduce"];

  it("has a bus bandwidth of 2(N-1)/N of its algorithm bandwidth", () => {
    expect([2, 4, 1000].map((ranks) => row.busBandwidth(50, ranks))).toEqual([50, 75, 99.9]);
  });

  it("moves 2(n-1) buffers over the boundaries of n groups, each way", () => {
    for (const count of [1, 2, 8]) {
      const { egress, ingress } = row.crossing(groupsOf(Array.from({ length: 2 * count }, (_, i) => i % count)), TASK);
      for (const { total, each } of [egress, ingress]) {
        expect([total, ...each]).toEqual([2 * (count - 1), ...new Array(count).fill(1)]);
      }
    }
  });

  it("ends with the sum of all ranks everywhere", () => {
    expect(row.sumOf({ rank: 1, part: 2, ranks: 3, parts: 6, root: 0 })).toBe("all");
  });
});

describe("of six ranks in groups of one, two and three", () => {
  const groups = groupsOf([0, 1, 1, 2, 2, 2]);

  it.each([
    // Total; what each group sends and receives, in blocks of a sixth of the buffer.
    ["all-gather", 12, [1, 2, 3], [5, 4, 3]],
    ["reduce-scatter", 12, [5, 4, 3], [1, 2, 3]],
    ["all-to-all", 5 + 8 + 9, [5, 8, 9], [5, 8, 9]],
    ["broadcast", 12, [0, 6, 0], [6, 0, 6]],
    ["reduce", 12, [6, 0, 6], [0, 6, 0]],
    ["scatter", 4, [0, 4, 0], [1, 0, 3]],
    ["gather", 4, [1, 0, 3], [0, 4, 0]],
    ["send-recv", 18, [6, 6, 6], [6, 6, 6]],
    ["barrier", 0, [0, 0, 0], [0, 0, 0]],
  ] as const)("%s, from or to the second", (name, total, sent, received) => {
    const { egress, ingress } = COLLECTIVES[name].crossing(groups, { root: 2, sizeBytes: 600 });
    for (const crossing of [egress, ingress]) expect(crossing.total).toBeCloseTo(total / 6, 12);
    for (const group of [0, 1, 2]) {
      expect(egress.each[group]).toBeCloseTo(sent[group]! / 6, 12);
      expect(ingress.each[group]).toBeCloseTo(received[group]! / 6, 12);
    }
  });

  it("has the bus bandwidths of nccl-tests", () => {
    const factors = Object.entries(COLLECTIVES).map(([name, { busBandwidth }]) => [name, busBandwidth(1, 4)]);
    expect(Object.fromEntries(factors)).toEqual({
      ...{ "all-reduce": 1.5, "reduce-scatter": 0.75, "all-gather": 0.75, "all-to-all": 0.75 },
      ...{ gather: 0.75, scatter: 0.75, broadcast: 1, reduce: 1, "send-recv": 1, barrier: 1 },
    });
  });
});

it("every algorithm belongs to a collective", () => {
  const used = Object.values(COLLECTIVES).flatMap(({ algorithms }) => algorithms);
  expect(new Set(used)).toEqual(new Set(ALGORITHM_NAMES));
  expect(Object.keys(ALGORITHM_ROWS)).toEqual([...ALGORITHM_NAMES]);
  expect(algorithmsWhere("all-reduce", ({ needsScaleUp }) => !needsScaleUp)).toBe(
    "ring or double-binary-tree or tree or halving-doubling or recursive-doubling or direct or sharp",
  );
});

it("a list of flows has no collective", () => {
  const workload = { kind: "flows", flows: [] } as const;
  expect([collectiveOf(workload), scheduleOf(workload), backgroundOf(workload)]).toEqual([null, "flows", undefined]);
});
