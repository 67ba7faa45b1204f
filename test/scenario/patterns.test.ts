import fc from "fast-check";
import { expect, test } from "vitest";
import { allToAll, hotspot, incast, permutation, ringBoundary, shift } from "../../src/scenario/types/patterns.js";
import type { FlowsWorkload } from "../../src/scenario/types/scenario.js";
import { messagesOf, parse } from "./samples.js";

const message = { bytes: 1000, startPs: 5 };
const pairs = (flows: readonly { src: number; dst: number }[]) => flows.map(({ src, dst }) => [src, dst]);

test("a permutation has every rank send once, receive once, and never to itself", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 300 }), fc.nat(2 ** 32 - 1), (ranks, seed) => {
      const flows = permutation(ranks, seed, message);
      expect(flows.map(({ src }) => src)).toEqual(Array.from({ length: ranks }, (_, i) => i));
      expect(new Set(flows.map(({ dst }) => dst)).size).toBe(ranks);
      expect(flows.every(({ src, dst }) => src !== dst)).toBe(true);
      expect(permutation(ranks, seed, message)).toEqual(flows);
    }),
  );
});

test("the permutation of a seed never changes", () => {
  expect(permutation(8, 1, message).map(({ dst }) => dst)).toMatchInlineSnapshot(`
    [
      2,
      5,
      3,
      6,
      1,
      0,
      7,
      4,
    ]
  `);
});

test("derangements of three are equally likely", () => {
  const first = Array.from({ length: 1000 }, (_, seed) => permutation(3, seed, message)[0]!.dst);
  const ones = first.filter((dst) => dst === 1).length;
  expect(ones).toBeGreaterThan(430);
  expect(ones).toBeLessThan(570);
});

test("incast spreads its senders evenly", () => {
  expect(pairs(incast(9, 0, 4, message))).toEqual([
    [1, 0],
    [3, 0],
    [5, 0],
    [7, 0],
  ]);
  expect(pairs(incast(4, 2, 3, message))).toEqual([
    [3, 2],
    [0, 2],
    [1, 2],
  ]);
});

test("all-to-all and shift", () => {
  expect(pairs(allToAll(3, 2, message))).toEqual([
    [0, 1],
    [0, 2],
    [1, 2],
    [1, 0],
    [2, 0],
    [2, 1],
  ]);
  expect(pairs(shift(4, 6, message))).toEqual([
    [0, 2],
    [1, 3],
    [2, 0],
    [3, 1],
  ]);
});

test("permutation follows the scenario's seed unless it has its own", () => {
  const flows = (seed: string, own = "") =>
    parse(`seed: ${seed}\ntopology: { kind: fat-tree, gpus: 64, gpusPerNode: 1 }
workload: { kind: flows, pattern: permutation, size: 1KB${own} }\n`).scenario.workload;
  expect(flows("1")).not.toEqual(flows("2"));
  expect(flows("1", ", seed: 7")).toEqual(flows("2", ", seed: 7"));
});

test("hotspot is a permutation of which some, never the target, send to the target instead", () => {
  fc.assert(
    fc.property(
      fc
        .integer({ min: 3, max: 200 })
        .chain((ranks) => fc.tuple(fc.constant(ranks), fc.nat(ranks - 1), fc.integer({ min: 1, max: ranks - 1 }))),
      fc.nat(2 ** 32 - 1),
      ([ranks, target, senders], seed) => {
        const before = permutation(ranks, seed, message);
        const flows = hotspot(ranks, target, senders, seed, message);
        const hot = flows.filter(({ dst }, i) => dst === target && before[i]!.dst !== target);
        const already = before.filter(({ dst }) => dst === target).length;
        expect([senders - already, senders]).toContain(hot.length);
        expect(flows.every(({ src, dst }) => src !== dst)).toBe(true);
        flows.forEach((flow, i) => {
          if (flow.dst !== target) expect(flow).toEqual(before[i]);
        });
        expect(hotspot(ranks, target, senders, seed, message)).toEqual(flows);
      },
    ),
  );
});

test("a ring's boundary is what a shift sends between different groups", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 2, max: 12 }), fc.nat(11), (groups, group, less) => {
      const width = 1 + (less % group);
      const ranks = groups * group;
      const crossing = shift(ranks, width, message).filter(
        ({ src, dst }) => Math.floor(src / group) !== Math.floor(dst / group),
      );
      expect(ringBoundary(ranks, group, width, message)).toEqual(crossing);
    }),
  );
  // The last group has two ranks: two flows to it, and two from it.
  expect(pairs(ringBoundary(10, 4, 3, message))).toEqual([
    [1, 4],
    [2, 5],
    [3, 6],
    [6, 8],
    [7, 9],
    [8, 0],
    [9, 1],
  ]);
});

test("patterns take their defaults from the fabric", () => {
  const flows = (text: string) =>
    (
      parse(`topology: { kind: leaf-spine, gpus: 64, gpusPerNode: 4 }\nworkload: { kind: flows, size: 1KB, ${text} }\n`)
        .scenario.workload as FlowsWorkload
    ).flows;
  expect(flows("pattern: hotspot, target: 3").filter(({ dst }) => dst === 3).length).toBeGreaterThanOrEqual(8);
  expect(flows("pattern: ring-boundary, group: 32")).toHaveLength(2 * 4);
});

test.each([
  ["pattern: ring-boundary", /ring-boundary needs a group/],
  ["pattern: ring-boundary, group: 64", /there is no boundary; write less/],
  ["pattern: ring-boundary, group: 8, width: 9", /9 flows from a group of 8 ranks/],
  ["pattern: hotspot, senders: 64", /64 senders of 64 ranks/],
  ["pattern: permutation, width: 2", /width is nothing that permutation takes/],
])("%s is refused", (text, message) => {
  const topology = "topology: { kind: leaf-spine, gpus: 64, gpusPerNode: 8 }";
  expect(messagesOf(`${topology}\nworkload: { kind: flows, size: 1KB, ${text} }\n`)).toMatch(message);
  const background = messagesOf(
    `${topology}\nworkload: { kind: collective, size: 1KB, background: { size: 1KB, ${text} } }\n`,
  );
  expect(background).toMatch(/workload\.background\./);
  expect(background).toMatch(message);
});
