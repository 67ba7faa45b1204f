import { describe, expect, it } from "vitest";
import { ALGORITHMS } from "../../src/build/collective/registry.js";
import type { Algorithm } from "../../src/scenario/types/scenario.js";
import { allReduce, clusterOf } from "./clusters.js";
import { execute } from "./executor.js";

describe("bytes that a rank sends", () => {
  const inOrder = () => 0;
  const sent = (algorithm: Algorithm, nodes: number, gpusPerNode: number, sizeBytes: number) => {
    const cluster = clusterOf(nodes, gpusPerNode);
    const task = { collective: "all-reduce", ranks: cluster.ranks } as const;
    return execute(ALGORITHMS[algorithm](allReduce(sizeBytes), cluster), task, inOrder);
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
