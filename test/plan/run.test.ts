import { describe, expect, it } from "vitest";
import { resolvePlan } from "../../src/resolve/resolve.js";
import { runOracle } from "../oracle/run.js";
import { expectSameOutcome } from "../support/compare.js";
import { runCore } from "../support/run-core.js";
import { closScenario } from "../topology/scenarios.js";

const TOPOLOGIES = [
  { kind: "leaf-spine", gpus: 16, radix: 8, gpusPerNode: 2 },
  { kind: "fat-tree", gpus: 24, radix: 4 * 2, gpusPerNode: 4, tiers: 3 },
  { kind: "rail-optimized", gpus: 20, radix: 8, gpusPerNode: 4, tiers: 3 },
] as const;

describe("resolved plans run", () => {
  const workloads = ["ring", "double-binary-tree", "hierarchical-ring"].map((algorithm) => ({
    kind: "collective",
    algorithm,
    size: "200KB",
  }));
  for (const topology of TOPOLOGIES) {
    for (const workload of [...workloads, { kind: "flows", pattern: "permutation", size: "100KB" }]) {
      const what = "algorithm" in workload ? workload.algorithm : "permutation";
      it(`${topology.kind}, ${what}: to the end, and alike in the core and the oracle`, async () => {
        const scenario = closScenario(topology, {
          workload,
          transport: { qpsPerConnection: 2 },
          faults: [
            {
              kind: "degraded-link",
              from: "gpu-3",
              to: topology.kind === "rail-optimized" ? "leaf-3" : "leaf-0",
              ber: 5e-4,
            },
          ],
        });
        const { plan } = resolvePlan(scenario);
        const outcome = await runCore(plan);
        expect(outcome.status).toBe("finished");
        expect(outcome.totals.droppedCongestion).toBe(0);
        expectSameOutcome(outcome, runOracle(plan));
      });
    }
  }
});
