import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildFabric } from "../../src/build/topology/index.js";
import type { TableRouting } from "../../src/plan/fabric.js";
import { resolvePlan } from "../../src/resolve/resolve.js";
import type { CustomTopology, Scenario } from "../../src/scenario/types/scenario.js";
import { scenarioOf } from "./scenarios.js";
import { expectWellFormed, Walker } from "./walk.js";

type WrittenLink = { a: string; b: string; count?: number; rate?: string; length?: string; ber?: number };

function custom(hosts: string[], switches: string[], links: WrittenLink[]): Scenario {
  return scenarioOf({ topology: { kind: "custom", hosts, switches, links } });
}

const tableOf = (scenario: Scenario, sw: number) => buildFabric(scenario).switches[sw]!.routing as TableRouting;

describe("custom fabrics", () => {
  const diamond = custom(
    ["a", "b", "c"],
    ["s", "t", "u", "v"],
    [
      { a: "a", b: "s" },
      { a: "s", b: "t", count: 2 },
      { a: "u", b: "s", rate: "100Gbps", ber: 1e-4 },
      { a: "t", b: "v" },
      { a: "u", b: "v" },
      { a: "b", b: "v" },
      { a: "v", b: "c" },
    ],
  );

  it("take every next hop of every shortest path, ports in the order of the links", () => {
    expect(tableOf(diamond, 0).groups).toEqual([[0], [1, 2, 3]]);
    expect([...tableOf(diamond, 0).groupOf]).toEqual([0, 1, 1]);
    expect(tableOf(diamond, 3).groups).toEqual([[0, 1], [2], [3]]);
    expect([...tableOf(diamond, 3).groupOf]).toEqual([0, 1, 2]);
  });

  it("have links of their own parameters, and the names that they were given", () => {
    const fabric = buildFabric(diamond);
    expectWellFormed(fabric);
    expect([0, 2, 3, 6].map((device) => fabric.deviceName(device))).toEqual(["a", "c", "s", "v"]);
    expect(fabric.rankName(1)).toBe("b");
    const classAt = (device: number, local: number) =>
      fabric.linkClasses[fabric.portClass[fabric.firstPort[device]! + local]!]!;
    expect(classAt(0, 0)).toMatchObject({ level: "access", rateBps: 400e9, loss: null });
    expect(classAt(3, 3)).toMatchObject({ level: "fabric", rateBps: 100e9, loss: { preFecBer: 1e-4, interleave: 1 } });
    expect(classAt(5, 0)).toBe(classAt(3, 3));
  });

  it("lead every packet there by the shortest way", () => {
    const walker = new Walker(buildFabric(diamond));
    expect(walker.switchesBetween(0, 1)).toBe(3);
    expect(walker.switchesBetween(2, 1)).toBe(1);
  });

  it("are refused where a flow has no path", () => {
    const topology = diamond.topology as CustomTopology;
    const links = topology.links.filter(({ b }) => b !== "v");
    const apart = { ...topology, links: [...links, ...topology.links.filter(({ a, b }) => a === "b" && b === "v")] };
    expect(() => resolvePlan({ ...diamond, topology: apart })).toThrow("there is no path from a to b");
  });
});

it("any connected custom fabric delivers along every candidate", () => {
  const graph = fc.record({
    parents: fc.array(fc.nat(), { minLength: 1, maxLength: 8 }),
    extra: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 8 }),
    homes: fc.array(fc.nat(), { minLength: 2, maxLength: 8 }),
  });
  fc.assert(
    fc.property(graph, ({ parents, extra, homes }) => {
      const count = parents.length + 1;
      const links = [
        ...parents.map((raw, i) => ({ a: `s${raw % (i + 1)}`, b: `s${i + 1}` })),
        ...extra.map(([a, b]) => ({ a: `s${a % count}`, b: `s${b % count}` })).filter(({ a, b }) => a !== b),
        ...homes.map((raw, i) => ({ a: `h${i}`, b: `s${raw % count}` })),
      ];
      const hosts = homes.map((_, i) => `h${i}`);
      const switches = Array.from({ length: count }, (_, i) => `s${i}`);
      const fabric = buildFabric(custom(hosts, switches, links));
      expectWellFormed(fabric);
      const walker = new Walker(fabric);
      for (const src of hosts.keys()) {
        for (const dst of hosts.keys()) if (src !== dst) walker.switchesBetween(src, dst);
      }
    }),
    { numRuns: 100 },
  );
});
