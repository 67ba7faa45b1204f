import fc from "fast-check";
import { expect, test } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { ALGORITHM_ROWS, type AlgorithmName, COLLECTIVES, type CollectiveName } from "../../src/plan/collectives.js";
import { PAIRS } from "../collective/drawn.js";

const matrix = fc.array(fc.oneof(fc.constant(0), fc.nat(200_000)), { minLength: 256, maxLength: 256 });

const drawn = fc.record({
  pair: fc.constantFrom(...PAIRS),
  kind: fc.constantFrom("leaf-spine", "fat-tree", "rail-optimized"),
  nodes: fc.integer({ min: 1, max: 4 }),
  gpusPerNode: fc.constantFrom(1, 2, 4),
  radix: fc.constantFrom(8, 16),
  oversubscription: fc.constantFrom(1, 2),
  policy: fc.constantFrom("ecmp", "spray", "adaptive"),
  size: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1000, max: 1_000_000 })),
  chunks: fc.constantFrom(0, 1, 3),
  repeat: fc.constantFrom(1, 1, 2),
  root: fc.nat(),
  matrix: fc.option(matrix),
  reductionDelay: fc.constantFrom("0ns", "300ns"),
});

type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

/** A scenario of what was drawn; null for what is refused. */
function scenarioOf(sample: Drawn): Record<string, unknown> | null {
  const { pair, kind, nodes, gpusPerNode, radix, oversubscription, policy, size, chunks, repeat, ...rest } = sample;
  const [collective, algorithm]: [CollectiveName, AlgorithmName] = pair;
  const { takesRoot, takesSizes, hasSize } = COLLECTIVES[collective];
  const { takesChunk, needsScaleUp } = ALGORITHM_ROWS[algorithm];
  const gpus = nodes * gpusPerNode;
  if (gpusPerNode === 1 && (kind === "rail-optimized" || needsScaleUp)) return null;
  const rows = Array.from({ length: gpus }, (_, src) => rest.matrix?.slice(src * gpus, (src + 1) * gpus).join(","));
  const isMatrix = takesSizes && rest.matrix !== null && gpus > 1;
  return {
    version: 1,
    topology: { kind, gpus, gpusPerNode, radix, oversubscription },
    routing: { policy },
    transport: { recovery: "selective" },
    workload: {
      ...{ kind: "collective", collective, algorithm, repeat, reductionDelay: rest.reductionDelay },
      ...(hasSize && (isMatrix ? { sizes: rows.join("\n") } : { size: `${size}B` })),
      ...(takesRoot && { root: rest.root % gpus }),
      ...(takesChunk && hasSize && chunks > 0 && { chunk: `${Math.ceil(size / chunks)}B` }),
    },
  };
}

test("no run of any collective beats its bound, and every run ends", async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(drawn, async (sample) => {
      const scenario = scenarioOf(sample);
      if (scenario === null) return;
      let result: Awaited<ReturnType<typeof simulate>>;
      try {
        result = await simulate(scenario as unknown as Parameters<typeof simulate>[0]);
      } catch (cause) {
        // A matrix in which no rank has anything for another.
        expect(String(cause)).toContain("no rank has anything for another");
        return;
      }
      runs += 1;
      expect(result.status).toBe("finished");
      expect(result.idealJctNs).toBeLessThanOrEqual(result.jctNs!);
      if (result.jctNs! > 0) {
        expect(result.explanation.reduce((sum, { shareOfJct }) => sum + shareOfJct, 0)).toBeCloseTo(1, 9);
        for (const { shareOfJct } of result.explanation) expect(shareOfJct).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: Number(process.env.HEDDLE_RUNS ?? 120) },
  );
  expect(runs).toBeGreaterThan(20);
});
