import { describe, expect, it } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { countLevels, countTopology } from "../../src/build/topology/counts.js";
import { buildFabric } from "../../src/build/topology/index.js";
import { CoreRun } from "../../src/engine/run/run.js";
import type { Scenario } from "../../src/scenario/types/scenario.js";
import { ACCESS_PS, NIC_PS, PACKET_PS, planOf, SWITCH_PS } from "../model/support.js";
import { runOracle } from "../oracle/run.js";
import { expectSameOutcome } from "../support/compare.js";
import { closScenario, scenarioOf } from "./scenarios.js";
import { Walker } from "./walk.js";

const OPTICAL = { links: { access: { optic: "dr4" } } };

function countsOf(scenario: Scenario) {
  const fabric = buildFabric(scenario);
  const { switches, links, transceivers } = countTopology(scenario, fabric);
  return { switches, links, transceivers, levels: Object.fromEntries(countLevels(scenario, fabric).switches) };
}

/** The core, with and without fast-forward, and the oracle tell the same of a plan. */
async function sameEverywhere(plan: ReturnType<typeof planOf>) {
  const outcomes = [];
  for (const options of [{ fastForward: false }, { fastForward: true }, { fastForward: false, threads: 2 }]) {
    const run = await CoreRun.start(plan, options);
    while (run.advance(1e6));
    outcomes.push(run.outcome());
    await run.close();
  }
  const oracle = runOracle(plan);
  for (const outcome of outcomes) expectSameOutcome(outcome, oracle);
  return oracle;
}

describe("rail-only", () => {
  it("has a switch for each rail and no spine: N/k switches, N links, 2N transceivers", () => {
    const scenario = closScenario({ kind: "rail-only", gpus: 8 * 128, gpusPerNode: 8, radix: 128, tiers: 1 }, OPTICAL);
    expect(countsOf(scenario)).toEqual({
      switches: 8,
      links: 1024,
      transceivers: 2048,
      levels: { leaf: 8, nvswitch: 128 },
    });
  });

  it("has two tiers in each rail where they are asked for: 3N/k switches, 2N links, 4N transceivers", () => {
    const scenario = closScenario({ kind: "rail-only", gpus: 32768, gpusPerNode: 8, radix: 128, tiers: 2 }, OPTICAL);
    expect(countsOf(scenario)).toMatchObject({ switches: 768, links: 65536, transceivers: 131072 });
  });

  it("joins the GPUs of a rail, and no others", () => {
    const scenario = closScenario({ kind: "rail-only", gpus: 32, gpusPerNode: 4, radix: 8, tiers: 1 });
    const fabric = buildFabric(scenario);
    const walker = new Walker(fabric);
    const nics = walker.fabricNics();
    for (const src of nics) {
      for (const dst of nics) {
        if (src === dst || fabric.nics.rank[src]! % 4 !== fabric.nics.rank[dst]! % 4) continue;
        expect(walker.switchesBetween(src, dst)).toBe(1);
      }
    }
    expect(fabric.switches.filter(({ level }) => level === "leaf").map(({ name }) => name)).toEqual([
      "rail-0-leaf-0",
      "rail-1-leaf-0",
      "rail-2-leaf-0",
      "rail-3-leaf-0",
    ]);
  });

  it("takes what is for another rail over the scale-up network first, chunk by chunk", async () => {
    const plan = planOf({
      topology: { kind: "rail-only", gpus: 16, gpusPerNode: 4, radix: 8 },
      workload: { kind: "flows", flows: [{ src: 0, dst: 7, size: "4096B" }] },
    });
    const { nics } = plan.fabric;
    const ends = Array.from(plan.flows.srcNic, (src, flow) => [nics.rank[src], nics.rank[plan.flows.dstNic[flow]!]]);
    expect(ends).toEqual([
      [0, 3],
      [3, 7],
    ]);
    const { finishPs } = await sameEverywhere(plan);
    const scaleUpPs = 2 * (Math.round((4178 * 8e12) / 3.6e12) + 300_000);
    const fabricPs = 2 * NIC_PS + SWITCH_PS + 2 * (ACCESS_PS + PACKET_PS);
    expect([...finishPs]).toEqual([scaleUpPs, scaleUpPs + fabricPs]);
  });

  it("runs every collective as the oracle does", async () => {
    for (const workload of [
      { collective: "all-to-all", algorithm: "direct", size: "64KiB" },
      { collective: "all-to-all", algorithm: "pxn", size: "64KiB" },
      { collective: "all-reduce", algorithm: "hierarchical-ring", size: "256KiB" },
      { collective: "all-reduce", algorithm: "tree", size: "64KiB" },
    ]) {
      const plan = planOf({
        topology: { kind: "rail-only", gpus: 12, gpusPerNode: 4, radix: 8 },
        workload: { kind: "collective", ...workload },
      });
      const { status } = await sameEverywhere(plan);
      expect(status).toBe("finished");
    }
  });

  it.each([
    [{ gpus: 1024, radix: 64 }, "allow 1 leaf, 512 GPUs; write a larger radix, tiers: 2, or fewer gpus"],
    [{ scaleUp: false }, "nothing but the scale-up network joins the rails of rail-only"],
    [{ gpusPerNode: 1 }, "rail-only needs gpusPerNode above 1"],
  ])("refuses %o", (fields, message) => {
    expect(() => scenarioOf({ topology: { kind: "rail-only", gpus: 64, gpusPerNode: 8, ...fields } })).toThrow(message);
  });

  it("refuses programs that would need a relay", () => {
    const document = {
      topology: { kind: "rail-only", gpus: 16, gpusPerNode: 4 },
      workload: {
        kind: "program",
        communicators: [{ name: "pair", pairs: [[0, 5]], size: "4KiB" }],
        roles: [
          { ranks: [0], name: "from", streams: [{ do: [{ send: "pair" }] }] },
          { ranks: [5], name: "to", streams: [{ do: [{ receive: "pair" }] }] },
        ],
      },
    };
    expect(() => planOf(document)).toThrow(/gpu-0 sends to gpu-5 on another rail/);
  });
});

