import { describe, expect, it } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";

/**
 * Three leaves of three hosts under one spine. Each host of leaf-0 sends to the host of leaf-1 that
 * has its place: two bystanders share leaf and spine with the flow to the host that stalls. Of
 * leaf-2 one host sends to another, and one the opposite way, to leaf-0.
 */
function storm({ faults, flowControl = {} }: { faults: object[]; flowControl?: object }) {
  const hosts = [0, 1, 2].flatMap((leaf) =>
    [0, 1, 2].map((place) => ({ name: `h${leaf}${place}`, leaf: `leaf-${leaf}` })),
  );
  const flow = (src: string, dst: string) => ({ src, dst, size: "2MiB" });
  return simulate(
    parseScenario({
      version: 1,
      topology: {
        kind: "custom",
        hosts: hosts.map(({ name }) => name),
        switches: ["leaf-0", "leaf-1", "leaf-2", "spine-0"].map((name) => ({ name, buffer: "4MiB" })),
        links: [
          ...hosts.map(({ name, leaf }) => ({ a: name, b: leaf })),
          ...[0, 1, 2].map((leaf) => ({ a: `leaf-${leaf}`, b: "spine-0", rate: "1600Gbps" })),
        ],
      },
      flowControl: { kind: "pfc", threshold: { kind: "static", xoff: "64KiB" }, ...flowControl },
      transport: { kind: "roce", rto: "100ms" },
      workload: {
        kind: "flows",
        flows: [flow("h00", "h10"), flow("h01", "h11"), flow("h02", "h12"), flow("h20", "h21"), flow("h22", "h00")],
      },
      faults,
    }).scenario,
  );
}

const STALL = { kind: "nic-stall", host: "h10", start: "10us", until: "1ms" };

describe("a NIC that stalls", () => {
  it("stops flows of others that share a queue with what it was to get, and only while it lasts", async () => {
    const calm = await storm({ faults: [] });
    expect(calm.pfc.pauses).toBe(0);
    const result = await storm({ faults: [STALL] });
    expect(result.status).toBe("finished");
    expect(result.packets.dropped.congestion).toBe(0);
    expect(result.packets.retransmitted).toBe(0);
    const [stalled, first, second, apart, crossing] = result.flows!.map(({ finishNs }) => finishNs!);
    const calmNs = calm.flows!.map(({ finishNs }) => finishNs!);
    // Whoever meets its packets at leaf-0, at the spine or at leaf-1 waits for it.
    for (const finishNs of [stalled!, first!, second!]) expect(finishNs).toBeGreaterThan(1_000_000);
    // ACKs of others are in its way when it is calm.
    expect(crossing! / calmNs[4]!).toBeCloseTo(1, 1);
    expect(apart!).toBe(calmNs[3]);
    // What was left is sent when it is over; the hosts' own pauses are the last to end.
    expect(Math.max(stalled!, first!, second!)).toBeLessThan(1_000_000 + 1.25 * Math.max(...calmNs));
  });

  it("is named as the root of the cascade, and by the explanation", async () => {
    const { pfc, explanation } = await storm({ faults: [STALL] });
    expect(pfc.cascades[0]).toMatchObject({ root: "h10" });
    // The NIC pauses leaf-1, that the spine, that leaf-0, that its three hosts.
    expect(pfc.cascades[0]!.ports).toBeGreaterThanOrEqual(6);
    expect(pfc.longestPauseNs).toBeGreaterThan(950_000);
    const pauses = explanation.find(({ cause }) => cause === "pauses");
    expect(pauses!.text).toContain("goes back to h10, whose NIC took in no data from 10.0 us to 1.00 ms");
  });

  it("goes on telling its leaf to pause where pauses lapse, to the same end", async () => {
    const held = await storm({ faults: [STALL] });
    const refreshed = await storm({ faults: [STALL], flowControl: { quanta: 65_535 } });
    expect(refreshed.flows).toEqual(held.flows);
    expect(refreshed.pfc.refreshes).toBeGreaterThan(40);
    expect(refreshed.pfc.lapsed).toBe(0);
    const once = await storm({ faults: [STALL], flowControl: { quanta: 65_535, refresh: "off" } });
    expect(once.pfc.lapsed).toBeGreaterThan(0);
    expect(once.packets.dropped.congestion).toBeGreaterThan(0);
  });

  it("is contained by a watchdog: others are stopped only until it looks", async () => {
    const watchdog = { detect: "20us", restore: "200us" };
    const result = await storm({ faults: [STALL], flowControl: { watchdog } });
    expect(result.status).toBe("finished");
    // Only the port to the NIC stays paused so long: it drops what it holds, so that the others go
    // on.
    expect(result.pfc.storms).toBeGreaterThanOrEqual(1);
    expect(result.packets.dropped).toMatchObject({ congestion: 0, crc: 0 });
    expect(result.packets.dropped.watchdog).toBeGreaterThan(0);
    const [stalled, first, second] = result.flows!.map(({ finishNs }) => finishNs!);
    expect(stalled!).toBeGreaterThan(1_000_000);
    for (const finishNs of [first!, second!]) expect(finishNs).toBeLessThan(150_000);
  });

  it("for ever fails the job, and the diagnosis says where that goes back to; a job without it finishes", async () => {
    const failed = await storm({ faults: [{ ...STALL, until: "never" }] });
    expect(failed.status).toBe("qp-failed");
    expect(failed.diagnosis!.text).toContain("goes back to h10, whose NIC took in no data from 10.0 us on");
    const elsewhere = await storm({ faults: [{ ...STALL, host: "h02", until: "never" }] });
    expect(elsewhere.status).toBe("finished");
  });
});
