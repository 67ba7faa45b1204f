import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALGORITHMS } from "../../src/build/collective/registry.js";
import { ALGORITHM_ROWS } from "../../src/plan/collectives.js";
import type { Algorithm } from "../../src/scenario/types/scenario.js";
import { allReduce, clusterOf } from "./clusters.js";
import { executeAllReduce } from "./executor.js";

/** Algorithms that ask switches for no more than forwarding. */
const FORWARDED = (Object.keys(ALGORITHMS) as Algorithm[]).filter((name) => !ALGORITHM_ROWS[name].reducesIn);

const sample = fc.record({
  algorithm: fc.constantFrom(...FORWARDED),
  nodes: fc.integer({ min: 1, max: 7 }),
  gpusPerNode: fc.integer({ min: 1, max: 4 }),
  isRailOptimized: fc.boolean(),
  channels: fc.integer({ min: 1, max: 4 }),
  sizeBytes: fc.integer({ min: 1, max: 100_000 }),
  chunks: fc.integer({ min: 1, max: 4 }),
  order: fc.infiniteStream(fc.nat()),
});

describe("every algorithm", () => {
  it("sums each value once at every rank, whatever the order of deliveries", () => {
    fc.assert(
      fc.property(sample, ({ algorithm, nodes, gpusPerNode, isRailOptimized, channels, sizeBytes, chunks, order }) => {
        fc.pre(nodes * gpusPerNode > 1);
        const cluster = clusterOf(nodes, gpusPerNode, isRailOptimized);
        const chunkBytes = Math.ceil(sizeBytes / (2 * gpusPerNode * chunks));
        const workload = allReduce(sizeBytes, { channels: algorithm === "ring" ? channels : 1, chunkBytes });
        const collective = ALGORITHMS[algorithm](workload, cluster);
        executeAllReduce(collective, cluster.ranks, (n) => order.next().value! % n);
      }),
      { numRuns: 150 },
    );
  });

  it("waits only for what comes to the rank that waits", () => {
    fc.assert(
      fc.property(sample, ({ algorithm, nodes, gpusPerNode, isRailOptimized, channels, sizeBytes }) => {
        fc.pre(nodes * gpusPerNode > 1);
        const workload = allReduce(sizeBytes, { channels: algorithm === "ring" ? channels : 1 });
        const { schedule } = ALGORITHMS[algorithm](workload, clusterOf(nodes, gpusPerNode, isRailOptimized));
        for (let flow = 0; flow < schedule.count; flow++) {
          for (let i = schedule.upFirst[flow]!; i < schedule.upFirst[flow + 1]!; i++) {
            expect(schedule.dst[schedule.upFlow[i]!]).toBe(schedule.src[flow]);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe("bytes that a rank sends", () => {
  const inOrder = () => 0;
  const sent = (algorithm: Algorithm, nodes: number, gpusPerNode: number, sizeBytes: number) => {
    const cluster = clusterOf(nodes, gpusPerNode);
    return executeAllReduce(ALGORITHMS[algorithm](allReduce(sizeBytes), cluster), cluster.ranks, inOrder);
  };

  it("in a ring: 2 (N-1)/N S", () => {
    expect(sent("ring", 3, 2, 6000)).toEqual(new Array(6).fill((2 * 5 * 6000) / 6));
    expect(sent("ring", 5, 1, 6001)).toEqual(new Array(5).fill(2 * 4 * 1201));
  });

  it("in a hierarchical ring: the same, most of it inside the node", () => {
    expect(sent("hierarchical-ring", 3, 4, 12_000)).toEqual(new Array(12).fill((2 * 11 * 12_000) / 12));
    expect(sent("hierarchical-ring", 4, 1, 4000)).toEqual(sent("ring", 4, 1, 4000));
    expect(sent("hierarchical-ring", 1, 4, 4000)).toEqual(sent("ring", 1, 4, 4000));
  });

  it("in a double binary tree: 2 (N-1) S over all ranks, none more than 2 S", () => {
    for (const nodes of [2, 4, 6, 7, 8]) {
      const bytes = sent("double-binary-tree", nodes, 1, 1024);
      expect(bytes.reduce((sum, value) => sum + value, 0)).toBe(2 * (nodes - 1) * 1024);
      expect(Math.max(...bytes)).toBeLessThanOrEqual(2 * 1024);
    }
  });
});
