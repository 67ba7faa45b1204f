import { describe, expect, it } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { buildFabric } from "../../src/build/topology/index.js";
import { closScenario, type WrittenClos } from "./scenarios.js";

const LEAF_SPINE: WrittenClos = { kind: "leaf-spine", radix: 16, gpus: 32 };

/** Links from the first leaf to each spine. */
function widths(topology: WrittenClos): number[] {
  const { switches } = buildFabric(closScenario(topology));
  return switches.flatMap(({ level, routing }) =>
    level === "spine" && routing.kind === "range" ? [routing.downWidth] : [],
  );
}

describe("a stated number of spines", () => {
  it("spreads the uplinks of each leaf over so many, as evenly as they divide", () => {
    expect(widths(LEAF_SPINE)).toEqual([4, 4]);
    expect(widths({ ...LEAF_SPINE, spines: 4 })).toEqual([2, 2, 2, 2]);
    expect(widths({ ...LEAF_SPINE, spines: 8 })).toEqual(new Array(8).fill(1));
    expect(widths({ ...LEAF_SPINE, spines: 3 })).toEqual([3, 3, 2]);
    expect(widths({ ...LEAF_SPINE, kind: "rail-optimized", gpusPerNode: 4, spines: 8 })).toEqual(new Array(8).fill(1));
  });

  it("is refused where leaves have fewer uplinks, or spines too few ports", () => {
    const refused = (topology: WrittenClos) => expect(() => buildFabric(closScenario(topology)));
    refused({ ...LEAF_SPINE, spines: 9 }).toThrow("a leaf has 8 uplinks at 1:1, too few for one to each of 9 spines");
    refused({ ...LEAF_SPINE, oversubscription: 3, spines: 5 }).toThrow("a leaf has 4 uplinks at 3:1");
    refused({ ...LEAF_SPINE, spines: 1 }).toThrow("4 leaves of 8 uplinks need 2 spines of radix 16, not 1");
    refused({ ...LEAF_SPINE, gpus: 8, spines: 2 }).toThrow("8 GPUs fit under one leaf of radix 16");
  });

  it("is refused, with its place, where there are no spines", () => {
    const rails: WrittenClos = { kind: "rail-optimized", radix: 16, gpus: 32, gpusPerNode: 4, tiers: 3, spines: 4 };
    expect(() => closScenario(rails)).toThrow(/topology\.spines.*3 tiers has aggregation and core switches/s);
    expect(() => closScenario({ kind: "fat-tree", radix: 16, gpus: 32, spines: 4 })).toThrow(/spines/);
  });

  it("changes the ways of hashed flows, and nothing for pinned ones", async () => {
    const jctOf = async (policy: string, spines?: number) => {
      const topology = { ...LEAF_SPINE, gpus: 32, gpusPerNode: 1, ...(spines && { spines }) };
      const workload = { kind: "flows", pattern: "shift", by: 8, size: "64KiB" };
      const { jctNs } = await simulate({ version: 1, topology, routing: { policy }, workload });
      return jctNs;
    };
    expect(await jctOf("pinned", 8)).toBe(await jctOf("pinned"));
    expect(await jctOf("ecmp", 8)).not.toBe(await jctOf("ecmp"));
  });
});
