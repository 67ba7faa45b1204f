import { expect, test } from "vitest";
import { listLinks } from "../../src/answer/result/list-links.js";
import type { TopologyReport } from "../../src/answer/result/topology-report.js";
import type { Library } from "../../src/cli/support/library.js";
import { buildPlan } from "../support/network.js";
import { heddle } from "./fake-environment.js";

const stdin = "topology: { kind: leaf-spine, gpus: 16 }\nworkload: { kind: collective, size: 1MiB }\n";

const library: Partial<Library> = {
  describeTopology: (scenario) => ({ name: scenario.name }) as TopologyReport,
  formatTopology: (report) => `fabric of ${report.name}\n`,
  listLinks: () => [
    { from: "gpu-0", to: "leaf-0", index: 0, level: "access", rateBps: 400e9 },
    { from: "leaf-0", to: "spine-0", index: 1, level: "fabric", rateBps: 800e9 },
  ],
};

test("topo describes, and lists links one a line", async () => {
  expect((await heddle(["topo", "-"], { stdin, library })).stdout).toBe("fabric of stdin\n");
  expect(JSON.parse((await heddle(["topo", "-", "--json"], { stdin, library })).stdout)).toEqual({ name: "stdin" });
  expect((await heddle(["topo", "-", "--list"], { stdin, library })).stdout).toBe(
    "gpu-0\tleaf-0\t0\taccess\t400Gbps\nleaf-0\tspine-0\t1\tfabric\t800Gbps\n",
  );
  expect(JSON.parse((await heddle(["topo", "-", "--list", "--json"], { stdin, library })).stdout)).toHaveLength(2);
});

test("links are listed once each, hosts first, parallel ones by number", () => {
  const link = (a: number, b: number) => ({ a, b, rateBps: 100e9, propagationPs: 1000 });
  const plan = buildPlan({
    hosts: [0, 1],
    switches: [{ id: 100 }, { id: 101 }],
    links: [link(100, 0), link(100, 101), link(1, 101), link(101, 100)],
    flows: [{ src: 0, dst: 1, bytes: 1 }],
  });
  const links = [...listLinks(plan)].map(({ from, to, index, rateBps }) => [from, to, index, rateBps]);
  const name = (id: number) => plan.fabric.switches[id - 100]!.name;
  expect(links).toHaveLength(4);
  expect(links).toContainEqual([plan.fabric.rankName(0), name(100), 0, 100e9]);
  expect(links).toContainEqual([plan.fabric.rankName(1), name(101), 0, 100e9]);
  expect(links).toContainEqual([name(100), name(101), 0, 100e9]);
  expect(links).toContainEqual([name(100), name(101), 1, 100e9]);
});
