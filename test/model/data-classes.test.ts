import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { scenarioDigest } from "../../src/scenario/parse/digest.js";
import { parseScenario, parseScenarioText } from "../../src/scenario/parse/parse.js";
import { buildPlan } from "../support/network.js";
import type { NetworkSpec } from "../support/network-spec.js";
import { runCore } from "../support/run-core.js";
import { leafDeliveryPs, PACKET_PS, PAYLOAD_BYTES, planOf } from "./support.js";

const EXAMPLE = readFileSync(new URL("../../examples/pfc-victim/scenario.yaml", import.meta.url), "utf8");
const TWO = "classes=[{ name: bulk }, { name: other }]";

async function victim(...set: string[]) {
  const result = await simulate(parseScenarioText(EXAMPLE, { set }).scenario);
  expect(result.status).toBe("finished");
  return { victimNs: result.flows!.at(-1)!.fctNs!, result };
}

describe("a flow that shares a trunk with an incast, in a data class of its own", () => {
  const ALONE = "workload.flows=[{ src: v, dst: d1, size: 4MiB, class: other }]";
  const APART = "workload.flows[3].class=other";
  /** A packet of others on the trunk, which has room for all hosts. */
  const TRUNK_PACKET_NS = 83.56;

  test.each([
    ["pauses", "flowControl={ kind: pfc }"],
    ["virtual lanes", "flowControl={ kind: credit }"],
  ])("is as fast as without it, with %s", async (_name, kind) => {
    const alone = await victim(TWO, kind, ALONE);
    const together = await victim(TWO, kind, "workload.class=bulk");
    const apart = await victim(TWO, kind, APART);
    expect(together.victimNs / alone.victimNs).toBeGreaterThan(2);
    expect(apart.victimNs - alone.victimNs).toBeLessThanOrEqual(TRUNK_PACKET_NS + 1e-6);
    expect(apart.result.packets.dropped.congestion).toBe(0);
    const [bulk, other] = apart.result.classes!;
    expect(bulk!.pausedNs + bulk!.creditWaitNs).toBeGreaterThan(100_000);
    expect(other).toEqual({ name: "other", pausedNs: 0, creditWaitNs: 0 });
    expect(apart.result.flows!.map((flow) => flow.class)).toEqual(["bulk", "bulk", "bulk", "other"]);
  });

  it("is not blamed on pauses that were meant for the other class", async () => {
    // The victim finishes last: it is twice as long.
    const { result } = await victim(TWO, APART, "workload.flows[3].size=16MiB");
    expect(result.pfc.pauses).toBeGreaterThan(0);
    expect(result.explanation.map(({ cause }) => cause)).not.toContain("pauses");
  });
});

/**
 * Two hosts send `packets` each to a third under one switch, the first and the second flow in
 * classes of their own.
 */
function pair(classes: object[], [a, b]: [number, number], from = ["h0", "h1"]) {
  return planOf({
    topology: {
      kind: "custom",
      hosts: ["h0", "h1", "h2"],
      switches: ["s"],
      links: ["h0", "h1", "h2"].map((host) => ({ a: host, b: "s", length: "3m" })),
    },
    classes,
    transport: { kind: "roce", mtu: `${PAYLOAD_BYTES}B`, window: "unlimited", ackEvery: 65_535 },
    workload: {
      kind: "flows",
      flows: [
        { src: from[0], dst: "h2", size: `${a * PAYLOAD_BYTES}B`, class: "a" },
        { src: from[1], dst: "h2", size: `${b * PAYLOAD_BYTES}B`, class: "b" },
      ],
    },
  });
}

describe.each([
  ["a switch", ["h0", "h1"]],
  ["a NIC", ["h0", "h0"]],
])("where two data classes meet at the port of %s", (_name, from) => {
  it("the lower one gets nothing while the higher one has packets, to the picosecond", async () => {
    const { finishPs } = await runCore(pair([{ name: "b" }, { name: "a", priority: 1 }], [200, 100], from));
    expect([...finishPs]).toEqual([leafDeliveryPs(200), leafDeliveryPs(300)]);
  });

  it.each([
    [1, 1],
    [3, 1],
    [2, 5],
  ])("those of one priority share it as their weights %i and %i, to the packet", async (weightA, weightB) => {
    const classes = [
      { name: "a", weight: weightA },
      { name: "b", weight: weightB },
    ];
    const rounds = 40;
    const { finishPs } = await runCore(pair(classes, [rounds * weightA, rounds * weightB], from));
    const all = rounds * (weightA + weightB);
    // The first class has the first turn, so it is through when the other has its last one.
    expect([...finishPs]).toEqual([leafDeliveryPs(all - weightB), leafDeliveryPs(all)]);
  });
});

