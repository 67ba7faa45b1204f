import { expect, test } from "vitest";
import { resolvePlan } from "../../src/resolve/resolve.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { runOracle } from "../oracle/run.js";
import { expectSameOutcome } from "../support/compare.js";
import { runCore } from "../support/run-core.js";

const MODEL = { layers: 4, hidden: 64, heads: 4, vocabulary: 128 };

test.each([
  ["pipeline and tensors", { parallel: { tp: 2, pp: 2 }, jitter: 0.1 }],
  ["interleaved", { parallel: { pp: 2, virtualStages: 2 }, recompute: "full" }],
  ["ZeRO 3", { parallel: { zero: 3 } }],
  ["tensors beside products", { parallel: { tp: 2, cp: 2 }, overlap: { tp: true } }],
  ["experts", { model: { ...MODEL, experts: 4 }, parallel: { ep: 2, tp: 2 } }],
])("core and oracle agree on %s", async (_, workload) => {
  const { scenario } = parseScenario({
    topology: { kind: "rail-optimized", gpus: 8, gpusPerNode: 4, radix: 64, tiers: 2 },
    workload: { kind: "training-step", model: MODEL, sequence: 32, batch: { global: 16 }, ...workload },
  });
  const { plan } = resolvePlan(scenario);
  const outcome = await runCore(plan);
  expect(outcome.status).toBe("finished");
  expectSameOutcome(outcome, runOracle(plan));
});
