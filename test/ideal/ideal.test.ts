import { describe, expect, test } from "vitest";
import { boundsOf, idealJctPs } from "../../src/answer/ideal/ideal.js";
import { viewPlan } from "../../src/answer/ideal/view.js";
import {
  allReduce,
  FLIGHT_PS,
  FULL_PS,
  NIC_PS,
  ringFlows,
  SWITCH_PS,
  type TinySpec,
  tinyPlan,
  tinyScenario,
} from "./support.js";

/** One byte of payload at 400 Gb/s: the smallest packet that can precede or follow a crossing. */
const TINY_PS = 83 * 20;
const HOP_PS = TINY_PS + FLIGHT_PS + SWITCH_PS;
const LAST_PS = TINY_PS + FLIGHT_PS + NIC_PS;
const MIB = 2 ** 20;

describe("all-reduce", () => {
  test("single GPUs: 2(N-1)/N of the buffer leaves the NIC", () => {
    const ideal = idealJctPs(tinyScenario(allReduce(64 * MIB)), tinyPlan({ hostsPerLeaf: 4 }));
    const packets = ((2 * 3) / 4) * ((64 * MIB) / 4096);
    // NIC, the packets, and what the last one has before it.
    expect(ideal).toBe(NIC_PS + packets * FULL_PS + FLIGHT_PS + SWITCH_PS + TINY_PS + FLIGHT_PS + NIC_PS);
  });

  test("leaves: an oversubscribed uplink is the narrowest place", () => {
    const plan = tinyPlan({ leaves: 2, hostsPerLeaf: 8, spines: 2, fabricBps: 100e9 });
    const ideal = idealJctPs(tinyScenario(allReduce(64 * MIB)), plan);
    // Half of the buffer over each uplink; before and after it a small packet, over one slow link.
    const packets = (64 * MIB) / 4096 / 2;
    const restPs = NIC_PS + HOP_PS + FLIGHT_PS + SWITCH_PS + (4 * TINY_PS + FLIGHT_PS + SWITCH_PS) + LAST_PS;
    expect(ideal).toBe(restPs + packets * 4 * FULL_PS);
  });

  test("a slow way out of one group counts although the others are fast", () => {
    const spec: TinySpec = { leaves: 4, hostsPerLeaf: 1, spines: 1 };
    const scenario = tinyScenario(allReduce(64 * MIB));
    const even = idealJctPs(scenario, tinyPlan(spec));
    const uneven = idealJctPs(scenario, tinyPlan({ ...spec, uplinkBps: { "0-0": 100e9 } }));
    // The whole buffer over a quarter of the rate, where 3/2 of it over the full rate was enough.
    expect(uneven / even).toBeCloseTo(4 / 1.5, 2);
  });

  test("both NICs of a GPU count, and nodes have the fabric only", () => {
    const plan = tinyPlan({ hostsPerLeaf: 4, gpusPerNode: 2 });
    const ideal = idealJctPs(tinyScenario(allReduce(64 * MIB)), plan);
    // Two nodes with two NICs each.
    const packets = (64 * MIB) / 4096 / 2;
    expect(ideal).toBe(NIC_PS + packets * FULL_PS + FLIGHT_PS + SWITCH_PS + TINY_PS + FLIGHT_PS + NIC_PS);
  });

  test("a byte must come to the farthest rank however small the buffer", () => {
    const plan = tinyPlan({ leaves: 2, spines: 1 });
    const ideal = idealJctPs(tinyScenario(allReduce(1)), plan);
    expect(ideal).toBe(NIC_PS + 3 * HOP_PS + TINY_PS + FLIGHT_PS + NIC_PS);
  });

  test("nothing to do on one rank", () => {
    expect(idealJctPs(tinyScenario(allReduce(MIB)), tinyPlan({ hostsPerLeaf: 1 }))).toBe(0);
  });
});

