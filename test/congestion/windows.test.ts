import { describe, expect, it } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { resolvePlan } from "../../src/resolve/resolve.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import type { ScenarioDocument } from "../../src/scenario/schema/sections.js";
import { incast } from "./incast.js";

const GBPS = 400;
const SHARE = 4096 / 4178;

async function goodputs(scenario: ScenarioDocument): Promise<number[]> {
  const { flows } = await simulate(scenario);
  return flows!.map(({ bytes, fctNs }) => (bytes * 8) / fctNs!);
}

describe.each(["swift", "nscc"])("%s", (kind) => {
  it("lets a flow alone run at line rate", async () => {
    const [alone] = await goodputs(incast(1, 1e7, { kind }));
    expect(alone).toBeGreaterThan(GBPS * SHARE * 0.98);
  });

  it("fills the link of an incast", async () => {
    const result = await simulate(incast(8, 1e7, { kind }));
    expect(result.jctNs! / result.idealJctNs).toBeLessThan(1.02);
  });

  it("keeps the queue of an incast far below that of fixed windows, and drops nothing where those drop", async () => {
    const lossy = { flowControl: { kind: "none" } };
    const controlled = await simulate(incast(16, 4e6, { kind }, lossy));
    const fixed = await simulate(incast(16, 4e6, { kind: "none" }, lossy));
    const queue = (result: typeof fixed) => result.links.hottest[0]!.maxQueueBytes;
    expect(controlled.packets.dropped.congestion).toBe(0);
    expect(fixed.packets.dropped.congestion).toBeGreaterThan(1000);
    expect(queue(controlled)).toBeLessThan(queue(fixed) / 1.5);
  });

  it("never has a flow wait forever: a hundred senders finish", async () => {
    const { status, packets } = await simulate(incast(100, 200_000, { kind }));
    expect(status).toBe("finished");
    expect(packets.dropped.congestion).toBe(0);
  });
});

describe("swift", () => {
  it("brings the flows of an incast to fair shares, within 10 %", async () => {
    const rates = await goodputs(incast(8, 2e7, { kind: "swift" }));
    const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
    for (const rate of rates) expect(Math.abs(rate / mean - 1)).toBeLessThan(0.1);
  });

  it("holds the round trip at its target", async () => {
    const target = incast(2, 5e7, { kind: "swift", target: "12us", flowRange: "1ns" });
    const { links } = await simulate(target);
    // 12 us less the unloaded round trip of 4.5 us, at 50 GB/s; the first windows overshoot by one
    // BDP.
    expect(links.hottest[0]!.maxQueueBytes).toBeGreaterThan(0.7 * 7.5e-6 * 50e9);
    expect(links.hottest[0]!.maxQueueBytes).toBeLessThan(1.3 * 7.5e-6 * 50e9);
  });
});

describe("the base round trip", () => {
  it("is the longest of the fabric, unloaded: 2 (2 nic + links + switches) and the serialization of packet and ACK", () => {
    const { plan } = resolvePlan(
      parseScenario({
        version: 1,
        topology: { kind: "leaf-spine", gpus: 64, gpusPerNode: 1, radix: 16 },
        links: {
          access: { rate: "400Gbps", latency: "15ns", fecLatency: "75ns" },
          fabric: { latency: "150ns", fecLatency: "75ns" },
        },
        transport: { congestionControl: { kind: "nscc" } },
        workload: { kind: "flows", flows: [{ src: 0, dst: 63, size: "4KiB" }] },
      }).scenario,
    );
    const oneWayPs = 2 * 90_000 + 2 * 225_000 + 3 * 600_000 + 700_000;
    const control = plan.transport.congestionControl!;
    expect(control).toMatchObject({ baseRttPs: 2 * oneWayPs + 4 * (4178 + 84) * 20 });
  });
});
