import { describe, expect, test } from "vitest";
import { PRESETS } from "../../src/scenario/presets/presets.js";
import { measureShares } from "./steady-state.js";
import { mean } from "./support.js";

const SETTINGS = { routing: { policy: "adaptive" } };

/**
 * Mean share of the line rate; an ACK per packet, as out of order arrivals are answered, takes 2 %
 * of each link.
 */
async function meanShare(width: number, seed: number, transport: Record<string, unknown>): Promise<number> {
  const shares = await measureShares({ width, qps: 1, seed, settings: SETTINGS, transport }, 100e6, 300e6);
  return mean(shares);
}

describe("adaptive routing of random permutations", () => {
  test.each([
    { width: 8, seeds: [1, 2, 3] },
    { width: 16, seeds: [1, 2] },
    { width: 32, seeds: [1] },
  ])("gets at least 95 % of the line rate at $width x $width", async ({ width, seeds }) => {
    // A window of 128 packets against a round trip of 80: queues, and so what may overtake, stay
    // below the 64 packets that count as a loss.
    for (const seed of seeds)
      expect(await meanShare(width, seed, { recovery: "selective", window: "512KiB" })).toBeGreaterThan(0.95);
  });

  // With a window of 4 MiB queues grow until packets are overtaken by more than 64: the preset
  // counts a hole as a loss much later.
  test("gets at least 95 % of the line rate with the transport of the multipath preset", async () => {
    const { transport } = PRESETS.find(({ name }) => name === "multipath")!.settings;
    for (const seed of [1, 4])
      expect(await meanShare(8, seed, transport as Record<string, unknown>)).toBeGreaterThan(0.95);
  });
});
