import fc from "fast-check";
import { expect, test } from "vitest";
import { allToAll, incast, permutation, shift } from "../../src/scenario/patterns.js";
import { parse } from "./samples.js";

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
