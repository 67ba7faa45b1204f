import { describe, expect, it } from "vitest";
import { buildFabric } from "../../src/build/topology/index.js";
import { type Fabric, pinnedPlace, type RangeRouting } from "../../src/plan/fabric.js";
import { PlanError } from "../../src/plan/plan-error.js";
import type { ClosTopology, Scenario } from "../../src/scenario/types/scenario.js";
import { closScenario } from "./scenarios.js";
import { Walker } from "./walk.js";

function namesInOrder(fabric: Fabric): string[] {
  return Array.from({ length: fabric.deviceCount }, (_, device) => fabric.deviceName(device));
}

function routingOf(fabric: Fabric, name: string): RangeRouting {
  const { routing } = fabric.switches.find((sw) => sw.name === name)!;
  if (routing.kind !== "range") throw new Error("not by range");
  return routing;
}

describe("order of devices", () => {
  it("is pod by pod, then the cores", () => {
    const scenario = closScenario({ kind: "fat-tree", radix: 4, gpus: 16, gpusPerNode: 2, tiers: 3 });
    const pod = (p: number) => [
      ...[0, 1].map((i) => `node-${2 * p + i}`),
      ...[0, 1].map((i) => `nvswitch-${2 * p + i}`),
      ...[0, 1].map((i) => `leaf-${2 * p + i}`),
      ...[0, 1].map((i) => `agg-${2 * p + i}`),
    ];
    const cores = [0, 1, 2, 3].map((core) => `core-${core}`);
    expect(namesInOrder(buildFabric(scenario))).toEqual([...[0, 1, 2, 3].flatMap(pod), ...cores]);
  });

  it("is leaf by leaf in two tiers, unit by unit with rails", () => {
    const leaves = buildFabric(closScenario({ kind: "leaf-spine", radix: 4, gpus: 4 }));
    expect(namesInOrder(leaves)).toEqual(["node-0", "node-1", "leaf-0", "node-2", "node-3", "leaf-1", "spine-0"]);
    const rails = buildFabric(closScenario({ kind: "rail-optimized", radix: 4, gpus: 6, gpusPerNode: 2 }));
    expect(namesInOrder(rails).filter((name) => !name.startsWith("nv"))).toEqual([
      ...["node-0", "node-1", "leaf-0", "leaf-1", "node-2", "leaf-2", "leaf-3"],
      ...["spine-0", "spine-1"],
    ]);
  });
});

describe("rail-optimized", () => {
  const fabric = buildFabric(
    closScenario({ kind: "rail-optimized", radix: 16, gpus: 8 * 20, gpusPerNode: 8, tiers: 3 }),
  );
  const walker = new Walker(fabric);

  it("puts GPU r of each node of a unit under leaf r of the unit", () => {
    for (const nic of walker.fabricNics()) {
      const rank = fabric.nics.rank[nic]!;
      const leaf = walker.deviceOfPort[fabric.peerPort[fabric.nics.port[nic]!]!]!;
      const unit = Math.floor(Math.floor(rank / 8) / 8);
      expect(fabric.deviceName(leaf)).toBe(`leaf-${unit * 8 + (rank % 8)}`);
    }
  });

  it("keeps a rail within a unit under one leaf", () => {
    const nic = (rank: number) => 2 * rank;
    expect(walker.switchesBetween(nic(3), nic(8 + 3))).toBe(1);
    expect(walker.switchesBetween(nic(3), nic(8 + 4))).toBe(3);
    // The third unit is partly filled: its addresses leave room for a full leaf.
    expect(walker.switchesBetween(nic(3), nic(8 * 19 + 7))).toBe(5);
  });
});

describe("parallel links", () => {
  it("come side by side where parents have ports to spare", () => {
    const fabric = buildFabric(closScenario({ kind: "leaf-spine", radix: 16, gpus: 32 }));
    expect(fabric.switches.filter(({ level }) => level === "spine")).toHaveLength(2);
    expect(routingOf(fabric, "spine-0")).toMatchObject({ downWidth: 4, stride: 8, low: 0, high: 32 });
  });

  it("may differ by one from parent to parent", () => {
    const fabric = buildFabric(closScenario({ kind: "leaf-spine", radix: 16, gpus: 40 }));
    expect([0, 1, 2].map((spine) => routingOf(fabric, `spine-${spine}`).downWidth)).toEqual([3, 3, 2]);
  });

  it("join aggregation and core switches of few pods", () => {
    const fabric = buildFabric(closScenario({ kind: "fat-tree", radix: 8, gpus: 64, tiers: 3 }));
    expect(fabric.switches.filter(({ level }) => level === "core")).toHaveLength(8);
    expect(routingOf(fabric, "core-0").downWidth).toBe(2);
  });
});

