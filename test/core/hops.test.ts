import { expect, test } from "vitest";
import { estimateRun } from "../../src/api/estimate.js";
import { simulate } from "../../src/api/simulate.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";

const leafSpine = { kind: "leaf-spine", gpus: 64, gpusPerNode: 8, radix: 32 };
const allReduce = (algorithm: string) => ({ kind: "collective", algorithm, size: "4MiB" });

/**
 * Nothing is lost and nothing is repeated: every packet crosses the links of its flow's way, every
 * acknowledgement those of the way back.
 */
test.each([
  ["ring", { topology: leafSpine, workload: allReduce("ring") }],
  ["tree", { topology: leafSpine, workload: allReduce("double-binary-tree") }],
  [
    "hierarchical ring",
    { topology: { ...leafSpine, kind: "rail-optimized" }, workload: allReduce("hierarchical-ring") },
  ],
  ["fewer acknowledgements", { topology: leafSpine, workload: allReduce("ring"), transport: { ackEvery: 8 } }],
  [
    "flows",
    { topology: { ...leafSpine, kind: "fat-tree" }, workload: { kind: "flows", pattern: "permutation", size: "1MiB" } },
  ],
])("packet-hops of %s are known before", async (_, scenario) => {
  const { scenario: parsed } = parseScenario({ version: 1, ...scenario });
  expect(estimateRun(parsed).packetHops).toBe((await simulate(parsed)).packets.hops);
});
