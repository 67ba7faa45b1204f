import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { nvls } from "../../src/build/collective/nvls.js";
import { nvlsTree } from "../../src/build/collective/nvls-tree.js";
import { ALGORITHMS } from "../../src/build/collective/registry.js";
import type { Collective } from "../../src/build/collective/schedule.js";
import { sharp } from "../../src/build/collective/sharp.js";
import type { CollectiveName } from "../../src/plan/collectives.js";
import { allReduce, clusterOf } from "./clusters.js";
import { executeOperations } from "./operation-executor.js";

const order = () => fc.infiniteStream(fc.nat());

function expectSums(collective: Collective, ranks: number, next: () => number): void {
  const all = (1n << BigInt(ranks)) - 1n;
  const buffers = executeOperations(collective, ranks, (n) => next() % n);
  for (const buffer of buffers) expect(buffer.every((value) => value === all)).toBe(true);
}

const of = (collective: CollectiveName, sizeBytes: number, chunkBytes: number | null = null) =>
  allReduce(sizeBytes, { chunkBytes, collective });

describe("every rank ends with every contribution exactly once", () => {
  it.each(Array.from({ length: 33 }, (_, i) => i + 1))("%i ranks: nvls, sharp", (ranks) => {
    let step = 0;
    const pseudo = () => (Math.imul(++step, 0x9e3779b1) >>> 8) + step;
    expectSums(nvls(allReduce(ranks * 100), clusterOf(1, ranks)), ranks, pseudo);
    expectSums(sharp(allReduce(1000, { chunkBytes: 300 }), clusterOf(ranks, 1)), ranks, pseudo);
  });

  it("over nodes of any number and size, whatever the order of deliveries", () => {
    const shape = fc.record({
      nodes: fc.integer({ min: 2, max: 8 }),
      gpusPerNode: fc.integer({ min: 2, max: 4 }),
      sizeBytes: fc.integer({ min: 1, max: 5000 }),
      chunks: fc.integer({ min: 1, max: 3 }),
      build: fc.constantFrom(nvlsTree, sharp),
    });
    fc.assert(
      fc.property(shape, order(), ({ nodes, gpusPerNode, sizeBytes, chunks, build }, stream) => {
        const chunkBytes = Math.ceil(sizeBytes / (2 * gpusPerNode * chunks));
        const cluster = clusterOf(nodes, gpusPerNode);
        const collective = build(allReduce(sizeBytes, { chunkBytes }), cluster);
        expectSums(collective, cluster.ranks, () => stream.next().value!);
      }),
      { numRuns: 25 },
    );
  });
});

test("nvls reduce-scatter sums each block at its owner, and all-gather has each block come to all", () => {
  const ranks = 6;
  const all = (1n << BigInt(ranks)) - 1n;
  const scattered = executeOperations(nvls(of("reduce-scatter", 6000, 500), clusterOf(1, ranks)), ranks, () => 0);
  scattered.forEach((buffer, rank) => {
    buffer.forEach((value, part) => {
      if (part % ranks === rank) expect(value).toBe(all);
    });
  });
  const gathered = executeOperations(nvls(of("all-gather", 6000, 500), clusterOf(1, ranks)), ranks, () => 0);
  for (const buffer of gathered) {
    buffer.forEach((value, part) => {
      expect(value).toBe(1n << BigInt(part % ranks));
    });
  }
});

test("members wait only for what comes to their rank", () => {
  for (const { schedule } of [
    nvls(allReduce(5000), clusterOf(1, 5)),
    nvlsTree(allReduce(5000), clusterOf(5, 3)),
    sharp(allReduce(5000), clusterOf(5, 3)),
  ]) {
    for (let flow = 0; flow < schedule.count; flow++) {
      for (let i = schedule.upFirst[flow]!; i < schedule.upFirst[flow + 1]!; i++) {
        expect(schedule.dst[schedule.upFlow[i]!]).toBe(schedule.src[flow]);
      }
    }
  }
});

test("a collective that is repeated has its operations each time", () => {
  const workload = allReduce(3000, { algorithm: "sharp", chunkBytes: 300, repeat: 3 });
  const cluster = clusterOf(3, 2);
  const built = ALGORITHMS.sharp(workload, cluster);
  expect(built.schedule.operations!.list).toHaveLength(3 * sharp(workload, cluster).schedule.operations!.list.length);
  expectSums(built, cluster.ranks, () => 3);
});
