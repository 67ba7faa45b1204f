import { describe, expect, it } from "vitest";
import { countLevels } from "../../src/build/topology/counts.js";
import { buildFabric } from "../../src/build/topology/index.js";
import { CoreRun } from "../../src/engine/run/run.js";
import { ACCESS_PS, FABRIC_PS, NIC_PS, PACKET_PS, planOf, SWITCH_PS } from "../model/support.js";
import { runOracle } from "../oracle/run.js";
import { expectSameOutcome } from "../support/compare.js";
import { scenarioOf } from "./scenarios.js";
import { Walker } from "./walk.js";

const SITE = { kind: "leaf-spine", gpus: 8, gpusPerNode: 1, radix: 4 };

function sites(names: readonly string[], between: readonly object[], more: object = {}) {
  return {
    kind: "multi-datacenter",
    sites: names.map((name) => ({ name, topology: { ...SITE, ...more } })),
    between,
  };
}

const TWO = sites(["east", "west"], [{ a: "east", b: "west", links: 2, rate: "800Gbps", length: "100km" }]);
const LINE = sites(
  ["a", "b", "c"],
  [
    { a: "a", b: "b", links: 2, length: "10km" },
    { a: "b", b: "c", links: 1, length: "20km" },
  ],
);

async function sameEverywhere(document: object) {
  const plan = planOf({ ...document });
  const run = await CoreRun.start(plan, { fastForward: false });
  while (run.advance(1e6));
  const oracle = runOracle(plan);
  expectSameOutcome(run.outcome(), oracle);
  await run.close();
  return oracle;
}

describe("sites joined by long links", () => {
  it("have a border switch each, with as many links up as carry the long ones", () => {
    const scenario = scenarioOf({ topology: TWO });
    const fabric = buildFabric(scenario);
    const { switches, links } = countLevels(scenario, fabric);
    // Two spines for four leaves of two uplinks; 1.6 Tb/s of long links are four of 400G.
    expect(Object.fromEntries(switches)).toEqual({ leaf: 8, spine: 4, border: 2 });
    const counts = Object.fromEntries([...links].map(([level, { links: count }]) => [level, count]));
    expect(counts).toEqual({ access: 16, fabric: 16, border: 8, longHaul: 2 });
    expect(fabric.switches.map(({ name }) => name).filter((name) => name.startsWith("west"))).toContain(
      "west-border-0",
    );
  });

  it("are 500 us one way at 100 km", async () => {
    const { finishPs } = await sameEverywhere({
      topology: TWO,
      workload: { kind: "flows", flows: [{ src: 0, dst: 8, size: "4096B" }] },
    });
    const longPs = 500_000_000 + 70_000;
    const borderPs = 500_000 + 75_000;
    const cables = 2 * (ACCESS_PS + FABRIC_PS + borderPs) + longPs;
    expect(finishPs[0]).toBe(2 * NIC_PS + 6 * SWITCH_PS + cables + 6 * PACKET_PS + PACKET_PS / 2);
  });

  it.each([
    ["two sites", TWO, 7],
    ["a line of sites", LINE, 7],
  ])("lead from every GPU of %s to every other", (_, topology, most) => {
    const fabric = buildFabric(scenarioOf({ topology }));
    const walker = new Walker(fabric);
    const nics = walker.fabricNics();
    for (const src of nics) {
      for (const dst of nics) if (src !== dst) expect(walker.switchesBetween(src, dst)).toBeLessThanOrEqual(most);
    }
  });

  it.each([
    ["two sites", TWO],
    ["a line of sites", LINE],
  ])("run an all-reduce over %s as the oracle does", async (_, topology) => {
    const outcome = await sameEverywhere({ topology, workload: { kind: "collective", size: "64KiB" } });
    expect(outcome.status).toBe("finished");
  });

  it("do not pause over long links: their border switches drop what they have no room for", () => {
    const plan = planOf({ topology: TWO, workload: { kind: "collective", size: "64KiB" } });
    const lossless = new Map(plan.fabric.switches.map(({ level }, i) => [level, plan.flowControl.lossless[i]]));
    expect(Object.fromEntries(lossless)).toEqual({ leaf: 1, spine: 1, border: 0 });
  });

  it.each<[string, object, string]>([
    ["an unknown site", sites(["a", "b"], [{ a: "a", b: "c", links: 1, length: "1km" }]), "there is no site c"],
    ["no length", sites(["a", "b"], [{ a: "a", b: "b", links: 1 }]), "write how far the sites are apart"],
    [
      "a site apart",
      sites(["a", "b", "c"], [{ a: "a", b: "b", links: 1, length: "1km" }]),
      "no links lead from a to c",
    ],
    ["a loop", sites(["a", "b"], [{ a: "a", b: "a", links: 1, length: "1km" }]), "links from a to itself"],
    ["planes", sites(["a", "b"], [{ a: "a", b: "b", links: 1, length: "1km" }], { planes: 2 }), "write planes: 1"],
    [
      "a part that does not reach",
      sites(["a", "b"], [{ a: "a", b: "b", links: 1, length: "100km", optic: "dr4" }]),
      "dr4 reaches 500m at 400Gbps, and the link has 100km",
    ],
    [
      "rail-only",
      sites(["a", "b"], [{ a: "a", b: "b", links: 1, length: "1km" }], { kind: "rail-only" }),
      "is not known",
    ],
  ])("refuses %s", (_, topology, message) => {
    expect(() => scenarioOf({ topology })).toThrow(message);
  });
});