describe("pinned routing", () => {
  /**
   * Ports that packets of a permutation use twice, if every switch takes candidate
   * `floor(address / divisor) mod n`.
   */
  function collisions(fabric: Fabric, destinationOf: (rank: number) => number): number {
    const walker = new Walker(fabric);
    const nics = walker.fabricNics();
    const switchOf = new Map(fabric.switches.map(({ device }, i) => [device, i]));
    const used = new Set<number>();
    let twice = 0;
    for (const src of nics.keys()) {
      const address = fabric.nics.address[nics[destinationOf(src)]!]!;
      for (let port = fabric.nics.port[nics[src]!]!; ; ) {
        const sw = switchOf.get(walker.deviceOfPort[fabric.peerPort[port]!]!);
        if (sw === undefined) break;
        const spec = fabric.switches[sw]!;
        const next = walker.candidates(sw, address);
        const local = next[pinnedPlace(spec.routing, address, next.length)]!;
        port = fabric.firstPort[spec.device]! + local;
        if (used.has(port)) twice += 1;
        used.add(port);
      }
    }
    return twice;
  }

  it.each([
    ["leaf-spine", 8, 32, 2],
    ["leaf-spine", 16, 64, 2],
    ["fat-tree", 4, 16, 3],
    ["fat-tree", 8, 64, 3],
    ["fat-tree", 8, 128, 3],
    ["fat-tree", 8, 16, 3],
  ] as const)("%s, radix %d, %d GPUs: no shift has a collision", (kind, radix, gpus, tiers) => {
    const fabric = buildFabric(closScenario({ kind, radix, gpus, tiers }));
    for (let by = 1; by < gpus; by++) expect(collisions(fabric, (rank) => (rank + by) % gpus)).toBe(0);
  });
});

describe("what the radix does not allow", () => {
  const withTopology = (scenario: Scenario, topology: Partial<ClosTopology>) => ({
    ...scenario,
    topology: { ...(scenario.topology as ClosTopology), ...topology },
  });

  it("is refused with what to change", () => {
    const scenario = closScenario({ kind: "fat-tree", radix: 8, gpus: 32, tiers: 2 });
    expect(() => buildFabric(withTopology(scenario, { gpus: 33 }))).toThrow(PlanError);
    expect(() => buildFabric(withTopology(scenario, { gpus: 33 }))).toThrow(/33 GPUs need 9 leaves of 4.*tiers: 3/);
    expect(() => buildFabric(withTopology(scenario, { radix: 1 }))).toThrow(/no room for a GPU/);
  });

  it("gives way to nodes that share a leaf only where there is room", () => {
    const leafOfRank = (gpus: number) => {
      const fabric = buildFabric(closScenario({ kind: "fat-tree", radix: 12, gpus, gpusPerNode: 4, tiers: 2 }));
      const walker = new Walker(fabric);
      return walker.fabricNics().map((nic) => walker.deviceOfPort[fabric.peerPort[fabric.nics.port[nic]!]!]!);
    };
    const some = leafOfRank(48);
    for (let rank = 0; rank < 48; rank++) expect(some[rank]).toBe(some[rank - (rank % 4)]);
    expect(new Set(leafOfRank(72)).size).toBe(12);
  });
});

it("numbers NICs by rank, fabric before scale-up", () => {
  const { nics, rankName } = buildFabric(closScenario({ kind: "leaf-spine", radix: 8, gpus: 8, gpusPerNode: 4 }));
  expect([...nics.rank].slice(0, 4)).toEqual([0, 0, 1, 1]);
  expect([...nics.isScaleUp].slice(0, 4)).toEqual([0, 1, 0, 1]);
  expect([...nics.address]).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 0, 5, 1, 6, 2, 7, 3]);
  expect(rankName(5)).toBe("gpu-5");
});
