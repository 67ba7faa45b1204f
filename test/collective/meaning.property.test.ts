import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALGORITHMS } from "../../src/build/collective/registry.js";
import { ALGORITHM_ROWS, COLLECTIVES } from "../../src/plan/collectives.js";
import { allReduce, clusterOf } from "./clusters.js";
import { builtOf, PAIRS, sample } from "./drawn.js";
import { execute } from "./executor.js";

/** A fixed sequence that looks random: order of deliveries. */
function shuffler(seed: number): (n: number) => number {
  let state = seed >>> 0;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

/** Divisors of a number of ranks, as sizes of nodes. */
function nodeSizes(ranks: number): number[] {
  return Array.from({ length: ranks }, (_, i) => i + 1).filter((size) => ranks % size === 0);
}

describe.each(PAIRS)("%s by %s", (collective, algorithm) => {
  it("means what it says for every number of ranks from 1 to 33", () => {
    for (let ranks = 1; ranks <= 33; ranks++) {
      // Nodes matter to few; for the others one shape will do.
      const sizes = nodeSizes(ranks);
      const gpusPerNode = sizes[(ranks * 7) % sizes.length]!;
      const sizeBytes = collective === "barrier" ? 0 : 1 + ((ranks * 977) % 5000);
      const root = COLLECTIVES[collective].takesRoot ? (ranks * 5) % ranks : 0;
      const chunkBytes = ALGORITHM_ROWS[algorithm].takesChunk && sizeBytes > 0 ? Math.ceil(sizeBytes / 4) : null;
      const workload = allReduce(sizeBytes, { collective, algorithm, root, chunkBytes });
      const built = ALGORITHMS[algorithm](workload, clusterOf(ranks / gpusPerNode, gpusPerNode));
      execute(built, { collective, ranks, root }, shuffler(ranks));
    }
  });
});

describe("every algorithm", () => {
  const numRuns = Number(process.env.HEDDLE_RUNS ?? 200);

  it("does each collective once for each time, whatever the order of deliveries", () => {
    fc.assert(
      fc.property(sample, (drawn) => {
        const { built, task } = builtOf(drawn);
        execute(built, task, shuffler(drawn.seed));
      }),
      { numRuns },
    );
  });

  it("waits only for what comes to the rank that waits", () => {
    fc.assert(
      fc.property(sample, (drawn) => {
        const { schedule } = builtOf(drawn).built;
        for (let flow = 0; flow < schedule.count; flow++) {
          for (let i = schedule.upFirst[flow]!; i < schedule.upFirst[flow + 1]!; i++) {
            expect(schedule.dst[schedule.upFlow[i]!]).toBe(schedule.src[flow]);
          }
        }
      }),
      { numRuns },
    );
  });
});
