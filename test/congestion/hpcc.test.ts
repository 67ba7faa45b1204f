import { describe, expect, it } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { mean, runIncast } from "./probed-incast.js";

const BYTES = 100_000_000;
const FULL_PACKET = 4178;
/** From 1 ms on, every 37.3 us. */
const PROBES_NS = Array.from({ length: 50 }, (_, i) => 1_000_000 + 37_300 * i);

describe("hpcc", () => {
  it("lets a flow alone fill the link as far as it is told to", async () => {
    for (const utilisation of [0.95, 0.8]) {
      const run = await runIncast({ senders: 1, bytes: BYTES, congestionControl: { kind: "hpcc", utilisation } });
      expect(run.utilisation).toBeGreaterThan(utilisation - 0.01);
      expect(run.utilisation).toBeLessThan(utilisation + 0.01);
    }
  });

  it.each([2, 8])("keeps a %i-to-1 incast 95 percent full with next to no queue", async (senders) => {
    const spec = { senders, bytes: BYTES, probesNs: PROBES_NS };
    const run = await runIncast({ ...spec, congestionControl: { kind: "hpcc" } });
    expect(run.utilisation).toBeGreaterThan(0.93);
    expect(run.utilisation).toBeLessThan(0.97);
    expect(mean(run.queueBytes)).toBeLessThan(2 * FULL_PACKET);
    expect(Math.max(...run.queueBytes)).toBeLessThan(senders * FULL_PACKET);
    // What all send in the first round trip, before they have heard of each other, is the most that
    // ever waits.
    expect(run.maxQueueBytes).toBeLessThan(senders * 180_000);
    const uncontrolled = await runIncast({ ...spec, congestionControl: { kind: "none" } });
    expect(mean(uncontrolled.queueBytes)).toBeGreaterThan(500 * FULL_PACKET);
  });

  // The paper's tiny increase is lost in the noise, with few packets under way; a larger one brings
  // the flows together.
  it.each([2, 8])(
    "shares a %i-to-1 incast within 10 percent where each flow probes for a twentieth",
    async (senders) => {
      const run = await runIncast({ senders, bytes: BYTES, congestionControl: { kind: "hpcc", flows: 20 } });
      for (const share of run.shares) expect(Math.abs(share - 1)).toBeLessThan(0.1);
      expect(run.utilisation).toBeLessThan(0.98);
    },
  );

  it("does not cut below the least rate: the windows that remain fill a queue", async () => {
    const congestionControl = { kind: "hpcc", minRate: "200Gbps" };
    const run = await runIncast({ senders: 8, bytes: BYTES, congestionControl, probesNs: PROBES_NS });
    // Eight windows of half a round trip each, of which one round trip's worth is on its way.
    expect(mean(run.queueBytes)).toBeGreaterThan(80 * FULL_PACKET);
    expect(run.utilisation).toBeGreaterThan(0.99);
  });

  it("is refused where packets cross more switches than they have room for", async () => {
    const switches = Array.from({ length: 7 }, (_, i) => `s${i}`);
    const chain = switches.slice(1).map((b, i) => ({ a: switches[i]!, b }));
    const scenario = (last: number) => ({
      topology: {
        kind: "custom",
        hosts: ["a", "b"],
        switches,
        links: [{ a: "a", b: "s0" }, { a: "b", b: `s${last}` }, ...chain],
      },
      transport: { congestionControl: { kind: "hpcc" } },
      workload: { kind: "flows", flows: [{ src: "a", dst: "b", size: "1MB" }] },
    });
    await expect(simulate(scenario(6))).rejects.toThrow(/hpcc: packets cross up to 7 switches/);
    expect((await simulate(scenario(5))).status).toBe("finished");
  });
});
