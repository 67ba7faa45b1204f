import { describe, expect, it } from "vitest";
import { simulate } from "../../src/api/simulate.js";

const MBPS = 1e6;

/** `senders` hosts of one switch send to host 0. */
function incast(senders: number, dcqcn: object, sizeBytes: number) {
  const hosts = Array.from({ length: senders + 1 }, (_, i) => `h${i}`);
  return {
    version: 1,
    topology: { kind: "custom", hosts, switches: ["s"], links: hosts.map((a) => ({ a, b: "s" })) },
    links: { access: { rate: "400Gbps", length: "3m" } },
    transport: { window: "unlimited", congestionControl: { kind: "dcqcn", ...dcqcn } },
    workload: {
      kind: "flows",
      flows: hosts.slice(1).map((src) => ({ src, dst: "h0", size: `${sizeBytes}B` })),
    },
  };
}

describe("dcqcn", () => {
  it("lets a flow alone run at line rate: nothing is marked", async () => {
    const { flows, ecn } = await simulate(incast(1, {}, 2 ** 24));
    expect(ecn).toEqual({ marked: 0, cnps: 0 });
    expect((2 ** 24 * 8) / flows![0]!.fctNs!).toBeGreaterThan(400 * 0.98 * 0.99);
  });

  it("brings the flows of a 2-to-1 incast to equal rates, within 5 %, that fill the link", async () => {
    const bytes = 400_000_000;
    const { flows, ecn, packets, links } = await simulate(incast(2, {}, bytes));
    expect(ecn.cnps).toBeGreaterThan(20);
    expect(packets.dropped.congestion).toBe(0);
    const rates = flows!.map(({ fctNs }) => bytes / fctNs!);
    const mean = (rates[0]! + rates[1]!) / 2;
    for (const rate of rates) expect(Math.abs(rate / mean - 1)).toBeLessThan(0.05);
    expect(links.utilisation.max).toBeGreaterThan(0.93);
  }, 60_000);

  it("keeps the queue of an incast short of where PFC pauses, once it has converged", async () => {
    const { pfc, links } = await simulate(incast(2, {}, 100_000_000));
    const alone = await simulate({
      ...incast(2, {}, 100_000_000),
      transport: { window: "unlimited", congestionControl: { kind: "none" } },
    });
    expect(pfc.pauses).toBeLessThan(alone.pfc.pauses / 10);
    expect(links.utilisation.max).toBeGreaterThan(0.9);
  }, 60_000);

  it("sends at most one notification per QP and interval", async () => {
    const { ecn, jctNs } = await simulate(incast(4, { cnpInterval: "20us" }, 2 ** 24));
    expect(ecn.cnps).toBeGreaterThan(4);
    expect(ecn.cnps).toBeLessThanOrEqual(4 * (Math.floor(jctNs! / 20_000) + 1));
  });

  it("does not cut below the least rate", async () => {
    const slow = {
      initialAlpha: 1,
      gain: 1,
      timer: "1s",
      alphaPeriod: "1s",
      byteCounter: "off",
      decreaseInterval: "1ns",
    };
    const scenario = incast(8, { ...slow, cnpInterval: "1ns", minRate: "10Gbps" }, 2 ** 22);
    const { flows } = await simulate({ ...scenario, ecn: { kmin: "0B", kmax: "0B", pmax: 1 } });
    for (const { fctNs } of flows!) expect((2 ** 22 * 8e9) / fctNs!).toBeGreaterThan(9_500 * MBPS);
  });

  it.each(["dcqcn.paper", "dcqcn.nvidia", "dcqcn.hpcc-400g", "dcqcn.simai-400g"])(
    "with the settings of %s slows the senders of an incast down without a drop",
    async (preset) => {
      const { topology, links, workload } = incast(8, {}, 2 ** 22);
      const { status, ecn, packets, jctNs } = await simulate({ version: 1, preset, topology, links, workload });
      expect(status).toBe("finished");
      expect(ecn.cnps).toBeGreaterThan(0);
      expect(packets.dropped.congestion).toBe(0);
      expect(jctNs).toBeGreaterThan((8 * 2 ** 22 * 8) / 400);
    },
  );
});
