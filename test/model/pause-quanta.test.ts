import { describe, expect, it } from "vitest";
import { buildPlan } from "../support/network.js";
import { link } from "../support/network-spec.js";
import { runCore } from "../support/run-core.js";

const RATE_BPS = 400e9;
const PS_PER_BYTE = 20;
const QUANTUM_BYTES = 64;

/**
 * Two hosts send 300 packets each to one whose link is a tenth as fast: their switch pauses them
 * most of the time.
 */
function slowReceiver(pauseBytes: number | undefined, refreshShare: number) {
  return runCore(
    buildPlan({
      hosts: [0, 1, 2],
      switches: [{ id: 100, bufferBytes: 8 * 2 ** 20 }],
      links: [link(0, 100, RATE_BPS, 50_000), link(1, 100, RATE_BPS, 50_000), link(2, 100, RATE_BPS / 10, 50_000)],
      flows: [0, 1].map((src) => ({ src, dst: 2, bytes: 4096 * 300 })),
      transport: { recovery: "selective", windowPackets: 1024, rtoPs: 20_000_000_000 },
      flowControl: {
        ...{ reserveBytes: 0, xoffBytes: 100_000, headroomBytes: 100_000, resumeOffsetBytes: 20_000, refreshShare },
        ...(pauseBytes === undefined ? {} : { pauseBytes }),
      },
    }),
  );
}

describe("pauses with quanta", () => {
  it("change nothing while they are refreshed in time", async () => {
    const held = await slowReceiver(undefined, 0);
    expect(held.totals.pausesSent).toBeGreaterThan(2);
    for (const quanta of [500, 2000, 65_535]) {
      const refreshed = await slowReceiver(quanta * QUANTUM_BYTES, 0.5);
      expect(refreshed.finishPs).toEqual(held.finishPs);
      expect(refreshed.ports.pausedPs).toEqual(held.ports.pausedPs);
      const { pausesSent, resumesSent, droppedCongestion } = held.totals;
      expect(refreshed.totals).toMatchObject({ pausesSent, resumesSent, droppedCongestion, pausesLapsed: 0 });
      expect(held.totals.droppedCongestion).toBe(0);
      // One refresh in each half of a pause's time, rounded down for each pause.
      const halfPs = (quanta * QUANTUM_BYTES * PS_PER_BYTE) / 2;
      const mostRefreshes = held.ports.pausedPs.reduce((sum, ps) => sum + ps / halfPs + 1, 0);
      expect(refreshed.totals.refreshesSent).toBeLessThanOrEqual(mostRefreshes);
      expect(refreshed.totals.refreshesSent).toBeGreaterThan(mostRefreshes / 2 - 2 * pausesSent - 2);
    }
  });

  it("lapse where they are not refreshed, or too late, and packets are lost to congestion", async () => {
    for (const refreshShare of [0, 1.5]) {
      const outcome = await slowReceiver(500 * QUANTUM_BYTES, refreshShare);
      expect(outcome.status).toBe("finished");
      expect(outcome.totals.pausesLapsed).toBeGreaterThan(0);
      expect(outcome.totals.droppedCongestion).toBeGreaterThan(0);
      // Most pauses last their quanta, to the picosecond; only one that was refreshed lasted
      // longer.
      const longestPs = outcome.ports.longestPausePs.reduce((most, ps) => Math.max(most, ps), 0);
      expect(longestPs).toBe(500 * QUANTUM_BYTES * PS_PER_BYTE);
    }
  });
});