describe("planes", () => {
  it("are whole fabrics with their share of the rates", () => {
    const one = { kind: "rail-optimized", gpus: 1024, gpusPerNode: 8, radix: 64, tiers: 2 } as const;
    const scenario = closScenario({ ...one, planes: 2 });
    const counts = countsOf(scenario);
    // Ports of 200G: a switch of 64 ports of 400G has 128 of them, so a plane needs half the switches.
    expect(counts).toMatchObject({ switches: 48, links: 4096, levels: { leaf: 32, spine: 16, nvswitch: 128 } });
    expect(countsOf(closScenario(one))).toMatchObject({ switches: 48, links: 2048 });
    expect(scenario.links).toMatchObject({ access: { rateBps: 200e9 }, fabric: { rateBps: 200e9 } });
    const fabric = buildFabric(scenario);
    expect(fabric.switches.filter(({ level }) => level === "leaf").at(-1)!.name).toBe("plane-1-leaf-15");
  });

  it("let eight planes of two tiers hold 131,072 GPUs of switches with 64 ports of 800G", () => {
    const rates = { links: { access: { rate: "800Gbps" }, fabric: { rate: "800Gbps" } } };
    const planes = { kind: "fat-tree", gpus: 131_072, gpusPerNode: 8, radix: 64, tiers: 2 } as const;
    expect(() => scenarioOf({ topology: planes, ...rates })).toThrow("allow 64 leaves, 2048 GPUs");
    expect(() => scenarioOf({ topology: { ...planes, planes: 8 }, ...rates })).not.toThrow();
  });

  it("each carry their share of a message", async () => {
    const document = (planes: number) => ({
      topology: { kind: "leaf-spine", gpus: 8, gpusPerNode: 1, radix: 8, planes },
      workload: { kind: "flows", flows: [{ src: 0, dst: 1, size: "64KiB" }] },
    });
    const plan = planOf(document(2));
    expect(plan.flows.count).toBe(2);
    const { finishPs } = await sameEverywhere(plan);
    // Eight packets at half the rate on each plane; links of 200G have another FEC than those of 400G.
    const flightPs = 2 * NIC_PS + SWITCH_PS + 2 * (15_000 + 100_000);
    expect([...finishPs]).toEqual([flightPs + 9 * 2 * PACKET_PS, flightPs + 9 * 2 * PACKET_PS]);
  });

  it("carry all queue pairs of a connection, as many on each", () => {
    const plan = planOf({
      topology: { kind: "leaf-spine", gpus: 8, gpusPerNode: 1, radix: 8, planes: 4 },
      transport: { qpsPerConnection: 2 },
      workload: { kind: "flows", flows: [{ src: 0, dst: 5, size: "64KiB" }] },
    });
    expect(plan.flows.count).toBe(8);
    expect(new Set(plan.flows.srcNic).size).toBe(4);
  });

  it("run collectives as the oracle does", async () => {
    for (const algorithm of ["ring", "hierarchical-ring", "nvls-tree"]) {
      const plan = planOf({
        topology: { kind: "rail-optimized", gpus: 12, gpusPerNode: 4, radix: 8, planes: 2, nvSwitches: 2 },
        workload: { kind: "collective", algorithm, size: "128KiB" },
      });
      expect((await sameEverywhere(plan)).status).toBe("finished");
    }
  });
});

