import fc from "fast-check";
import { expect, test } from "vitest";
import { simulate } from "../../src/api/simulate.js";

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

const medium = fc.record({
  rate: fc.constantFrom("10Gbps", "100Gbps", "400Gbps", "1600Gbps"),
  length: fc.constantFrom("1m", "100m"),
});

/** Any connected graph of switches, parallel links included, with hosts anywhere. */
const listed = fc
  .record({
    parents: fc.array(fc.tuple(fc.nat(), medium), { maxLength: 6 }),
    extra: fc.array(fc.tuple(fc.nat(), fc.nat(), medium), { maxLength: 5 }),
    homes: fc.array(fc.tuple(fc.nat(), medium), { minLength: 2, maxLength: 8 }),
  })
  .map(({ parents, extra, homes }) => {
    const switches = Array.from({ length: parents.length + 1 }, (_, i) => `s${i}`);
    const at = (raw: number) => switches[raw % switches.length]!;
    const hosts = homes.map((_, i) => `h${i}`);
    return {
      kind: "custom",
      hosts,
      switches,
      links: [
        ...parents.map(([raw, kind], i) => ({ a: `s${raw % (i + 1)}`, b: `s${i + 1}`, ...kind })),
        ...extra.map(([a, b, kind]) => ({ a: at(a), b: at(b), ...kind })).filter(({ a, b }) => a !== b),
        ...homes.map(([raw, kind], i) => ({ a: hosts[i]!, b: at(raw), ...kind })),
      ],
    };
  });

const workload = fc.oneof(
  fc.record({
    kind: fc.constant("collective"),
    algorithm: fc.constantFrom("ring", "double-binary-tree", "sharp"),
    size: fc.constantFrom("10KB", "300KB", "1MB"),
  }),
  fc.record({
    kind: fc.constant("flows"),
    pattern: fc.constantFrom("permutation", "all-to-all", "ring"),
    size: fc.constantFrom("1KB", "100KB"),
  }),
);

test("no run on a listed fabric beats the bound of its cuts", async () => {
  const policy = fc.constantFrom("ecmp", "pinned", "round-robin", "adaptive");
  await fc.assert(
    fc.asyncProperty(listed, workload, policy, fc.boolean(), async (topology, workload, policy, oneWay) => {
      const trunk = topology.links.find(({ a }) => a.startsWith("s"));
      const result = await simulate({
        version: 1,
        topology,
        switch: { buffer: "1GiB" },
        routing: { policy },
        transport: { recovery: "selective", rto: "1s" },
        workload,
        faults:
          oneWay && trunk !== undefined
            ? [{ kind: "degraded-link", from: trunk.a, to: trunk.b, direction: "forward", rate: "10Gbps" }]
            : [],
      });
      expect(result.status).toBe("finished");
      expect(result.idealJctNs).toBeGreaterThan(0);
      expect(result.idealJctNs).toBeLessThanOrEqual(result.jctNs!);
    }),
    { numRuns: Number(process.env.HEDDLE_RUNS ?? 60) },
  );
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