describe("schedule", () => {
  test("an unloaded ring: every chunk goes round twice, less two hops", () => {
    const ranks = 8;
    const plan = tinyPlan({ hostsPerLeaf: ranks, delayPs: 1000, flows: ringFlows(ranks, 64 * 4096) });
    const scenario = tinyScenario(allReduce(64 * 4096 * ranks));
    const { idealPs, schedulePs } = boundsOf(scenario, viewPlan(plan));
    const hopPs = 2 * NIC_PS + 2 * FLIGHT_PS + SWITCH_PS + 65 * FULL_PS;
    expect(schedulePs).toBe(14 * hopPs + 13 * 1000);
    expect(idealPs).toBeLessThan(schedulePs);
  });

  test("a ring over two leaves leaves out its cheapest hops", () => {
    const ranks = 4;
    const plan = tinyPlan({ leaves: 2, spines: 2, flows: ringFlows(ranks, 4096) });
    const near = 2 * NIC_PS + 2 * FLIGHT_PS + SWITCH_PS + 2 * FULL_PS;
    const far = 2 * NIC_PS + 4 * FLIGHT_PS + 3 * SWITCH_PS + 4 * FULL_PS;
    const { schedulePs } = boundsOf(tinyScenario(allReduce(4 * 4096)), viewPlan(plan));
    // Six hops: around once, and two more, one of each kind.
    expect(schedulePs).toBe(3 * near + 3 * far);
  });

  test("a chain passes chunks on as they come", () => {
    const flows = [
      { src: 0, dst: 1, bytes: 4096, chunks: 10 },
      { src: 1, dst: 2, bytes: 4096, chunks: 10, up: [{ flow: 0, lag: 0 }] },
    ];
    const plan = tinyPlan({ hostsPerLeaf: 3, flows });
    const chunkPs = 2 * NIC_PS + 2 * FLIGHT_PS + SWITCH_PS + 2 * FULL_PS;
    expect(boundsOf(tinyScenario(allReduce(1)), viewPlan(plan)).schedulePs).toBe(2 * chunkPs + 9 * FULL_PS);
  });

  test("a later phase waits for the last chunk of the one before", () => {
    const flows = [
      { src: 0, dst: 1, bytes: 4096, chunks: 10 },
      { src: 1, dst: 2, bytes: 4096, chunks: 10, up: [{ flow: 0, lag: -9 }] },
    ];
    const plan = tinyPlan({ hostsPerLeaf: 3, flows });
    const trainPs = 2 * NIC_PS + 2 * FLIGHT_PS + SWITCH_PS + 11 * FULL_PS;
    expect(boundsOf(tinyScenario(allReduce(1)), viewPlan(plan)).schedulePs).toBe(2 * trainPs);
  });
});

describe("flows", () => {
  const scenario = tinyScenario({ kind: "flows", flows: [] });
  const wayPs = 2 * NIC_PS + 2 * FLIGHT_PS + SWITCH_PS;

  test("one alone", () => {
    const plan = tinyPlan({ flows: [{ src: 0, dst: 1, bytes: 8 * 4096, startPs: 5000 }] });
    expect(idealJctPs(scenario, plan)).toBe(5000 + wayPs + 9 * FULL_PS);
  });

  test("an incast shares the link to the destination", () => {
    const flows = [1, 2, 3].map((src) => ({ src, dst: 0, bytes: 8 * 4096 }));
    expect(idealJctPs(scenario, tinyPlan({ hostsPerLeaf: 4, flows }))).toBe(wayPs + (1 + 24) * FULL_PS);
  });

  test("a source sends its flows one after the other", () => {
    const flows = [1, 2, 3].map((dst) => ({ src: 0, dst, bytes: 8 * 4096 }));
    expect(idealJctPs(scenario, tinyPlan({ hostsPerLeaf: 4, flows }))).toBe(wayPs + (24 + 1) * FULL_PS);
  });

  test("what starts later is not held up by what came before", () => {
    const flows = [
      { src: 1, dst: 0, bytes: 4096 },
      { src: 2, dst: 0, bytes: 4096, startPs: 1e9 },
    ];
    expect(idealJctPs(scenario, tinyPlan({ hostsPerLeaf: 3, flows }))).toBe(1e9 + wayPs + 2 * FULL_PS);
  });

  test("an uplink that all must cross", () => {
    const flows = [0, 1, 2, 3].map((src) => ({ src, dst: src + 4, bytes: 64 * 4096 }));
    const plan = tinyPlan({ leaves: 2, hostsPerLeaf: 4, spines: 1, flows });
    const restPs = NIC_PS + HOP_PS + FLIGHT_PS + SWITCH_PS + HOP_PS + LAST_PS;
    expect(idealJctPs(scenario, plan)).toBe(restPs + 4 * 64 * FULL_PS);
  });

  test("a sprayed flow may use slow uplinks side by side", () => {
    const flows = [{ src: 0, dst: 1, bytes: 64 * 4096 }];
    const spec: TinySpec = { leaves: 2, hostsPerLeaf: 1, spines: 4, fabricBps: 100e9, flows };
    const hashed = idealJctPs(scenario, tinyPlan({ ...spec, policy: "ecmp" }));
    const sprayed = idealJctPs(scenario, tinyPlan({ ...spec, policy: "spray" }));
    const acrossPs = 2 * NIC_PS + 4 * FLIGHT_PS + 3 * SWITCH_PS;
    expect(hashed).toBe(acrossPs + (64 + 1) * 4 * FULL_PS + 2 * FULL_PS);
    expect(sprayed).toBe(acrossPs + 65 * FULL_PS + 2 * 4 * FULL_PS);
  });
});