describe("dual-homed NICs", () => {
  it("have a port of half the rate to each of two leaves", () => {
    const scenario = closScenario({ kind: "leaf-spine", gpus: 64, radix: 16, dualHomed: true });
    const fabric = buildFabric(scenario);
    expect(scenario.links).toMatchObject({ access: { rateBps: 200e9 }, fabric: { rateBps: 400e9 } });
    const walker = new Walker(fabric);
    const leafOf = (nic: number) => fabric.deviceName(walker.deviceOfPort[fabric.peerPort[fabric.nics.port[nic]!]!]!);
    for (let nic = 0; nic < fabric.nics.count; nic += 2) {
      const [first, second] = [leafOf(nic), leafOf(nic + 1)].map((name) => Number(name.slice("leaf-".length)));
      expect(first! % 2).toBe(0);
      expect(second).toBe(first! + 1);
    }
    for (const nic of [1, 2, 3, 126, 127]) expect(walker.switchesBetween(0, nic)).toBeGreaterThan(0);
    // 16 ports of half the rate down and 8 of the whole up, 8 leaves; spines of 16 ports.
    expect(countsOf(scenario)).toMatchObject({ links: 128 + 64, levels: { leaf: 8, spine: 4 } });
  });

  it("survive in different planes where there are two", () => {
    const planes = { kind: "rail-optimized", gpus: 256, gpusPerNode: 8, radix: 32, planes: 2 } as const;
    expect(countsOf(closScenario({ ...planes, dualHomed: true }))).toEqual(countsOf(closScenario(planes)));
  });

  it("run as the oracle does", async () => {
    const plan = planOf({
      topology: { kind: "rail-optimized", gpus: 16, gpusPerNode: 4, radix: 8, dualHomed: true },
      workload: { kind: "collective", algorithm: "ring", size: "256KiB" },
    });
    expect((await sameEverywhere(plan)).status).toBe("finished");
  });

  it("refuses more planes than ports", () => {
    expect(() => closScenario({ kind: "leaf-spine", planes: 4, dualHomed: true })).toThrow("write planes: 2");
  });
});

