import { expect, test } from "vitest";
import { drawFabric } from "../../src/answer/topology/picture/draw.js";
import { groupFabric } from "../../src/answer/topology/picture/groups.js";
import { fabricOf } from "./support-fabric.js";

const TITLES = { title: "a <fabric>", subtitle: "b & c" };

function draw(topology: Record<string, unknown>) {
  const { view, places } = fabricOf(topology);
  return { svg: drawFabric(view, places, TITLES), grouped: groupFabric(view, places), view };
}

test("at 64 GPUs every device is drawn, each GPU with a line to its leaf", () => {
  const { svg, grouped } = draw({ kind: "rail-optimized", gpus: 64 });
  expect(grouped.isDetailed).toBe(true);
  for (const name of ["node-0", "node-7", "leaf-0", "leaf-7", "spine-3"]) expect(svg).toContain(`>${name}</text>`);
  // 64 lines of GPUs, and 8 leaves times 4 spines.
  expect(svg.match(/<path /g)).toHaveLength(64 + 32);
  expect(svg).toContain("a &lt;fabric&gt;");
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  expect(svg).toContain("25.6 Tb/s each way in all");
});

test("at 32,768 GPUs pods stand for their devices, and every link is in one bundle", () => {
  const { svg, grouped, view } = draw({ kind: "fat-tree", gpus: 32768 });
  expect(svg.length).toBeLessThan(40_000);
  expect(svg).toContain(">pod 4 … pod 30</text>");
  expect(svg).toContain(">512 core switches</text>");
  const fabricLinks = view.fabric.peerPort.length / 2 - 32768;
  expect(grouped.bundles.reduce((sum, { count }) => sum + count, 0)).toBe(fabricLinks);
  const nodes = grouped.groups.filter(({ tier }) => tier === 0).flatMap(({ members }) => members);
  expect(nodes.sort((a, b) => a - b)).toEqual(Array.from({ length: 4096 }, (_, node) => node));
});

test("no row has more than 16 groups, whatever the fabric", () => {
  for (const gpus of [1, 8, 96, 1000, 2000]) {
    for (const kind of ["leaf-spine", "fat-tree"]) {
      const { grouped, svg } = draw({ kind, gpus, gpusPerNode: gpus % 8 === 0 ? 8 : 1 });
      for (let tier = 0; tier < grouped.tierCount; tier++) {
        expect(grouped.groups.filter((group) => group.tier === tier).length).toBeLessThanOrEqual(16);
      }
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    }
  }
});

test("slow links are dashed, and links between switches of a tier are arcs", () => {
  const links = [
    { a: "h0", b: "s0" },
    { a: "h1", b: "s1" },
    { a: "s0", b: "s1", rate: "100Gbps" },
    { a: "s0", b: "s2", rate: "800Gbps" },
    { a: "s2", b: "s1", rate: "800Gbps" },
  ];
  const { svg } = draw({ kind: "custom", hosts: ["h0", "h1"], switches: ["s0", "s1", "s2"], links });
  expect(svg.match(/stroke-dasharray/g)).toHaveLength(1);
  expect(svg).toMatch(/Q[\d. ]+" fill="none"[^>]*stroke-dasharray/);
});
