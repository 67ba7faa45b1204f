import { describe, expect, it } from "vitest";
import { simulate } from "../../src/api/simulate.js";

/** A long flow over one bad link. */
function overBadLink(ber: number, llr: boolean, bytes = 50_000_000) {
  return {
    version: 1,
    topology: {
      kind: "custom",
      hosts: ["a", "b"],
      switches: ["s"],
      links: [
        { a: "a", b: "s", ber, llr, length: "30m" },
        { a: "b", b: "s" },
      ],
    },
    transport: { recovery: "go-back-n", window: "4MiB", rto: "1ms" },
    workload: { kind: "flows", flows: [{ src: "a", dst: "b", size: `${bytes}B` }] },
  };
}

describe("link-level retry", () => {
  it("makes the retransmissions of go-back-N vanish at a bit error ratio of 1e-3", async () => {
    const without = await simulate(overBadLink(1e-3, false));
    const retried = await simulate(overBadLink(1e-3, true));
    expect(without.packets.dropped.crc).toBeGreaterThan(10);
    expect(without.packets.retransmitted).toBeGreaterThan(100);
    expect(retried.packets.replayed).toBeGreaterThan(10);
    expect(retried.packets.retransmitted).toBe(0);
    expect(retried.packets.dropped.crc).toBe(0);
    expect(retried.jctNs!).toBeLessThan(without.jctNs!);
  });

  it("costs the link's round trip and the frame's serialization for each repetition", async () => {
    const clean = await simulate(overBadLink(0, true));
    const retried = await simulate(overBadLink(1e-3, true));
    // Repetitions of data delay the flow; those of ACKs hardly ever.
    const perReplayNs = 2 * (150 + 75) + 83.56;
    const extraNs = retried.jctNs! - clean.jctNs!;
    expect(extraNs).toBeGreaterThan(0);
    expect(extraNs).toBeLessThanOrEqual(retried.packets.replayed * perReplayNs * 1.001);
    expect(extraNs).toBeGreaterThan(retried.packets.replayed * perReplayNs * 0.5);
  });

  it("gives a frame up after four repetitions", async () => {
    const { packets, status } = await simulate(overBadLink(2e-3, true, 400_000));
    expect(status).not.toBe("cancelled");
    expect(packets.replayed).toBeGreaterThan(3 * packets.dropped.crc);
    expect(packets.dropped.crc).toBeGreaterThan(0);
  });

  it("changes nothing on links that lose nothing", async () => {
    const [off, on] = [await simulate(overBadLink(0, false)), await simulate(overBadLink(0, true))];
    expect(on.engine.digest).toBe(off.engine.digest);
  });
});
