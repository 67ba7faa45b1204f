import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { countTopology } from "../../src/build/topology/counts.js";
import { buildFabric } from "../../src/build/topology/index.js";
import { CoreRun } from "../../src/engine/run/run.js";
import { parseScenarioText } from "../../src/scenario/parse/parse.js";
import { ACCESS_PS, NIC_PS, PACKET_PS, planOf, SWITCH_PS } from "../model/support.js";
import { runOracle } from "../oracle/run.js";
import { expectSameOutcome } from "../support/compare.js";
import { scenarioOf } from "./scenarios.js";

async function sameEverywhere(plan: ReturnType<typeof planOf>) {
  const oracle = runOracle(plan);
  for (const options of [{ fastForward: false }, { fastForward: true }, { fastForward: false, threads: 2 }]) {
    const run = await CoreRun.start(plan, options);
    while (run.advance(1e6));
    expectSameOutcome(run.outcome(), oracle);
    await run.close();
  }
  return oracle;
}

const flow = (src: string, dst: string, size = "64KiB") => ({ kind: "flows", flows: [{ src, dst, size }] });

/** Pairs of NICs that the flows of a plan go between, as `host.port`. */
function ends({ fabric, flows }: ReturnType<typeof planOf>): string[] {
  const nameOf = (nic: number) => {
    const rank = fabric.nics.rank[nic]!;
    const first = fabric.nics.rank.indexOf(rank);
    return `${fabric.rankName(rank)}.${nic - first}`;
  };
  return Array.from(flows.srcNic, (src, i) => `${nameOf(src)} ${nameOf(flows.dstNic[i]!)}`);
}

describe("hosts of several links", () => {
  const RAILS = {
    kind: "custom",
    hosts: ["a", "b"],
    switches: ["r0", "r1", "top"],
    links: [
      { a: "a", b: "r0" },
      { a: "a", b: "r1" },
      { a: "b", b: "r0" },
      { a: "b", b: "r1" },
      { a: "r0", b: "top" },
      { a: "r1", b: "top" },
    ],
  };

  it("have a NIC for each, and split messages over those on the cheapest ways", async () => {
    const plan = planOf({ topology: RAILS, workload: flow("a", "b") });
    expect(ends(plan)).toEqual(["a.0 b.0", "a.1 b.1"]);
    const { finishPs } = await sameEverywhere(plan);
    const eachPs = 2 * NIC_PS + SWITCH_PS + 2 * ACCESS_PS + 9 * PACKET_PS;
    expect([...finishPs]).toEqual([eachPs, eachPs]);
  });

  it("go by parallel links to one switch side by side", () => {
    const links = [
      { a: "a", b: "s", count: 3 },
      { a: "b", b: "s" },
    ];
    const plan = planOf({
      topology: { kind: "custom", hosts: ["a", "b"], switches: ["s"], links },
      workload: flow("a", "b"),
    });
    expect(ends(plan)).toEqual(["a.0 b.0", "a.1 b.0", "a.2 b.0"]);
  });

  it("take NICs of other numbers where their own lead nowhere", () => {
    const links = [
      { a: "a", b: "x" },
      { a: "a", b: "y" },
      { a: "b", b: "y" },
      { a: "c", b: "x" },
    ];
    const topology = { kind: "custom", hosts: ["a", "b", "c"], switches: ["x", "y"], links };
    expect(ends(planOf({ topology, workload: flow("a", "b") }))).toEqual(["a.1 b.0"]);
    expect(() => planOf({ topology, workload: flow("b", "c") })).toThrow("there is no path from b to c");
  });

  it("name the plane that each link of a plane is in, as the built fabric has it", async () => {
    const hosts = ["a", "b", "c", "d"];
    const links = hosts.flatMap((a) => ["p0", "p1"].map((b) => ({ a, b, rate: "200Gbps" })));
    const built = await simulate({
      topology: { kind: "leaf-spine", gpus: 4, gpusPerNode: 1, radix: 16, planes: 2 },
      workload: { kind: "collective", size: "256KiB" },
    });
    const listed = await simulate({
      topology: { kind: "custom", hosts, switches: ["p0", "p1"], links },
      workload: { kind: "collective", size: "256KiB" },
    });
    expect(listed.jctNs).toBe(built.jctNs);
  });
});

