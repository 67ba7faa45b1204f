import fc from "fast-check";
import { ALGORITHMS } from "../../src/build/collective/registry.js";
import {
  ALGORITHM_ROWS,
  type AlgorithmName,
  COLLECTIVE_NAMES,
  COLLECTIVES,
  type CollectiveName,
} from "../../src/plan/collectives.js";
import type { SizeMatrix } from "../../src/plan/crossings.js";
import { mostSent } from "../../src/scenario/types/size-matrix.js";
import { allReduce, clusterOf } from "./clusters.js";

/** Every collective with each algorithm that does it, and that asks switches to forward only. */
export const PAIRS = COLLECTIVE_NAMES.flatMap((collective) =>
  COLLECTIVES[collective].algorithms
    .filter((algorithm) => ALGORITHM_ROWS[algorithm].reducesIn === undefined)
    .map((algorithm): [CollectiveName, AlgorithmName] => [collective, algorithm]),
);

/** A collective, an algorithm that does it, and the ranks that take part. */
export const sample = fc.record({
  pair: fc.constantFrom(...PAIRS),
  nodes: fc.integer({ min: 1, max: 6 }),
  gpusPerNode: fc.integer({ min: 1, max: 4 }),
  isRailOptimized: fc.boolean(),
  channels: fc.integer({ min: 1, max: 4 }),
  sizeBytes: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 100_000 })),
  pieces: fc.option(fc.integer({ min: 1, max: 5 }), { nil: null }),
  repeat: fc.integer({ min: 1, max: 3 }),
  root: fc.nat(),
  seed: fc.nat(),
  /** Where sizes may be unequal: one in three of them is 0. */
  sizes: fc.option(fc.array(fc.oneof(fc.constant(0), fc.nat(9000), fc.nat(9)), { minLength: 576, maxLength: 576 }), {
    nil: null,
  }),
});

export type Sample = typeof sample extends fc.Arbitrary<infer T> ? T : never;

export function builtOf({ pair: [collective, algorithm], nodes, gpusPerNode, ...rest }: Sample) {
  const ranks = nodes * gpusPerNode;
  const { takesChunk, takesChannels } = ALGORITHM_ROWS[algorithm];
  const { takesRoot, hasSize } = COLLECTIVES[collective];
  const root = takesRoot ? rest.root % ranks : 0;
  const sizes = rest.sizes === null || !COLLECTIVES[collective].takesSizes ? undefined : matrixOf(rest.sizes, ranks);
  const sizeBytes = sizes === undefined ? (hasSize ? rest.sizeBytes : 0) : Math.max(1, mostSent(sizes));
  const takes = takesChunk && hasSize && rest.pieces !== null;
  const workload = allReduce(sizeBytes, {
    collective,
    algorithm,
    root,
    repeat: rest.repeat,
    ...(sizes && { sizes }),
    channels: takesChannels ? rest.channels : 1,
    chunkBytes: takes ? Math.max(1, Math.ceil(sizeBytes / rest.pieces!)) : null,
  });
  const built = ALGORITHMS[algorithm](workload, clusterOf(nodes, gpusPerNode, rest.isRailOptimized));
  return { built, workload, task: { collective, ranks, root, sizes } };
}

function matrixOf(draws: readonly number[], ranks: number): SizeMatrix {
  const bytes = Float64Array.from({ length: ranks ** 2 }, (_, i) => (i % (ranks + 1) === 0 ? 0 : draws[i]!));
  return { ranks, bytes };
}
