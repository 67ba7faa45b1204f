import { describe, expect, it } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { countLevels, countTopology } from "../../src/build/topology/counts.js";
import { buildFabric } from "../../src/build/topology/index.js";
import { CoreRun } from "../../src/engine/run/run.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { planOf } from "../model/support.js";
import { runOracle } from "../oracle/run.js";
import { expectSameOutcome } from "../support/compare.js";
import { scenarioOf } from "./scenarios.js";
import { Walker } from "./walk.js";

const fly = (a: number, p: number, h: number, groups: number, more: object = {}) => ({
  kind: "dragonfly",
  gpusPerNode: 1,
  dragonfly: { a, p, h, groups, ...more },
});

describe("a dragonfly", () => {
  it.each([
    [4, 2, 2, 9],
    [8, 4, 4, 33],
    [4, 2, 2, 5],
    [6, 3, 3, 10],
  ])("a=%d, p=%d, h=%d, %d groups: N/p routers, N(a-1)/(2p) local and N·h/(2p) global links", (a, p, h, groups) => {
    const scenario = scenarioOf({ topology: fly(a, p, h, groups) });
    const fabric = buildFabric(scenario);
    const hosts = a * p * groups;
    const { switches, links } = countLevels(scenario, fabric);
    const counts = Object.fromEntries([...links].map(([level, { links: count }]) => [level, count]));
    expect(Object.fromEntries(switches)).toEqual({ router: hosts / p });
    expect(counts).toEqual({
      access: hosts,
      local: (hosts * (a - 1)) / (2 * p),
      global: Math.floor((hosts * h) / (2 * p)),
    });
  });

  it("of 32,768 GPUs with routers of 63 ports: 2,048 of them, 80,896 links, 161,792 ends", () => {
    const scenario = scenarioOf({ topology: { ...fly(32, 16, 16, 64), gpusPerNode: 8 } });
    const fabric = buildFabric(scenario);
    const { switches, links } = countTopology(scenario, fabric);
    expect({ switches, links }).toEqual({ switches: 2048, links: 80_896 });
    expect(countLevels(scenario, fabric).links.get("global")).toEqual({ links: 16_384, transceivers: 32_768 });
  });

  it.each([
    [4, 2, 2, 9],
    [4, 2, 2, 4],
    [3, 1, 1, 4],
    [2, 2, 3, 3],
  ])("a=%d, p=%d, h=%d, %d groups: any two GPUs are at most four routers apart", (a, p, h, groups) => {
    const fabric = buildFabric(scenarioOf({ topology: fly(a, p, h, groups) }));
    const walker = new Walker(fabric);
    const nics = walker.fabricNics();
    for (const src of nics) {
      for (const dst of nics) {
        if (src === dst) continue;
        const [from, to] = [src, dst].map((nic) => Math.floor(fabric.nics.address[nic]! / (a * p)));
        expect(walker.switchesBetween(src, dst)).toBeLessThanOrEqual(from === to ? 2 : 4);
      }
    }
  });

  it("runs as the oracle does, whatever the flow control", async () => {
    for (const flowControl of [{ kind: "pfc" }, { kind: "credit" }]) {
      const plan = planOf({
        topology: { ...fly(2, 2, 2, 3), gpusPerNode: 2 },
        flowControl,
        workload: { kind: "collective", collective: "all-to-all", algorithm: "direct", size: "96KiB" },
      });
      expect(plan.dataClasses.length).toBe(2);
      const oracle = runOracle(plan);
      for (const options of [{ fastForward: false }, { fastForward: true }, { fastForward: false, threads: 2 }]) {
        const run = await CoreRun.start(plan, options);
        while (run.advance(1e6));
        expectSameOutcome(run.outcome(), oracle);
        await run.close();
      }
      expect(oracle.status).toBe("finished");
    }
  });

  it("needs no lanes where packets are dropped", () => {
    const plan = planOf({
      preset: "lossy",
      topology: fly(2, 2, 2, 3),
      workload: { kind: "collective", size: "64KiB" },
    });
    expect(plan.dataClasses.length).toBe(1);
  });

  it("has two lanes for each class of data", () => {
    const classes = [{ name: "fast", priority: 1 }, { name: "slow" }];
    const flows = [
      { src: 0, dst: 4, size: "4KiB", class: "slow" },
      { src: 4, dst: 0, size: "4KiB", class: "fast" },
    ];
    const plan = planOf({ topology: fly(2, 2, 2, 3), classes, workload: { kind: "flows", flows } });
    expect(plan.dataClasses.map(({ priority }) => priority)).toEqual([1, 1, 0, 0]);
    expect([...plan.flows.dataClass!]).toEqual([2, 1]);
  });
});

/**
 * Three groups of two routers. All of group g sends to the first router of group g + 1: what comes
 * in by the second router takes the local link that what goes on to the next group takes too.
 */
function circle(lanes: number, flowControl: object) {
  const flows = [0, 1, 2].flatMap((group) =>
    [0, 1, 2, 3].map((host) => ({
      src: group * 4 + host,
      dst: ((group + 1) % 3) * 4 + (host % 2),
      size: "4MiB",
    })),
  );
  return {
    name: "circle",
    topology: fly(2, 2, 1, 3, { lanes }),
    switch: { buffer: "1MiB" },
    flowControl,
    workload: { kind: "flows", flows },
  };
}

describe.each([[{ kind: "pfc" }], [{ kind: "credit" }]])("with %o", (flowControl) => {
  it("deadlocks without lanes, and the diagnosis names the circle", async () => {
    const { scenario, warnings } = parseScenario(circle(1, flowControl));
    expect(warnings.map(({ message }) => message).join()).toContain("one lane may deadlock");
    const result = await simulate(scenario);
    expect(result.status).not.toBe("finished");
    expect(JSON.stringify(result.diagnosis)).toContain("deadlock");
  });

  it("finishes with lanes, without a drop", async () => {
    const result = await simulate(circle(2, flowControl));
    expect(result.status).toBe("finished");
    expect(result.packets.dropped.congestion).toBe(0);
  });
});

it.each<[string, object, string]>([
  ["too many groups", { topology: fly(2, 2, 1, 4) }, "write groups up to 3, or a larger h"],
  ["nodes that do not fit", { topology: { ...fly(2, 2, 1, 3), gpusPerNode: 8 } }, "12 GPUs do not make nodes of 8"],
  ["tables that are too large", { topology: fly(64, 8, 8, 512) }, "entries in their tables"],
  ["acknowledgements as data", { topology: fly(2, 2, 1, 3), wire: { ackClass: "data" } }, "write ackClass: control"],
  [
    "more classes than lanes allow",
    { topology: fly(2, 2, 1, 3), classes: ["a", "b", "c", "d", "e"].map((name) => ({ name })) },
    "write up to 4 classes",
  ],
  ["ugal without a letter", { topology: fly(2, 2, 1, 3), routing: { policy: "ugal" } }, "ugal is not supported"],
])("refuses %s", (_, document, message) => {
  expect(() => scenarioOf({ ...document })).toThrow(message);
});

it("takes minimal for what ecmp is", () => {
  const scenario = scenarioOf({ topology: fly(2, 2, 1, 3), routing: { policy: "minimal" } });
  expect(scenario.routing.policy).toBe("ecmp");
});
