import { describe, expect, it } from "vitest";
import { formatResult } from "../../src/answer/result/text.js";
import { simulate } from "../../src/api/simulate.js";
import { codewordErrorRatio, frameLossRatio } from "../../src/build/physics/fec.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";

const HOSTS = Array.from({ length: 4 }, (_, i) => `h${i}`);

/** Two leaves with two hosts each, joined by a spine that is used and one that is not. */
function runWith(faults: object[], flows = [{ src: "h0", dst: "h2", size: "4MiB" }]) {
  const { scenario } = parseScenario({
    version: 1,
    name: "faults",
    topology: {
      kind: "custom",
      hosts: [...HOSTS, "idle"],
      switches: ["left", "right", "far"],
      links: [
        ...HOSTS.map((a, i) => ({ a, b: i < 2 ? "left" : "right" })),
        { a: "left", b: "right" },
        { a: "left", b: "far" },
        { a: "idle", b: "far" },
      ],
    },
    transport: { recovery: "selective", rto: "200us", retryLimit: 3 },
    workload: { kind: "flows", flows },
    faults,
  });
  return simulate(scenario);
}

describe("the trace of a fault", () => {
  it("is left out where there is none", async () => {
    expect((await runWith([])).faults).toBeUndefined();
  });

  it("tells what a bit error ratio comes to, and what it lost", async () => {
    const result = await runWith([{ kind: "degraded-link", from: "left", to: "right", ber: 2e-3 }]);
    const [fault] = result.faults!;
    expect(fault).toMatchObject({ kind: "degraded-link", where: "left <-> right", hitTraffic: true });
    expect(fault!.packetsLost).toBe(result.packets.dropped.crc);
    // A full packet and its preamble, two codewords in a group.
    const expected = frameLossRatio(codewordErrorRatio(2e-3), 4096 + 62 + 8, 2);
    expect(fault!.frameLossRatio! / expected).toBeCloseTo(1, 9);
    expect(fault!.packetsLost).toBeGreaterThan(0);
  });

  it("tells a loss ratio of packets as it was stated", async () => {
    const [fault] = (await runWith([{ kind: "degraded-link", from: "left", to: "right", frameLossRatio: 0.01 }]))
      .faults!;
    expect(fault!.frameLossRatio).toBeCloseTo(0.01, 12);
    expect(fault!.text).toMatch(/^loses one full packet in 100, carried /);
  });

  it("says so where no packet took the link", async () => {
    const result = await runWith([
      { kind: "degraded-link", from: "left", to: "far", ber: 3e-4 },
      { kind: "link-down", from: "far", to: "idle", start: "1us" },
      { kind: "nic-stall", host: "idle", start: "1us", until: "5us" },
    ]);
    expect(result.faults!.map(({ hitTraffic }) => hitTraffic)).toEqual([false, false, false]);
    for (const { text } of result.faults!) expect(text).toContain("hit no traffic");
    expect(formatResult(result, { color: false })).toContain("link-down far <-> idle: hit no traffic");
  });

  it("counts the packets that a link takes down with it, in both directions", async () => {
    const result = await runWith([{ kind: "link-down", from: "left", to: "right", start: "20us" }]);
    expect(result.status).toBe("qp-failed");
    expect(result.faults).toMatchObject([{ hitTraffic: true, packetsLost: result.packets.dropped.linkDown }]);
    expect(result.faults![0]!.packetsLost).toBeGreaterThan(0);
  });

  it("tells how long a NIC that stalls paused its leaf", async () => {
    const result = await runWith([{ kind: "nic-stall", host: "h2", start: "10us", until: "60us" }]);
    const [fault] = result.faults!;
    expect(fault).toMatchObject({ kind: "nic-stall", where: "h2", hitTraffic: true });
    expect(fault!.pausedNs).toBeGreaterThan(45_000);
    expect(fault!.pausedNs).toBeLessThan(55_000);
  });

  it("leaves the ideal time as it is, and is its cost in the explanation", async () => {
    const [healthy, slow] = await Promise.all([
      runWith([]),
      runWith([{ kind: "degraded-link", from: "left", to: "right", rate: "100Gbps" }]),
    ]);
    expect(slow.idealJctNs).toBe(healthy.idealJctNs);
    expect(slow.jctNs).toBeGreaterThan(3.5 * healthy.jctNs!);
    for (const { explanation, idealJctNs, efficiency } of [healthy, slow]) {
      expect(explanation[0]).toMatchObject({ cause: "bound", ns: idealJctNs });
      expect(explanation[0]!.shareOfJct).toBeCloseTo(efficiency!, 12);
    }
    expect(slow.explanation.find(({ cause }) => cause === "faults")!.shareOfJct).toBeGreaterThan(0.7);
  });

  it("is told in the singular where it is one", async () => {
    const text = formatResult(await runWith([]));
    expect(text).toContain("1 flow, 4.00 MiB in all");
    expect(text).not.toMatch(/\b1 (flows|hops|packets|timeouts|ranks|chunks)\b/);
  });
});
