import { describe, expect, it, test } from "vitest";
import { runCore } from "../support/run-core.js";
import {
  ACCESS_PS,
  CORE_PS,
  completionPs,
  deliveryPs,
  FABRIC_PS,
  leafDeliveryPs,
  oneLeaf,
  PACKET_PS,
  PAYLOAD_BYTES,
  planOf,
} from "./support.js";

const TWO_TIERS = { kind: "leaf-spine", gpus: 64, gpusPerNode: 1, radix: 16 };
const THREE_TIERS = { kind: "fat-tree", gpus: 128, gpusPerNode: 1, radix: 8, tiers: 3 };

const UNDER_LEAF = [ACCESS_PS, ACCESS_PS];
const OVER_SPINE = [ACCESS_PS, FABRIC_PS, FABRIC_PS, ACCESS_PS];
const OVER_CORE = [ACCESS_PS, FABRIC_PS, CORE_PS, CORE_PS, FABRIC_PS, ACCESS_PS];

function flow(src: number, dst: number, packets: number) {
  return { src, dst, size: `${packets * PAYLOAD_BYTES}B` };
}

function flows(...list: ReturnType<typeof flow>[]) {
  return { kind: "flows", flows: list };
}

describe("one flow through an empty fabric", () => {
  test.each([
    ["1 switch", TWO_TIERS, 1, UNDER_LEAF],
    ["3 switches of two tiers", TWO_TIERS, 63, OVER_SPINE],
    ["1 switch of three tiers", THREE_TIERS, 3, UNDER_LEAF],
    ["3 switches of three tiers", THREE_TIERS, 15, OVER_SPINE],
    ["5 switches", THREE_TIERS, 127, OVER_CORE],
  ])("takes what its links, switches and NICs take: %s", async (_name, topology, dst, cables) => {
    for (const packets of [1, 50]) {
      const outcome = await runCore(planOf({ topology, workload: flows(flow(0, dst, packets)) }));
      expect(outcome.finishPs[0]).toBe(deliveryPs(packets, cables));
    }
  });

  it("takes under 4 us across three switches, as measured fabrics do", () => {
    expect(deliveryPs(1, OVER_SPINE)).toBeGreaterThan(1e6);
    expect(deliveryPs(1, OVER_SPINE)).toBeLessThan(5e6);
  });
});

describe("flows of one NIC", () => {
  it("share it by turns: all but the last packet of the other go first", async () => {
    const outcome = await runCore(planOf({ topology: TWO_TIERS, workload: flows(flow(0, 63, 20), flow(0, 62, 20)) }));
    const lastPs = deliveryPs(40, OVER_SPINE);
    expect([...outcome.finishPs]).toEqual([lastPs - PACKET_PS, lastPs]);
  });

  it("follow each other at line rate", async () => {
    const list = [0, 1, 2].map((i) => ({ ...flow(0, 63 - i, 20), start: `${(i * 20 * PACKET_PS) / 1000}ns` }));
    const outcome = await runCore(planOf({ topology: TWO_TIERS, workload: flows(...list) }));
    expect([...outcome.finishPs]).toEqual([20, 40, 60].map((packets) => deliveryPs(packets, OVER_SPINE)));
  });
});

describe("incast", () => {
  test.each([2, 8])("%i to 1 under one leaf keeps the receiver's link busy to the end", async (senders) => {
    const list = Array.from({ length: senders }, (_, i) => flow(i + 1, 0, 100));
    const outcome = await runCore(planOf({ topology: oneLeaf(16), workload: flows(...list) }));
    expect(completionPs(outcome)).toBe(leafDeliveryPs(senders * 100));
  });

  test.each([2, 8])("%i to 1 from other leaves too, whatever the hash", async (senders) => {
    for (const seed of [1, 2, 3]) {
      const list = Array.from({ length: senders }, (_, i) => flow(8 + 7 * i, 0, 100));
      const outcome = await runCore(planOf({ seed, topology: TWO_TIERS, workload: flows(...list) }));
      expect(completionPs(outcome)).toBe(deliveryPs(senders * 100, OVER_SPINE));
    }
  });
});
