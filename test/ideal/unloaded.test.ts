import { describe, expect, test } from "vitest";
import { unloadedFlowPs } from "../../src/answer/ideal/unloaded.js";
import { UNREACHABLE } from "../../src/plan/fabric.js";
import { FLIGHT_PS, FULL_PS, NIC_PS, NVSWITCH_PS, SCALE_UP_NIC_PS, SWITCH_PS, tinyPlan } from "./support.js";

const LEAF_WAY_PS = 2 * NIC_PS + 2 * FLIGHT_PS + SWITCH_PS;
const SPINE_WAY_PS = 2 * NIC_PS + 4 * FLIGHT_PS + 3 * SWITCH_PS;
/** 100 bytes of payload and 82 of headers and gap at 400 Gb/s. */
const SMALL_PS = 182 * 20;

describe("a flow that has the network to itself", () => {
  test("one full packet under one leaf", () => {
    const plan = tinyPlan({ flows: [{ src: 0, dst: 1, bytes: 4096 }] });
    expect(unloadedFlowPs(plan, 0)).toBe(2 * NIC_PS + 2 * (FULL_PS + FLIGHT_PS) + SWITCH_PS);
    expect(unloadedFlowPs(plan, 0)).toBe(2_347_120);
  });

  test("packets follow each other at the rate of the link", () => {
    const plan = tinyPlan({ flows: [{ src: 0, dst: 1, bytes: 10 * 4096 }] });
    expect(unloadedFlowPs(plan, 0)).toBe(LEAF_WAY_PS + 11 * FULL_PS);
  });

  test("a smaller packet at the end waits for the full one before it at every hop", () => {
    const flows = [{ src: 0, dst: 2, bytes: 2 * 4096 + 100 }];
    const plan = tinyPlan({ leaves: 2, spines: 2, flows });
    expect(unloadedFlowPs(plan, 0)).toBe(SPINE_WAY_PS + (4 + 1) * FULL_PS + SMALL_PS);
  });

  test("the slowest link sets the pace", () => {
    const flows = [{ src: 0, dst: 2, bytes: 8 * 4096 }];
    const plan = tinyPlan({ leaves: 2, spines: 2, fabricBps: 100e9, flows });
    // Eight at the first slow link, one at the second, one at each fast one.
    expect(unloadedFlowPs(plan, 0)).toBe(SPINE_WAY_PS + 9 * 4 * FULL_PS + 2 * FULL_PS);
  });

  test("chunks that end in a smaller packet", () => {
    const plan = tinyPlan({ flows: [{ src: 0, dst: 1, bytes: 4096 + 100, chunks: 3 }] });
    // The first packet twice, the others once, the last one at the second link only.
    expect(unloadedFlowPs(plan, 0)).toBe(LEAF_WAY_PS + 4 * FULL_PS + 3 * SMALL_PS);
  });

  test("one small packet per chunk", () => {
    const plan = tinyPlan({ flows: [{ src: 0, dst: 1, bytes: 100, chunks: 5 }] });
    expect(unloadedFlowPs(plan, 0)).toBe(LEAF_WAY_PS + 6 * SMALL_PS);
  });

  test("takes the fastest of several ways", () => {
    const flows = [{ src: 0, dst: 2, bytes: 4096 }];
    const slowFirst = tinyPlan({ leaves: 2, spines: 2, uplinkBps: { "0-0": 100e9 }, flows });
    expect(unloadedFlowPs(slowFirst, 0)).toBe(SPINE_WAY_PS + 4 * FULL_PS);
    const allSlow = tinyPlan({ leaves: 2, spines: 2, uplinkBps: { "0-0": 100e9, "0-1": 200e9 }, flows });
    expect(unloadedFlowPs(allSlow, 0)).toBe(SPINE_WAY_PS + 5 * FULL_PS);
  });

  test("larger cells over the scale-up network", () => {
    const plan = tinyPlan({ gpusPerNode: 2, flows: [{ src: 0, dst: 1, bytes: 65_536, isScaleUp: true }] });
    const cellPs = ((65_536 + 82) * 8) / 3.2;
    expect(unloadedFlowPs(plan, 0)).toBe(2 * SCALE_UP_NIC_PS + 2 * (cellPs + FLIGHT_PS) + NVSWITCH_PS);
  });

  test("no way at all", () => {
    const nowhere = {
      kind: "table" as const,
      groups: [],
      groupOf: new Uint16Array(2).fill(UNREACHABLE),
      pinDivisor: 1,
    };
    const plan = tinyPlan({ routing: { "leaf-0": nowhere }, flows: [{ src: 0, dst: 1, bytes: 1 }] });
    expect(unloadedFlowPs(plan, 0)).toBe(Number.POSITIVE_INFINITY);
  });
});
