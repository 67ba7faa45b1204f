import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { allParts, partsAsMarkdown } from "../../src/answer/cost/parts-text.js";
import { describeCost, formatCost, type ScenarioDocument } from "../../src/index.js";

const WORKLOAD = { kind: "collective", collective: "all-reduce", size: "1MB" };
const OPTICAL = { access: { optic: "dr4" }, fabric: { optic: "dr4" }, core: { optic: "dr4" } };

function cost(topology: object, links: object = OPTICAL) {
  return describeCost({ topology, links, workload: WORKLOAD } as ScenarioDocument);
}

const sum = (lines: readonly { count: number }[]) => lines.reduce((total, { count }) => total + count, 0);

/** Two tiers of k ports: 3N/k switches and 4N modules; three: 5N/k and 6N. */
const CLOS = [
  ["leaf-spine", 1024, 64, 48, 4],
  ["rail-optimized", 1024, 64, 48, 4],
  ["leaf-spine", 1024, 128, 24, 4],
  ["leaf-spine", 8192, 128, 192, 4],
  ["fat-tree", 8192, 64, 640, 6],
  ["fat-tree", 32_768, 64, 2560, 6],
  ["fat-tree", 32_768, 128, 1280, 6],
] as const;

it.each(CLOS)("counts a %s of %d GPUs with %d ports", (kind, gpus, radix, switches, modulesPerGpu) => {
  const { switches: boxes, optics, perGpu, total } = cost({ kind, gpus, radix });
  expect(sum(boxes)).toBe(switches);
  expect(sum(optics)).toBe(gpus * modulesPerGpu);
  expect(perGpu.transceivers).toBe(modulesPerGpu);
  // 8 to 10 W each.
  expect(optics.reduce((watts, line) => watts + line.lowWatts, 0)).toBe(8 * gpus * modulesPerGpu);
  expect(total.lowUsd).toBeGreaterThan(250 * gpus * modulesPerGpu);
});

it("needs half the modules where GPUs are cabled with copper", () => {
  const { optics, cables } = cost({ kind: "leaf-spine", gpus: 1024 }, { ...OPTICAL, access: { optic: "dac" } });
  expect(sum(optics)).toBe(2 * 1024);
  expect(cables.find(({ part }) => part === "dac 400G")).toMatchObject({ level: "access", count: 1024 });
});

it("counts fibres of parallel optics and of pairs", () => {
  expect(cost({ kind: "leaf-spine", gpus: 64 }).fibres).toBe(128 * 8);
  const pairs = { access: { optic: "fr4" }, fabric: { optic: "fr4" } };
  expect(cost({ kind: "leaf-spine", gpus: 64 }, pairs).fibres).toBe(128 * 2);
});

it("shares ports and modules of breakouts", () => {
  const links = { access: { optic: "dr4", breakout: 2 }, fabric: { rate: "800Gbps", optic: "dr8" } };
  const { optics, breakouts } = cost({ kind: "leaf-spine", gpus: 64 }, links);
  const access = optics.filter(({ level }) => level === "access");
  expect(access.map(({ part, count }) => [part, count])).toEqual([
    ["dr4 400G", 64],
    ["dr8 800G", 32],
  ]);
  expect(breakouts).toEqual([{ split: "800G -> 2x400G", ports: 32 }]);
});

it.each([
  ["400Gbps", 2, "dr4", "dr8 800G", "800G -> 2x400G", 32],
  ["100Gbps", 4, "dr1", "dr4 400G", "400G -> 4x100G", 16],
  ["100Gbps", 8, "dr1", "dr8 800G", "800G -> 8x100G", 8],
  ["100Gbps", 8, "dac", "dac 800G to 8x100G", "800G -> 8x100G", 8],
])("counts %s links, %i to a port with %s, by %s", (rate, breakout, optic, part, split, ports) => {
  const length = optic === "dac" ? "2m" : "20m";
  const links = { access: { rate, breakout, optic, length } };
  const { optics, cables, breakouts } = cost({ kind: "leaf-spine", gpus: 64 }, links);
  expect([...optics, ...cables].find((each) => each.part === part && each.level === "access")?.count).toBe(ports);
  expect(breakouts).toEqual([{ split, ports }]);
});

it("takes the smallest switch that carries the ports, and says what is missing", () => {
  const at = (gpus: number, radix: number, rate: string) =>
    cost({ kind: "leaf-spine", gpus, radix }, { access: { rate }, fabric: { rate } });
  expect(at(64, 32, "400Gbps").switches[0]!.part).toBe("12.8T");
  expect(at(64, 64, "400Gbps").switches[0]!.part).toBe("25.6T");
  expect(at(128, 64, "800Gbps").switches[0]!.part).toBe("51.2T");
  const beyond = at(64, 64, "3200Gbps");
  expect(beyond.missing).toHaveLength(4);
  expect(beyond.optics).toEqual([]);
});

it("lists every link of a custom fabric with its own part", () => {
  const links = [
    { a: "h0", b: "s0", optic: "dac" },
    { a: "h1", b: "s1", optic: "aoc" },
    { a: "s0", b: "s1", rate: "800Gbps", length: "1500m", count: 2 },
  ];
  const { optics, cables } = cost({ kind: "custom", hosts: ["h0", "h1"], switches: ["s0", "s1"], links }, {});
  expect(optics.map(({ part, count }) => [part, count])).toEqual([["2xfr4 800G", 4]]);
  expect(cables.map(({ part, count }) => [part, count])).toEqual([
    ["dac 400G", 1],
    ["aoc 400G", 1],
    ["fibre", 8],
  ]);
});

it("is printed with sums and scope", () => {
  const text = formatCost(cost({ kind: "leaf-spine", gpus: 64 }), { name: "small" });
  expect(text).toContain("small: network of 64 GPUs");
  expect(text).toMatch(/^dr4 400G +access +128 +32\.0 k to 115 k +1\.02 to 1\.28 kW$/m);
  expect(text).toMatch(/^Per GPU: .* 4\.00 transceivers\.$/m);
});

it("has docs/PARTS.md as the rows say (npm run docs writes it)", () => {
  const page = readFileSync(new URL("../../docs/PARTS.md", import.meta.url), "utf8");
  expect(page).toBe(partsAsMarkdown(allParts()));
});
