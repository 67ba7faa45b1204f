import fc from "fast-check";
import { expect, test } from "vitest";
import { simulate } from "../../src/simulate.js";

const clos = fc.record({
  kind: fc.constantFrom("leaf-spine", "fat-tree", "rail-optimized"),
  nodes: fc.integer({ min: 2, max: 8 }),
  gpusPerNode: fc.constantFrom(1, 2, 4),
  radix: fc.constantFrom(8, 16, 32),
  oversubscription: fc.constantFrom(1, 1, 2),
});

const scenarios = fc
  .record({
    clos,
    seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    algorithm: fc.constantFrom("ring", "double-binary-tree", "hierarchical-ring"),
    policy: fc.constantFrom("ecmp", "ecmp-qp", "spray", "round-robin", "adaptive", "pinned"),
    lossy: fc.boolean(),
    qpsPerConnection: fc.constantFrom(1, 2),
    size: fc.oneof(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 100_000, max: 2_000_000 })),
  })
  .filter(({ clos: { kind, gpusPerNode }, algorithm }) => {
    return gpusPerNode > 1 || (kind !== "rail-optimized" && algorithm !== "hierarchical-ring");
  })
  .map(({ clos: { kind, nodes, gpusPerNode, radix, oversubscription }, seed, algorithm, policy, size, ...rest }) => {
    const reorders = policy === "spray" || policy === "round-robin" || policy === "adaptive";
    return {
      version: 1,
      seed,
      preset: rest.lossy ? ["lossy"] : [],
      topology: { kind, gpus: nodes * gpusPerNode, gpusPerNode, radix, oversubscription },
      routing: { policy },
      transport: {
        kind: "roce",
        qpsPerConnection: rest.qpsPerConnection,
        ...(reorders ? { recovery: "selective" } : {}),
      },
      workload: { kind: "collective", algorithm, size: `${size}B` },
    };
  });

test("no run beats the bound, and the explanation accounts for all of its time", async () => {
  await fc.assert(
    fc.asyncProperty(scenarios, async (scenario) => {
      const result = await simulate(scenario);
      expect(result.status).toBe("finished");
      expect(result.idealJctNs).toBeGreaterThan(0);
      expect(result.idealJctNs).toBeLessThanOrEqual(result.jctNs!);
      expect(result.efficiency).toBeGreaterThan(0);
      expect(result.efficiency).toBeLessThanOrEqual(1);
      for (const { shareOfJct } of result.explanation) expect(shareOfJct).toBeGreaterThanOrEqual(0);
      expect(result.explanation.reduce((sum, { shareOfJct }) => sum + shareOfJct, 0)).toBeCloseTo(1, 9);
    }),
    { numRuns: 60, seed: 1 },
  );
});
