/** Critical paths that depend on which of several things at one instant came first. */
import { describe, expect, it } from "vitest";
import type { Tile } from "../../src/answer/path/tiles.js";
import { pathOfOracle } from "../oracle/path.js";
import { runSimulation } from "../oracle/run.js";
import { Simulation } from "../oracle/simulation.js";
import { pathOf, plain } from "../support/critical-path.js";
import { buildPlan } from "../support/network.js";
import type { NetworkSpec } from "../support/network-spec.js";

const MTU = 4096;
const RTO_PS = 50_000_000;

/** Two hosts at a switch. Of its packets to host 1 it loses this part per byte. */
function pair(packets: number, hazardPerByte: number, more: Partial<NetworkSpec>): NetworkSpec {
  const link = { b: 100, rateBps: 100e9, propagationPs: 10_000, mtuBytes: MTU };
  return {
    hosts: [0, 1],
    switches: [{ id: 100, latencyPs: 500_000, bufferBytes: 64e6, lossless: false, heedless: true }],
    links: [
      { a: 0, ...link },
      { a: 1, ...link, back: { hazardPerByte } },
    ],
    flows: [{ src: 0, dst: 1, bytes: packets * MTU }],
    nicLatencyPs: 200_000,
    ...more,
  };
}

/** The tiles of the core, which are the oracle's. */
async function tilesOf(spec: NetworkSpec): Promise<readonly Tile[]> {
  const plan = buildPlan(spec);
  const { tiles, outcome } = await pathOf(plan);
  expect(outcome.status).toBe("finished");
  const sim = new Simulation(plan);
  runSimulation(sim);
  expect(plain(tiles!)).toEqual(plain(pathOfOracle(sim)));
  return tiles!;
}

describe("the critical path among things of one instant", () => {
  it("follows the copy that a NIC accepted after it stalled, not the first one that it held", async () => {
    const untilPs = 12.5 * RTO_PS;
    const tiles = await tilesOf(
      pair(16, 6e-5, {
        stalls: [{ host: 1, fromPs: 0, untilPs, bufferBytes: 64e6 }],
        transport: { recovery: "go-back-n", rtoPs: RTO_PS, mostRtoPs: RTO_PS, retryLimit: 30 },
      }),
    );
    // No answer came meanwhile, so only a timer can have sent the accepted copy.
    const timeouts = tiles.filter(({ cause }) => cause === "timeout");
    expect(timeouts.length).toBeGreaterThan(0);
    expect(tiles.at(-1)).toMatchObject({ cause: "stall", toPs: untilPs });
  });

  it("waits for the second timer, not for what was sent right after the first", async () => {
    let timeouts = 0;
    for (let seed = 1; seed <= 8; seed++) {
      const transport = { recovery: "selective", rtoPs: RTO_PS, mostRtoPs: RTO_PS, retryLimit: 30 } as const;
      const tiles = await tilesOf(pair(4, 3e-4, { transport, seed }));
      timeouts += tiles.filter(({ cause }) => cause === "timeout").length;
    }
    expect(timeouts).toBeGreaterThan(8);
  });
});