describe("scale-up domains", () => {
  it.each([
    [4, 4],
    [8, 4],
    [72, 18],
  ])("%d GPUs with %d NVSwitches have a port to each", (gpusPerNode, nvSwitches) => {
    const gpus = 2 * gpusPerNode;
    const scenario = closScenario(
      { kind: "rail-optimized", gpus, gpusPerNode, nvSwitches, radix: 256, tiers: 2 },
      { links: { scaleUp: { rate: "900GBps" } } },
    );
    const fabric = buildFabric(scenario);
    expect(scenario.links.scaleUp.rateBps).toBe(7.2e12 / nvSwitches);
    const { nvSwitches: count, scaleUpLinks } = countTopology(scenario, fabric);
    expect({ count, scaleUpLinks }).toEqual({ count: 2 * nvSwitches, scaleUpLinks: gpus * nvSwitches });
  });

  it("an NVL72 has 5,184 lanes of copper: 72 GPUs of 18 links of 4 pairs", () => {
    const scenario = closScenario({ kind: "leaf-spine", gpus: 72, gpusPerNode: 72, nvSwitches: 18, radix: 256 });
    expect(countTopology(scenario, buildFabric(scenario)).scaleUpLinks * 4).toBe(5184);
  });

  it("spread a message over all NVSwitches: as fast as one that stands for them, but for the last cell", async () => {
    const timeOf = async (nvSwitches: number) => {
      const plan = planOf({
        topology: { kind: "leaf-spine", gpus: 8, gpusPerNode: 8, radix: 32, nvSwitches },
        workload: { kind: "flows", flows: [{ src: 0, dst: 1, size: "16MiB" }] },
      });
      return Math.max(...(await sameEverywhere(plan)).finishPs);
    };
    const [one, four] = [await timeOf(1), await timeOf(4)];
    // 256 cells, the last of which is serialized twice; over four switches at a quarter of the rate.
    const cellPs = (nvSwitches: number) => Math.round(((65_536 + 82) * 8e12 * nvSwitches) / 3.6e12);
    expect([one, four]).toEqual([600_000 + 257 * cellPs(1), 600_000 + 65 * cellPs(4)]);
  });

  it.each([[{ gpusPerNode: 1, nvSwitches: 4 }, "there is no scale-up network; leave nvSwitches out"]])(
    "refuses %o",
    (fields, message) => {
      expect(() => scenarioOf({ topology: { kind: "leaf-spine", gpus: 64, ...fields } })).toThrow(message);
    },
  );
});

it.each([
  { topology: { kind: "rail-only", gpus: 32, gpusPerNode: 4 }, algorithm: "direct", collective: "all-to-all" },
  { topology: { kind: "rail-only", gpus: 32, gpusPerNode: 4 }, algorithm: "hierarchical-ring" },
  { topology: { kind: "leaf-spine", gpus: 8, gpusPerNode: 1, planes: 4 }, algorithm: "ring" },
  { topology: { kind: "rail-optimized", gpus: 32, gpusPerNode: 8, dualHomed: true }, algorithm: "ring" },
  { topology: { kind: "leaf-spine", gpus: 8, gpusPerNode: 8, nvSwitches: 4 }, algorithm: "nvls" },
])("no run beats its ideal time: %o", async ({ topology, collective = "all-reduce", algorithm }) => {
  const result = await simulate({ topology, workload: { kind: "collective", collective, algorithm, size: "1MiB" } });
  expect(result.status).toBe("finished");
  expect(result.jctNs).toBeGreaterThanOrEqual(result.idealJctNs!);
});

it.each([
  { kind: "rail-only", gpus: 32, gpusPerNode: 4 },
  { kind: "leaf-spine", gpus: 32, gpusPerNode: 1, planes: 2 },
])("no message beats its ideal time: %o", async (topology) => {
  const flows = [
    { src: 0, dst: 5, size: "1MiB" },
    { src: 3, dst: 9, size: "64KiB" },
  ];
  const result = await simulate({ topology, workload: { kind: "flows", flows } }, { withFlows: true });
  result.flows!.forEach(({ fctNs, idealFctNs, src, dst, bytes }, i) => {
    expect({ src, dst, bytes }).toEqual({ src: flows[i]!.src, dst: flows[i]!.dst, bytes: i === 0 ? 2 ** 20 : 2 ** 16 });
    expect(fctNs).toBeGreaterThanOrEqual(idealFctNs!);
  });
});
