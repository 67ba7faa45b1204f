import { describe, expect, it } from "vitest";
import { buildFlows } from "../../src/build/collective/index.js";
import { buildFabric } from "../../src/build/topology/index.js";
import type { FlowGraph } from "../../src/plan/flows.js";
import { closScenario } from "../topology/scenarios.js";

const GPUS = 32_768;

function graphOf(algorithm: string, gpusPerNode: number, size: string, collective = "all-reduce"): FlowGraph {
  const kind = gpusPerNode > 1 ? "rail-optimized" : "fat-tree";
  const workload = { kind: "collective", collective, algorithm, size };
  const scenario = closScenario({ kind, gpus: GPUS, gpusPerNode, radix: 64, tiers: 3 }, { workload });
  const fabric = buildFabric(scenario);
  const before = process.cpuUsage();
  const { flows } = buildFlows(scenario, fabric);
  const { user, system } = process.cpuUsage(before);
  // About half a second at most; the rest is for busy machines and the garbage collector's threads.
  expect((user + system) / 1e6).toBeLessThan(4);
  return flows;
}

function bytesOf({ count, addresses: _, ...arrays }: FlowGraph): number {
  return Object.values(arrays).reduce((sum, { byteLength }) => sum + byteLength, 0) / count;
}

describe(`over ${GPUS} GPUs`, () => {
  it("a ring is a flow per rank and channel", () => {
    for (const gpusPerNode of [1, 8]) {
      const flows = graphOf("ring", gpusPerNode, "1GiB");
      expect([flows.count, flows.upFlow.length]).toEqual([GPUS * gpusPerNode, GPUS * gpusPerNode]);
      expect(flows.chunks[0]).toBe(2 * (GPUS - 1));
      expect(bytesOf(flows)).toBeLessThan(50);
    }
  });

  it("a hierarchical ring is three", () => {
    const flows = graphOf("hierarchical-ring", 8, "1GiB");
    expect([flows.count, flows.upFlow.length]).toEqual([3 * GPUS, 5 * GPUS]);
    expect(bytesOf(flows)).toBeLessThan(50);
  });

  it("an algorithm of log2 N rounds is a flow per rank and round, which waits for all before it", () => {
    for (const [collective, algorithm, rounds] of [
      ["all-to-all", "bruck", 15],
      ["all-reduce", "halving-doubling", 30],
    ] as const) {
      const flows = graphOf(algorithm, 1, "1GiB", collective);
      expect([flows.count, flows.upFlow.length]).toEqual([rounds * GPUS, ((rounds * (rounds - 1)) / 2) * GPUS]);
      expect(bytesOf(flows)).toBeLessThan(52 + 8 * ((rounds - 1) / 2));
    }
  });

  it("a hierarchical tree is four per rank between nodes, and more inside", () => {
    const flows = graphOf("hierarchical-tree", 8, "1GiB");
    expect(flows.count).toBe(4 * GPUS * 7 + 4 * (GPUS - 8));
    expect(bytesOf(flows)).toBeLessThan(60);
  });

  it("a double binary tree is four per rank and channel, however many chunks there are", () => {
    for (const [gpusPerNode, size] of [
      [1, "1MiB"],
      [1, "64GiB"],
      [8, "1GiB"],
    ] as const) {
      const flows = graphOf("double-binary-tree", gpusPerNode, size);
      expect(flows.count).toBe(4 * (GPUS - 1) * gpusPerNode);
      expect(bytesOf(flows)).toBeLessThan(50);
    }
  });
});
