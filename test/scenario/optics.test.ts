import { expect, it } from "vitest";
import { OPTIC_NAMES, OPTICS, opticsThatReach, opticVariant } from "../../src/plan/parts/optics.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { ScenarioError } from "../../src/scenario/types/errors.js";

const WORKLOAD = { kind: "collective", collective: "all-reduce", size: "1MB" };
const TOPOLOGY = { kind: "leaf-spine", gpus: 64 };

function faultsOf(links: object, topology: object = TOPOLOGY): string[] {
  try {
    parseScenario({ topology, links, workload: WORKLOAD });
    return [];
  } catch (error) {
    if (error instanceof ScenarioError) return error.issues.map(({ message }) => message);
    throw error;
  }
}

const opticOf = (fabric: object) =>
  parseScenario({ topology: TOPOLOGY, links: { fabric }, workload: WORKLOAD }).scenario.links.fabric.optic;

it("chooses the part by rate and length", () => {
  expect(opticOf({ length: "3m" })).toBe("dac");
  expect(opticOf({ length: "5m" })).toBe("aec");
  expect(opticOf({ length: "80m" })).toBe("sr4");
  expect(opticOf({ length: "400m" })).toBe("dr4");
  expect(opticOf({ length: "2km" })).toBe("fr4");
  expect(opticOf({ length: "10km" })).toBe("lr4");
  expect(opticOf({ length: "100km" })).toBe("zr");
  expect(opticOf({ length: "3m", rate: "800Gbps" })).toBe("aec");
  expect(opticOf({ length: "2m", rate: "800Gbps" })).toBe("dac");
  // Light goes 400 m in 2 us.
  expect(opticOf({ latency: "2us" })).toBe("dr4");
  expect(opticOf({ length: "500km" })).toBeNull();
  expect(opticOf({ rate: "5Tbps" })).toBeNull();
});

it("refuses a part that does not reach, with those that would do", () => {
  expect(faultsOf({ fabric: { optic: "dac", length: "30m" } })).toEqual([
    expect.stringMatching(/^dac reaches 3m at 400Gbps, and the link has 30m; write aoc, lpo, sr4, .* or zr, or auto$/),
  ]);
  expect(faultsOf({ core: { optic: "dr4", length: "500m" } })).toEqual([]);
  expect(faultsOf({ core: { optic: "dr4", length: "501m" } })).toHaveLength(1);
});

it("refuses a part that is not made for the rate", () => {
  expect(faultsOf({ fabric: { optic: "fr8", rate: "800Gbps" } })).toEqual([
    expect.stringMatching(/^fr8 is made for at most 400Gbps, and the link has 800Gbps; write /),
  ]);
});

it("refuses breakouts that no module does", () => {
  expect(faultsOf({ access: { optic: "dr4", breakout: 2 } })).toEqual([]);
  expect(faultsOf({ access: { optic: "fr4", breakout: 4 } })).toEqual([
    expect.stringContaining("no module feeds 4 links of fr4 at 400Gbps"),
  ]);
});

it("looks at the links of custom fabrics", () => {
  const links = [
    { a: "h0", b: "s0" },
    { a: "h1", b: "s0", rate: "800Gbps", length: "10m", optic: "dac" },
  ];
  expect(faultsOf({}, { kind: "custom", hosts: ["h0", "h1"], switches: ["s0"], links })).toEqual([
    expect.stringContaining("dac reaches 2m"),
  ]);
});

it("has rows in order: rates rise, prices and powers are ranges, failures are shares", () => {
  for (const { name, variants, annualFailures, preFecBer, source } of OPTICS) {
    const rates = variants.map(({ rateBps }) => rateBps);
    expect(rates, name).toEqual([...rates].sort((a, b) => a - b));
    for (const { usd, watts, rateBps, laneBps, reachMm } of variants) {
      expect(usd.low).toBeLessThanOrEqual(usd.high);
      expect(watts.low).toBeLessThanOrEqual(watts.high);
      expect(Number.isInteger(rateBps / laneBps), name).toBe(true);
      expect(opticsThatReach(rateBps, reachMm)).toContain(name);
    }
    expect(annualFailures.high).toBeLessThan(0.05);
    expect(preFecBer).toBeLessThan(2.4e-3);
    expect(source).toMatch(/20\d\d/);
  }
  expect(opticVariant("dr4", 1e9)!.rateBps).toBe(400e9);
  expect(new Set(OPTIC_NAMES).size).toBe(OPTIC_NAMES.length);
});
