import fc from "fast-check";
import { expect, test } from "vitest";
import { simulate } from "../../src/api/simulate.js";

const shape = fc.oneof(
  fc.record({ algorithm: fc.constant("nvls"), nodes: fc.constant(1), gpusPerNode: fc.integer({ min: 2, max: 8 }) }),
  fc.record({
    algorithm: fc.constantFrom("nvls-tree", "sharp"),
    nodes: fc.integer({ min: 2, max: 6 }),
    gpusPerNode: fc.constantFrom(2, 4),
  }),
  fc.record({ algorithm: fc.constant("sharp"), nodes: fc.integer({ min: 2, max: 20 }), gpusPerNode: fc.constant(1) }),
);

const scenarios = fc
  .record({
    shape,
    kind: fc.constantFrom("leaf-spine", "fat-tree", "rail-optimized"),
    flowControl: fc.constantFrom("pfc", "credit"),
    congestionControl: fc.constantFrom("none", "none", "dcqcn", "swift"),
    size: fc.integer({ min: 1, max: 1_000_000 }),
    reduction: fc.record(
      {
        packets: fc.constantFrom(1000, 40),
        scaleUpPackets: fc.constantFrom(1000, 100),
        latency: fc.constantFrom("0ns", "500ns"),
        scaleUpLatency: fc.constantFrom("0ns", "50ns"),
      },
      { requiredKeys: [] },
    ),
    background: fc.boolean(),
    oversubscription: fc.constantFrom(1, 1, 2),
  })
  .filter(({ kind, shape }) => kind !== "rail-optimized" || shape.gpusPerNode > 1)
  .map(({ shape, kind, flowControl, congestionControl, size, reduction, background, oversubscription }) => ({
    version: 1 as const,
    topology: {
      kind,
      gpus: shape.nodes * shape.gpusPerNode,
      gpusPerNode: shape.gpusPerNode,
      radix: 16,
      oversubscription,
    },
    flowControl: { kind: flowControl },
    transport: { congestionControl: { kind: congestionControl } },
    reduction,
    workload: {
      kind: "collective" as const,
      algorithm: shape.algorithm,
      size: `${size}B`,
      ...(background ? { background: { pattern: "ring", size: "20KiB" } } : {}),
    },
  }));

test("no run that reduces in switches beats the bound, whatever else is on the fabric", async () => {
  await fc.assert(
    fc.asyncProperty(scenarios, async (scenario) => {
      const result = await simulate(scenario);
      expect(result.status).toBe("finished");
      expect(result.idealJctNs).toBeGreaterThan(0);
      expect(result.idealJctNs).toBeLessThanOrEqual(result.jctNs!);
      for (const { shareOfJct } of result.explanation) expect(shareOfJct).toBeGreaterThanOrEqual(0);
      expect(result.explanation.reduce((sum, { shareOfJct }) => sum + shareOfJct, 0)).toBeCloseTo(1, 9);
    }),
    { numRuns: Number(process.env.HEDDLE_RUNS ?? 40) },
  );
}, 120_000);
