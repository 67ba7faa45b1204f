import { expect, it } from "vitest";
import { FabricBuilder } from "../../src/build/topology/builder.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";

const scenario = (gpus: number) => ({
  topology: { kind: "fat-tree", gpus, gpusPerNode: 8, radix: 1024, tiers: 3 },
  workload: { kind: "collective", size: "1MiB" },
});

it("a scenario has at most 2^19 GPUs, as many as a packet has addresses for", () => {
  expect(() => parseScenario(scenario(2 ** 19))).not.toThrow();
  expect(() => parseScenario(scenario(2 ** 19 + 8))).toThrow(
    "topology.gpus: 524296 is not allowed; write one from 1 to 524288",
  );
});

it("an address beyond is refused where free places under leaves take them up", () => {
  const builder = new FabricBuilder();
  builder.addNic({ port: 0, rank: 0, address: 2 ** 19 - 1, isScaleUp: false });
  expect(() => builder.addNic({ port: 1, rank: 1, address: 2 ** 19, isScaleUp: false })).toThrow(
    "the fabric needs more than 524288 addresses, one for each place under a leaf; write fewer gpus",
  );
});
