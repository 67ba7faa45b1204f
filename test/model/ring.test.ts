import { describe, expect, it, test } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import type { ScenarioDocument } from "../../src/scenario/schema/sections.js";
import { runCore } from "../support/run-core.js";
import { completionPs, leafDeliveryPs, oneLeaf, PAYLOAD_BYTES, planOf, WIRE_BYTES } from "./support.js";

function ring(gpus: number, packetsPerChunk: number) {
  const size = `${gpus * packetsPerChunk * PAYLOAD_BYTES}B`;
  return { kind: "collective", algorithm: "ring", size };
}

describe("ring all-reduce under one leaf", () => {
  test.each([2, 4, 8, 16])("%i GPUs, one packet a chunk: 2(N-1) deliveries", async (gpus) => {
    const outcome = await runCore(planOf({ topology: oneLeaf(gpus), workload: ring(gpus, 1) }));
    expect(completionPs(outcome)).toBe(2 * (gpus - 1) * leafDeliveryPs(1));
  });

  test.each([2, 4, 8, 16])("%i GPUs, 12 packets a chunk: 2(N-1) deliveries", async (gpus) => {
    // The first ACK comes when the chunk has left its sender: ACKs take no time from data.
    const outcome = await runCore(planOf({ topology: oneLeaf(gpus), workload: ring(gpus, 12) }));
    expect(completionPs(outcome)).toBe(2 * (gpus - 1) * leafDeliveryPs(12));
  });

  it("brings busbw to the share of payload in the line rate as the buffer grows", async () => {
    const gpus = 4;
    const payloadGBps = (50 * PAYLOAD_BYTES) / WIRE_BYTES;
    const transport = { kind: "roce", window: "unlimited", ackEvery: 65_535 };
    const busbw: number[] = [];
    for (const packets of [1, 16, 256, 4096, 8192]) {
      const result = await simulate({
        version: 1,
        topology: oneLeaf(gpus) as ScenarioDocument["topology"],
        transport,
        workload: ring(gpus, packets),
      });
      expect(result.jctNs).toBe((2 * (gpus - 1) * leafDeliveryPs(packets)) / 1000);
      busbw.push(result.busbwGBps!);
    }
    expect(busbw).toEqual([...busbw].sort((a, b) => a - b));
    expect(busbw.at(-1)).toBeLessThan(payloadGBps);
    // Latency is 2.35 us of a step of 687 us.
    expect(busbw.at(-1)! / payloadGBps).toBeGreaterThan(0.996);
  });

  it("pays for an ACK per packet at most what ACKs take on the wire", async () => {
    const [gpus, packets] = [4, 1024];
    const outcome = await runCore(planOf({ topology: oneLeaf(gpus), workload: ring(gpus, packets) }));
    const withoutPs = 2 * (gpus - 1) * leafDeliveryPs(packets);
    expect(completionPs(outcome)).toBeGreaterThan(withoutPs);
    // Each link carries an ACK of 84 B for each packet of 4178 B.
    expect(completionPs(outcome) / withoutPs).toBeLessThan(1 + 84 / WIRE_BYTES);
  });
});

describe("ring all-reduce over nodes of several GPUs", () => {
  const run = (more: object) =>
    simulate({
      version: 1,
      topology: { kind: "rail-optimized", gpus: 64, gpusPerNode: 8, radix: 32 },
      workload: { kind: "collective", algorithm: "ring", size: "64MiB", ...more },
    });

  it("takes a ring for each NIC of a node: over rails of their own they are that many times as fast", async () => {
    const [all, one, four] = [await run({}), await run({ channels: 1 }), await run({ channels: 4 })];
    // Latency is as long as before, and a larger part of a step whose chunk is an eighth.
    expect(one.jctNs! / all.jctNs!).toBeGreaterThan(7);
    expect(one.jctNs! / all.jctNs!).toBeLessThan(8);
    expect(one.jctNs! / four.jctNs!).toBeGreaterThan(3.7);
    expect(one.jctNs! / four.jctNs!).toBeLessThan(4);
    // A NIC carries 2 (N-1)/N of the buffer at most, which bounds all algorithms.
    expect(one.efficiency!).toBeLessThan(1 / 8);
    expect(all.efficiency!).toBeGreaterThan(0.85);
  });

  it("is the same run where so many channels are written", async () => {
    expect((await run({})).engine.digest).toBe((await run({ channels: 8 })).engine.digest);
  });
});