describe("links between hosts", () => {
  it("need no switch", async () => {
    const topology = { kind: "custom", hosts: ["a", "b"], links: [{ a: "a", b: "b", length: "3m" }] };
    const plan = planOf({ topology, workload: flow("a", "b") });
    const { finishPs } = await sameEverywhere(plan);
    expect(finishPs[0]).toBe(2 * NIC_PS + ACCESS_PS + 16 * PACKET_PS);
  });

  it("carry a ring of hosts, each with a NIC to either side", async () => {
    const hosts = ["a", "b", "c", "d"];
    const links = hosts.map((a, i) => ({ a, b: hosts[(i + 1) % 4]! }));
    const plan = planOf({
      topology: { kind: "custom", hosts, links },
      workload: { kind: "collective", size: "256KiB" },
    });
    expect((await sameEverywhere(plan)).status).toBe("finished");
    const result = await simulate({
      topology: { kind: "custom", hosts, links },
      workload: { kind: "collective", size: "256KiB" },
    });
    expect(result.jctNs).toBeGreaterThanOrEqual(result.idealJctNs!);
  });

  it("go before the way over a switch, unless they cost more", () => {
    const topology = (cost: number) => ({
      kind: "custom",
      hosts: ["a", "b"],
      switches: ["s"],
      links: [
        { a: "a", b: "b", cost },
        { a: "a", b: "s" },
        { a: "b", b: "s" },
      ],
    });
    expect(ends(planOf({ topology: topology(1), workload: flow("a", "b") }))).toEqual(["a.0 b.0"]);
    expect(ends(planOf({ topology: topology(3), workload: flow("a", "b") }))).toEqual(["a.1 b.1"]);
  });

  it("are not passed on by hosts", () => {
    const topology = {
      kind: "custom",
      hosts: ["a", "b", "c"],
      links: [
        { a: "a", b: "b" },
        { a: "b", b: "c" },
      ],
    };
    expect(() => planOf({ topology, workload: flow("a", "c") })).toThrow("there is no path from a to c");
  });
});

describe("nodes of hosts", () => {
  const hosts = ["g3", "g1", "g2", "g0"];
  const topology = {
    kind: "custom",
    hosts,
    rankOrder: ["g0", "g1", "g2", "g3"],
    gpusPerNode: 2,
    switches: ["leaf"],
    links: hosts.map((a) => ({ a, b: "leaf" })),
  };

  it("have an NVSwitch, and ranks in the order that is asked for", () => {
    const scenario = scenarioOf({ topology });
    const fabric = buildFabric(scenario);
    expect(Array.from({ length: 4 }, (_, rank) => fabric.rankName(rank))).toEqual(["g0", "g1", "g2", "g3"]);
    const { nodes, nvSwitches, scaleUpLinks, links } = countTopology(scenario, fabric);
    expect({ nodes, nvSwitches, scaleUpLinks, links }).toEqual({ nodes: 2, nvSwitches: 2, scaleUpLinks: 4, links: 4 });
  });

  it("are nodes to collectives: the times are those of the built fabric", async () => {
    for (const algorithm of ["hierarchical-ring", "hierarchical-tree", "nvls-tree"]) {
      const workload = { kind: "collective", algorithm, size: "256KiB" };
      const listed = await simulate({ topology, workload });
      const built = await simulate({
        topology: { kind: "leaf-spine", gpus: 4, gpusPerNode: 2, radix: 16 },
        workload,
      });
      expect(listed.jctNs).toBe(built.jctNs);
    }
  });

  it("run as the oracle does", async () => {
    const plan = planOf({
      topology: { ...topology, nvSwitches: 2 },
      workload: { kind: "collective", algorithm: "hierarchical-ring", size: "128KiB" },
    });
    expect((await sameEverywhere(plan)).status).toBe("finished");
  });
});

describe("costs of links", () => {
  const report = readFileSync("test/data/reports/nvlink-or-leaf.yaml", "utf8");

  it("keep what is inside a node on its NVLinks: 154.4 us for 64 MiB at 3.6 Tb/s, and its acknowledgements", async () => {
    const { scenario } = parseScenarioText(report);
    const { workload } = scenario;
    if (workload.kind !== "flows") throw new Error("the report has flows");
    const { flows } = await simulate({ ...scenario, workload: { ...workload, flows: workload.flows.slice(0, 4) } });
    // Each packet of the other direction adds an acknowledgement of 84 bytes to its 4,178.
    for (const { fctNs } of flows!) {
      expect(fctNs! / 1000).toBeGreaterThan(154.3);
      expect(fctNs! / 1000).toBeLessThan(154.4 * (1 + 84 / 4178));
    }
  });

  it("make ways of other lengths equal", async () => {
    const links = [
      { a: "h0", b: "s0" },
      { a: "h1", b: "s1" },
      { a: "s0", b: "s1", cost: 2 },
      { a: "s0", b: "m" },
      { a: "m", b: "s1" },
    ];
    const plan = planOf({
      topology: { kind: "custom", hosts: ["h0", "h1"], switches: ["s0", "s1", "m"], links },
      routing: { policy: "spray" },
      transport: { recovery: "selective", window: "1MiB" },
      workload: flow("h0", "h1"),
    });
    const { routing } = plan.fabric.switches[0]!;
    expect(routing.kind === "table" && routing.groups[routing.groupOf[1]!]).toEqual([1, 2]);
    expect((await sameEverywhere(plan)).status).toBe("finished");
  });
});
