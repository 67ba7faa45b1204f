import { expect, it } from "vitest";
import { countLevels, countTopology } from "../../src/build/topology/counts.js";
import { buildFabric } from "../../src/build/topology/index.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { CLUSTER_PRESETS } from "../../src/scenario/presets/clusters/index.js";

/** Switches and links by level, as published or as the formulas of a Clos have them. */
const COUNTS: Readonly<Record<string, { gpus: number; switches: object; links: object }>> = {
  "dgx-h100-superpod": {
    gpus: 1024,
    switches: { leaf: 32, spine: 16, nvswitch: 512 },
    links: { access: 1024, fabric: 1024, scaleUp: 4096 },
  },
  // 32 links up from each leaf: three to a spine of 64 ports, for there are 18 leaves.
  "gb200-nvl72": {
    gpus: 576,
    switches: { leaf: 18, spine: 11, nvswitch: 144 },
    links: { access: 576, fabric: 576, scaleUp: 10_368 },
  },
  // 1,536 racks; 192 links up from the leaves of a pod to each of its 16 switches, 28 on from there.
  "meta-24k-roce": {
    gpus: 24_576,
    switches: { leaf: 1536, aggregation: 128, core: 16, nvswitch: 3072 },
    links: { access: 24_576, fabric: 24_576, core: 3584, scaleUp: 24_576 },
  },
  // 16 leaves in each of 15 segments; 60 links of 400G up from each.
  "alibaba-hpn-7": {
    gpus: 15_360,
    switches: { leaf: 240, spine: 120, nvswitch: 1920 },
    links: { access: 30_720, fabric: 14_400, scaleUp: 15_360 },
  },
  megascale: {
    gpus: 12_288,
    switches: { leaf: 192, aggregation: 192, core: 128, nvswitch: 1536 },
    links: { access: 12_288, fabric: 6144, core: 6144, scaleUp: 12_288 },
  },
  // 49 pods of 32 leaves; a core switch of 64 ports has one to each.
  "spectrum-x-100k": {
    gpus: 100_000,
    switches: { leaf: 1568, aggregation: 1568, core: 1024, nvswitch: 12_500 },
    links: { access: 100_000, fabric: 50_176, core: 50_176, scaleUp: 100_000 },
  },
  "rail-only-32k": {
    gpus: 32_768,
    switches: { leaf: 512, spine: 256, nvswitch: 4096 },
    links: { access: 32_768, fabric: 32_768, scaleUp: 32_768 },
  },
  "dragonfly-32k": {
    gpus: 32_768,
    switches: { router: 2048, nvswitch: 4096 },
    links: { access: 32_768, local: 31_744, global: 16_384, scaleUp: 32_768 },
  },
};

it.each(CLUSTER_PRESETS.map((preset) => [preset.name, preset] as const))(
  "%s has the counts that are published, or that follow from even wiring",
  (name, preset) => {
    const { scenario, warnings } = parseScenario({
      version: 1,
      name,
      preset: name,
      workload: { kind: "flows", flows: [{ src: 0, dst: 1, size: "4KiB" }] },
    });
    expect(warnings).toEqual([]);
    expect(preset.source).toMatch(/\d{4}/);
    const fabric = buildFabric(scenario);
    const { switches, links } = countLevels(scenario, fabric);
    const linked = [...links].flatMap(([level, { links: count }]) => (count === 0 ? [] : [[level, count]]));
    expect({
      gpus: countTopology(scenario, fabric).gpus,
      switches: Object.fromEntries(switches),
      links: Object.fromEntries(linked),
    }).toEqual(COUNTS[name]);
  },
);

it("takes a smaller cluster of the same kind", () => {
  const { scenario } = parseScenario({
    version: 1,
    preset: "alibaba-hpn-7",
    topology: { gpus: 2048 },
    workload: { kind: "collective", size: "1MiB" },
  });
  const counts = Object.fromEntries(countLevels(scenario, buildFabric(scenario)).switches);
  expect(counts).toEqual({ leaf: 32, spine: 16, nvswitch: 256 });
});

it.each([
  [{ kind: "fat-tree", gpus: 64, tiers: 2, coreOversubscription: 7 }, "pods are of fabrics of 3 tiers"],
  [{ kind: "fat-tree", gpus: 64, tiers: 2, leavesPerPod: 2 }, "pods are of fabrics of 3 tiers"],
  [{ kind: "leaf-spine", gpus: 1024, gpusPerLeaf: 8 }, "1024 GPUs need 128 leaves of 8"],
])("refuses %o", (topology, message) => {
  const workload = { kind: "collective", size: "1MiB" };
  expect(() => parseScenario({ version: 1, topology, workload })).toThrow(message);
});

it("a fabric of 7:1 between pods has a seventh of the links there", () => {
  const scenarioFor = (coreOversubscription: number) =>
    parseScenario({
      version: 1,
      topology: {
        kind: "fat-tree",
        gpus: 4096,
        gpusPerNode: 8,
        radix: 64,
        tiers: 3,
        leavesPerPod: 28,
        coreOversubscription,
      },
      workload: { kind: "collective", size: "1MiB" },
    }).scenario;
  const links = (over: number) => {
    const scenario = scenarioFor(over);
    return countLevels(scenario, buildFabric(scenario)).links.get("core")!.links;
  };
  expect(links(7) * 7).toBe(links(1));
});
