import { describe, expect, it } from "vitest";
import type { LinkClass } from "../../src/plan/fabric.js";
import type { WireFormat } from "../../src/plan/plan.js";
import { creditLoopPs, fullRateBlocks } from "../../src/resolve/link-credit.js";
import { resolvePlan } from "../../src/resolve/resolve.js";
import type { CreditParams } from "../../src/scenario/types/scenario.js";
import { scenarioOf } from "../topology/scenarios.js";

const WIRE: WireFormat = {
  headerBytes: 62,
  gapBytes: 20,
  ackBytes: 64,
  pauseBytes: 64,
  ackClass: "control",
  serialization: "round",
};

const CREDIT: CreditParams = {
  blockBytes: 64,
  bufferBytes: "auto",
  updateEveryBytes: "auto",
  updateWireBytes: 8,
  responsePs: 300_000,
};

function link(rateBps: number, propagationPs: number, fecPs = 75_000): LinkClass {
  const rest = { level: "fabric", mtuBytes: 4096, loss: null, retries: false, downAtPs: Number.POSITIVE_INFINITY };
  return { ...rest, rateBps, propagationPs, fecPs };
}

/** 65 blocks of 64 B hold a packet of 4158 B. */
const PACKET_BLOCKS = 65;

describe("the buffer for full rate", () => {
  it("at 400G over 30 m, from a switch of 600 ns", () => {
    const own = link(400e9, 150_000);
    const loop = { incoming: own, outgoing: own, latencyPs: 600_000, releasesAtEnd: true, classes: 1 };
    // A packet of 4178 B takes 83.56 ns: there, on from there, and once in the update's way.
    expect(creditLoopPs(loop, CREDIT, WIRE)).toBe(3 * 83_560 + 225_000 + 600_000 + 160 + 225_000 + 300_000);
    expect(fullRateBlocks(loop, CREDIT, WIRE)).toBe((20 + 2) * PACKET_BLOCKS);
  });

  it("takes each direction at its own rate", () => {
    const [fast, slow] = [link(400e9, 150_000), link(100e9, 150_000)];
    const rest = { latencyPs: 600_000, releasesAtEnd: false, classes: 1 };
    expect(creditLoopPs({ ...rest, incoming: slow, outgoing: fast }, CREDIT, WIRE)).toBe(
      334_240 + 225_000 + 600_000 + 83_560 + 160 + 225_000 + 300_000,
    );
    expect(creditLoopPs({ ...rest, incoming: fast, outgoing: slow }, CREDIT, WIRE)).toBe(
      83_560 + 225_000 + 600_000 + 334_240 + 640 + 225_000 + 300_000,
    );
  });

  it.each([
    [400e9, 5, 26_000],
    [400e9, 100, 73_000],
    [400e9, 500, 273_000],
    [400e9, 2000, 1_020_000],
    [800e9, 5, 43_000],
    [800e9, 100, 138_000],
    [800e9, 500, 538_000],
  ])("at %f b/s over %i m is the usual rule of thumb, and up to four packets", (rateBps, meters, roughBytes) => {
    // Rate times (the way there and back, and 300 ns), and two packets; ours also counts the
    // packet's own way through, and one in the way of the update.
    const own = link(rateBps, meters * 5000, 0);
    const loop = { incoming: own, outgoing: own, latencyPs: 0, releasesAtEnd: true, classes: 1 };
    const bytes = 64 * fullRateBlocks(loop, CREDIT, WIRE);
    expect(bytes).toBeGreaterThan(roughBytes * 0.98);
    expect(bytes).toBeLessThan(roughBytes * 1.01 + 4 * 4160);
  });
});

describe("receive buffers of a fabric", () => {
  const scenario = (flowControl: object, more: object = {}) =>
    scenarioOf({
      topology: { kind: "leaf-spine", gpus: 32, gpusPerNode: 4, radix: 16 },
      flowControl: { kind: "credit", ...flowControl },
      workload: { kind: "flows", pattern: "permutation", size: "1MiB" },
      ...more,
    });

  it("are at both ends of every link but those of the scale-up network", () => {
    const { fabric, flowControl } = resolvePlan(scenario({ buffer: "64KiB" })).plan;
    const { bufferBlocks, updateBlocks } = flowControl.credit!;
    fabric.peerPort.forEach((_, port) => {
      const isScaleUp = fabric.linkClasses[fabric.portClass[port]!]!.level === "scaleUp";
      expect(bufferBlocks[port]).toBe(isScaleUp ? 0 : 1024);
      // Two packets.
      expect(updateBlocks[port]).toBe(isScaleUp ? 0 : 2 * PACKET_BLOCKS);
    });
    fabric.switches.forEach(({ level }, i) => {
      expect(flowControl.lossless[i]).toBe(level === "nvswitch" ? 1 : 0);
    });
  });

  it("tell of room sooner where a sender might otherwise wait for it", () => {
    const { updateBlocks } = resolvePlan(scenario({ buffer: "4160B", updateEvery: "1MB" })).plan.flowControl.credit!;
    expect(Math.max(...updateBlocks)).toBe(1);
    const packets = resolvePlan(scenario({ buffer: "16640B", updateEvery: "1MB" })).plan.flowControl.credit!;
    expect(Math.max(...packets.updateBlocks)).toBe(3 * PACKET_BLOCKS + 1);
  });

  it("must fit into their switch", () => {
    expect(() => resolvePlan(scenario({ buffer: "64KiB" }, { switch: { buffer: "512KiB" } }))).toThrow(
      /the receive buffers of the 16 ports of leaf-0 take 1MiB together, more than its buffer of 512KiB; write a larger switch.buffer, or a smaller flowControl.buffer/,
    );
  });
});
