import { describe, expect, it } from "vitest";
import { binaryTree, doubleBinaryTree, type Tree } from "../../src/build/collective/binary-tree.js";
import { doubleBinaryTrees } from "../../src/build/collective/double-binary-tree.js";
import { allReduce, clusterOf } from "./clusters.js";

const rows = ({ parent, children }: Tree) => [...parent].map((up, node) => [up, ...children[node]!]);

describe("NCCL's trees", () => {
  it("over eight nodes are these: parent, then children in order", () => {
    const [first, second] = doubleBinaryTree(8);
    expect(rows(first)).toEqual([[-1, 4], [2], [4, 1, 3], [2], [0, 2, 6], [6], [4, 5, 7], [6]]);
    expect(rows(second)).toEqual([[1], [3, 2, 0], [1], [7, 5, 1], [5], [3, 6, 4], [5], [-1, 3]]);
  });

  it("have each node inside one at most, and every node below the root", () => {
    for (let nodes = 2; nodes <= 130; nodes++) {
      const trees = doubleBinaryTree(nodes);
      for (const tree of trees) {
        expect(tree.parent[tree.root]).toBe(-1);
        expect([...tree.parent].filter((up) => up < 0)).toHaveLength(1);
        tree.children.forEach((below, node) => {
          expect(below.length).toBeLessThanOrEqual(2);
          for (const child of below) expect(tree.parent[child]).toBe(node);
        });
        let deepest = 0;
        for (let node = 0; node < nodes; node++) {
          let depth = 0;
          for (let at = node; at !== tree.root; at = tree.parent[at]!) depth += 1;
          deepest = Math.max(deepest, depth);
        }
        expect(deepest).toBeLessThanOrEqual(Math.ceil(Math.log2(nodes)));
      }
      const inside = trees.map(({ children }) => children.map((below) => below.length > 0));
      const both = inside[0]!.filter((isInside, node) => isInside && inside[1]![node]);
      // The roots have one child each, and may be inside the other tree.
      expect(both.length).toBeLessThanOrEqual(2);
    }
  });

  it("over one node have no edges", () => {
    expect(rows(binaryTree(1))).toEqual([[-1]]);
  });
});

describe("double binary tree", () => {
  it("has a flow up and a flow down for each edge of each tree of each channel", () => {
    const { schedule } = doubleBinaryTrees(allReduce(4096), clusterOf(4, 2));
    expect(schedule.count).toBe(2 * 2 * 2 * 7);
    const edge = (flow: number) => [schedule.src[flow], schedule.dst[flow]];
    // Channel 0, first tree: GPU 0 of each node takes part, GPU 1 hangs below it.
    expect([0, 1, 2, 3, 4, 5, 6].map(edge)).toEqual([
      [1, 0],
      [2, 4],
      [3, 2],
      [4, 0],
      [5, 4],
      [6, 4],
      [7, 6],
    ]);
    expect([7, 8].map(edge)).toEqual([
      [0, 1],
      [4, 2],
    ]);
    // Channel 1: GPU 1 of each node takes part.
    expect(edge(28)).toEqual([0, 1]);
  });

  it("crosses nodes only by the NIC of the channel", () => {
    const g = 4;
    const { schedule } = doubleBinaryTrees(allReduce(1e6), clusterOf(5, g));
    const perChannel = schedule.count / g;
    for (let flow = 0; flow < schedule.count; flow++) {
      const [src, dst] = [schedule.src[flow]!, schedule.dst[flow]!];
      if (Math.floor(src / g) === Math.floor(dst / g)) continue;
      expect([src % g, dst % g]).toEqual(new Array(2).fill(Math.floor(flow / perChannel)));
    }
  });

  it("cuts its shares into the chunks that were asked for", () => {
    const chunks = (sizeBytes: number, chunkBytes: number | null) => {
      const { schedule } = doubleBinaryTrees(allReduce(sizeBytes, { chunkBytes }), clusterOf(8, 1));
      return [schedule.chunks[0], schedule.chunkBytes[0]];
    };
    expect(chunks(80_000, 10_000)).toEqual([4, 10_000]);
    expect(chunks(80_000, 9000)).toEqual([5, 8000]);
    expect(chunks(3, 1000)).toEqual([1, 2]);
  });

  it("chooses chunks of whole packets near the square root that is best", () => {
    const chunkBytes = (sizeBytes: number) => {
      const { schedule } = doubleBinaryTrees(allReduce(sizeBytes), clusterOf(64, 1));
      return schedule.chunkBytes[0]!;
    };
    expect(chunkBytes(1024)).toBe(512);
    const best = Math.sqrt((2 ** 29 * 4e6 * (400e9 / 8e12 / 4)) / 11);
    expect(chunkBytes(2 ** 30) / best).toBeCloseTo(1, 1);
  });
});
