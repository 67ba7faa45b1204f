import { describe, expect, test } from "vitest";
import { planTiming } from "../../src/engine/core/timing.js";
import { estimateMemory } from "../../src/engine/estimate/index.js";
import { mostChunks } from "../../src/engine/estimate/most-chunks.js";
import { CoreRun } from "../../src/engine/run/run.js";
import { resolvePlan } from "../../src/resolve/resolve.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";

const CHUNK_BYTES = 256;
const topology = { kind: "fat-tree", gpus: 64, gpusPerNode: 8, radix: 16, tiers: 2, scaleUp: false };
const flows = (pattern: string, size: string) => ({ kind: "flows", pattern, size });
const SELECTIVE = { kind: "roce", recovery: "selective", window: "256KiB", reorder: 1024 };

const SCENARIOS: readonly [string, object][] = [
  ["ring", { workload: { kind: "collective", size: "4MiB" } }],
  ["tree", { workload: { kind: "collective", algorithm: "double-binary-tree", size: "1MiB" } }],
  ["incast under pauses", { workload: flows("incast", "1MiB"), transport: { kind: "roce", window: "128KiB" } }],
  [
    "permutation, adaptive",
    { workload: flows("permutation", "2MiB"), routing: { policy: "adaptive" }, transport: SELECTIVE },
  ],
  ["all-to-all of small messages", { workload: flows("all-to-all", "16KiB") }],
  ["incast on credit", { workload: flows("incast", "256KiB"), flowControl: { kind: "credit" } }],
  [
    "permutation, NSCC",
    { workload: flows("permutation", "1MiB"), transport: { ...SELECTIVE, congestionControl: { kind: "nscc" } } },
  ],
];

const planOf = (scenario: object) =>
  resolvePlan(parseScenario({ version: 1, seed: 1, topology, ...scenario }).scenario);

describe("a bound on packets under way", () => {
  test.each(SCENARIOS)("%s: holds in the run", async (_, scenario) => {
    const { plan } = planOf(scenario);
    const run = await CoreRun.start(plan, { fastForward: false });
    while (run.advance(1e6));
    const { packetPoolBytes } = run.figures();
    await run.close();
    expect(packetPoolBytes).toBeGreaterThan(0);
    expect(packetPoolBytes / CHUNK_BYTES).toBeLessThanOrEqual(mostChunks(plan, planTiming(plan)));
  });

  test("makes the estimate of a small run one segment of the pool, without following its packets", () => {
    const { plan } = planOf({ workload: { kind: "collective", size: "4MiB" } });
    const { packetBytes } = estimateMemory(plan);
    expect(packetBytes).toBe(4 * 2 ** 20);
  });
});
