import { describe, expect, it } from "vitest";
import { simulate } from "../../src/api/simulate.js";

/** 40,000 packets and as many ACKs over one direction that loses a share of both. */
function lossOf(frameLossRatio: number, packets = 40_000) {
  return simulate({
    version: 1,
    seed: 5,
    topology: {
      kind: "custom",
      hosts: ["a", "b"],
      switches: ["s"],
      links: [
        { a: "a", b: "s", frameLossRatio },
        { a: "s", b: "b" },
      ],
    },
    transport: { kind: "roce", recovery: "selective", window: "4MiB", ackEvery: 1, mtu: "1024B" },
    workload: { kind: "flows", flows: [{ src: "a", dst: "b", size: `${packets * 1024}B` }] },
  });
}

describe("packets lost at random, whatever their size", () => {
  it("are the share that was asked for, ACKs as much as data", async () => {
    const ratio = 0.01;
    const { packets, status } = await lossOf(ratio);
    expect(status).toBe("finished");
    const crossings = packets.sent + packets.acks;
    const mean = crossings * ratio;
    expect(Math.abs(packets.dropped.crc - mean)).toBeLessThan(4 * Math.sqrt(mean));
  });

  it("are none at ratio 0", async () => {
    const { packets } = await lossOf(0, 1000);
    expect(packets.dropped.crc).toBe(0);
    expect(packets.retransmitted).toBe(0);
  });
});