it("shares by bytes: packets of a quarter of the size get as much", async () => {
  const spec: NetworkSpec = {
    hosts: [0, 1],
    switches: [{ id: 100 }],
    links: [0, 1].map((a) => ({ a, b: 100, rateBps: 400e9, propagationPs: 15_000 })),
    dataClasses: [
      { priority: 0, weight: 1 },
      { priority: 0, weight: 1 },
    ],
    flows: [
      { src: 0, dst: 1, bytes: 4096, chunks: 500, dataClass: 0 },
      // As many bytes on the wire, in packets of 1042 B and 1045 B.
      { src: 0, dst: 1, bytes: 960, chunks: 2000, dataClass: 1 },
    ],
  };
  const { finishPs } = await runCore(buildPlan(spec));
  const [large, small] = [500 * 4178, 2000 * 1042];
  expect(Math.abs(finishPs[0]! - finishPs[1]!)).toBeLessThan((large - small) * 20 + 2 * PACKET_PS);
});

describe("a NIC that stalls", () => {
  const leaves = ["l0", "l1"];
  const hosts = leaves.flatMap((leaf) => [0, 1].map((i) => `${leaf}h${i}`));
  const storm = (faults: object[], bystander: string) =>
    planOf({
      topology: {
        kind: "custom",
        hosts,
        switches: leaves,
        links: [...hosts.map((a) => ({ a, b: a.slice(0, 2) })), { a: "l0", b: "l1" }],
      },
      classes: [{ name: "a" }, { name: "b" }],
      flowControl: { kind: "pfc", threshold: { kind: "static", xoff: "64KiB" } },
      transport: { kind: "roce", rto: "100ms" },
      workload: {
        kind: "flows",
        flows: [
          { src: "l0h0", dst: "l1h0", size: "1MiB", class: "a" },
          { src: "l0h1", dst: "l1h0", size: "1MiB", class: "a" },
          { src: "l0h1", dst: "l1h1", size: "1MiB", class: bystander },
          { src: "l1h1", dst: "l1h0", size: "4KiB", class: "b" },
        ],
      },
      faults,
    });
  const STALL = { kind: "nic-stall", host: "l1h0", start: "1us", until: "1ms" };

  it("takes nothing of any class, but holds up only those whose packets wait for it", async () => {
    const calm = await runCore(storm([], "b"));
    const apart = await runCore(storm([STALL], "b"));
    const together = await runCore(storm([STALL], "a"));
    const msPs = 1e9;
    for (const flow of [0, 1, 3]) expect(apart.finishPs[flow]).toBeGreaterThanOrEqual(msPs);
    expect(apart.finishPs[2]).toBeLessThan(calm.finishPs[2]! * 1.01);
    expect(together.finishPs[2]).toBeGreaterThan(msPs);
    expect(apart.totals.droppedCongestion).toBe(0);
    // The leaf's port to it is paused in both classes by one frame, the trunk in one.
    const [a, b] = apart.classes!;
    expect(a!.pausedPs.filter((ps) => ps > 0.9e9).length).toBeGreaterThan(1);
    expect(b!.pausedPs.filter((ps) => ps > 0)).toHaveLength(1);
  });
});

describe("a link on credit", () => {
  it("has a buffer for each virtual lane: two lanes carry twice what one buffer allows", async () => {
    const line = (classes: string[]) =>
      planOf({
        topology: {
          kind: "custom",
          hosts: ["h0", "h1"],
          switches: ["s0", "s1"],
          links: [
            { a: "h0", b: "s0", length: "3m" },
            { a: "s0", b: "s1", length: "2000m" },
            { a: "s1", b: "h1", length: "3m" },
          ],
        },
        classes: [{ name: "a" }, { name: "b" }],
        flowControl: { kind: "credit", buffer: "83200B", updateEvery: "1B" },
        transport: { kind: "roce", mtu: `${PAYLOAD_BYTES}B`, window: "unlimited", ackEvery: 65_535 },
        workload: {
          kind: "flows",
          flows: classes.map((name) => ({ src: "h0", dst: "h1", size: `${2000 * PAYLOAD_BYTES}B`, class: name })),
        },
      });
    const [one, both, sharing] = await Promise.all([["a"], ["a", "b"], ["a", "a"]].map((list) => runCore(line(list))));
    const last = (outcome: typeof one) => Math.max(...outcome!.finishPs);
    expect(last(both) / last(one)).toBeCloseTo(1, 2);
    expect(last(sharing) / last(one)).toBeCloseTo(2, 1);
  });
});

it("one class is no class: nothing changes", async () => {
  const flows = { kind: "flows", pattern: "incast", size: "256KiB" };
  const scenario = { topology: { kind: "leaf-spine", gpus: 16, gpusPerNode: 1, radix: 8 }, workload: flows };
  const classes = [{ name: "only", priority: 3, weight: 2 }];
  const named = { ...scenario, classes, workload: { ...flows, class: "only" } };
  const [a, b] = [scenario, named].map((document) => parseScenario({ version: 1, ...document }).scenario);
  expect(scenarioDigest(b!)).toBe(scenarioDigest(a!));
});
