import { describe, expect, it } from "vitest";
import { countLevels, countTopology } from "../../src/build/topology/counts.js";
import { buildFabric } from "../../src/build/topology/index.js";
import { closScenario, scenarioOf } from "./scenarios.js";

const OPTICAL = { links: { access: { optic: "dr4" } } };

describe("full fabrics at 1:1 have the counts of the textbook", () => {
  it.each([
    ["leaf-spine", 8, 32],
    ["leaf-spine", 64, 2048],
    ["fat-tree", 64, 1024],
    ["rail-optimized", 64, 2048],
  ] as const)("%s, radix %d, %d GPUs: 3N/k switches, 2N links, 4N transceivers", (kind, radix, gpus) => {
    const scenario = closScenario(
      { kind, radix, gpus, tiers: 2, gpusPerNode: kind === "rail-optimized" ? 8 : 1 },
      OPTICAL,
    );
    const { switches, links, transceivers } = countTopology(scenario, buildFabric(scenario));
    expect({ switches, links, transceivers }).toEqual({
      switches: (3 * gpus) / radix,
      links: 2 * gpus,
      transceivers: 4 * gpus,
    });
  });

  it.each([
    ["fat-tree", 4, 16],
    ["fat-tree", 8, 128],
    ["fat-tree", 64, 8192],
    ["fat-tree", 64, 32768],
    ["rail-optimized", 64, 32768],
    ["rail-optimized", 16, 1024],
  ] as const)("%s, radix %d, %d GPUs in three tiers: 5N/k, 3N, 6N", (kind, radix, gpus) => {
    const gpusPerNode = kind === "rail-optimized" ? 8 : 1;
    const scenario = closScenario({ kind, radix, gpus, gpusPerNode, tiers: 3 }, OPTICAL);
    const { switches, links, transceivers } = countTopology(scenario, buildFabric(scenario));
    expect({ switches, links, transceivers }).toEqual({
      switches: (5 * gpus) / radix,
      links: 3 * gpus,
      transceivers: 6 * gpus,
    });
  });

  it("32,768 GPUs: 2,560 switches, 98,304 links, 196,608 transceivers", () => {
    const scenario = closScenario(
      { kind: "rail-optimized", radix: 64, gpus: 32768, gpusPerNode: 8, tiers: 3 },
      OPTICAL,
    );
    expect(countTopology(scenario, buildFabric(scenario))).toEqual({
      kind: "rail-optimized",
      gpus: 32768,
      nodes: 4096,
      switches: 2560,
      nvSwitches: 4096,
      links: 98304,
      scaleUpLinks: 32768,
      transceivers: 196608,
    });
  });
});

it("copper has no transceivers, oversubscription saves uplinks", () => {
  const scenario = closScenario({ kind: "leaf-spine", radix: 64, gpus: 48 * 64, oversubscription: 3 });
  const { switches, links } = countLevels(scenario, buildFabric(scenario));
  expect(Object.fromEntries(switches)).toEqual({ leaf: 64, spine: 16 });
  expect(links.get("access")).toEqual({ links: 3072, transceivers: 0 });
  expect(links.get("fabric")).toEqual({ links: 1024, transceivers: 2048 });
});

it("a port of twice the rate takes the place of two", () => {
  const links = { access: { rate: "400Gbps" }, fabric: { rate: "800Gbps" }, core: { rate: "800Gbps" } };
  const two = closScenario({ kind: "leaf-spine", radix: 64, gpus: 1024 }, { links });
  const twoFabric = buildFabric(two);
  expect(Object.fromEntries(countLevels(two, twoFabric).switches)).toEqual({ leaf: 32, spine: 16 });
  expect(countTopology(two, twoFabric).links).toBe(1024 + 512);
  const three = closScenario({ kind: "fat-tree", radix: 64, gpus: 16384, tiers: 3 }, { links });
  const fabric = buildFabric(three);
  expect(Object.fromEntries(countLevels(three, fabric).switches)).toEqual({ leaf: 512, aggregation: 512, core: 256 });
  const leaf = fabric.switches.find(({ level }) => level === "leaf")!;
  expect(fabric.firstPort[leaf.device + 1]! - fabric.firstPort[leaf.device]!).toBe(32 + 16);
});

it("no more switches than needed: one leaf, one pod", () => {
  const levels = (gpus: number, tiers: 2 | 3) => {
    const scenario = closScenario({ kind: "fat-tree", radix: 8, gpus, tiers });
    return Object.fromEntries(countLevels(scenario, buildFabric(scenario)).switches);
  };
  expect(levels(4, 3)).toEqual({ leaf: 1 });
  expect(levels(16, 3)).toEqual({ leaf: 4, aggregation: 2 });
  expect(levels(16, 2)).toEqual({ leaf: 4, spine: 2 });
  expect(levels(20, 3)).toEqual({ leaf: 5, aggregation: 8, core: 4 });
});

it("counts a custom fabric by its links", () => {
  const scenario = scenarioOf({
    topology: {
      kind: "custom",
      hosts: ["a", "b"],
      switches: ["s", "t"],
      links: [
        { a: "a", b: "s" },
        { a: "b", b: "t" },
        { a: "s", b: "t", count: 3 },
      ],
    },
  });
  const counts = countTopology(scenario, buildFabric(scenario));
  expect(counts).toMatchObject({ kind: "custom", gpus: 2, nodes: 2, switches: 2, links: 5, transceivers: 6 });
});
