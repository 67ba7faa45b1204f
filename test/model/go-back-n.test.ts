import { describe, expect, test } from "vitest";
import type { RunPlan } from "../../src/plan/plan.js";
import { runCore } from "../support/run-core.js";
import { ACK_PS, mean, NIC_PS, PACKET_PS, planOf, SWITCH_PS, WIRE_BYTES } from "./support.js";

const PACKETS = 40_000;
const SEEDS = Array.from({ length: 24 }, (_, seed) => seed);

interface Recovery {
  readonly recovery: "go-back-n" | "selective";
  readonly lossRatio: number;
  /** One-way latency of the lossy cable. */
  readonly cablePs: number;
}

/**
 * Slots of a full packet from the start of one that is lost to the start of its repetition: the
 * next packet reaches the receiver, whose NACK comes back.
 */
function slotsPerLoss(cablePs: number): number {
  const flightPs = NIC_PS + SWITCH_PS + 2 * cablePs;
  return (PACKET_PS + flightPs + 2 * PACKET_PS + flightPs + 2 * ACK_PS) / PACKET_PS;
}

/** A flow between two hosts; its first cable loses data packets with `lossRatio`. */
function lossyPlan({ recovery, lossRatio, cablePs }: Recovery, seed: number): RunPlan {
  const cable = { latency: `${cablePs / 1000}ns`, fecLatency: "0ns" };
  const plan = planOf({
    seed,
    topology: {
      kind: "custom",
      hosts: ["a", "b"],
      switches: ["s"],
      links: [
        { a: "a", b: "s", ...cable, ber: 1e-3 },
        { a: "s", b: "b", ...cable },
      ],
    },
    // Nothing overtakes: what arrives out of turn shows a loss. The timer only matters where a
    // repetition is lost. It lasts a little more than a round trip.
    transport: {
      kind: "roce",
      recovery,
      window: "64MiB",
      reorder: 1,
      rto: `${Math.ceil((1.25 * slotsPerLoss(cablePs) * PACKET_PS) / 1000)}ns`,
      retryLimit: 100,
    },
    workload: { kind: "flows", flows: [{ src: "a", dst: "b", size: `${PACKETS * 4096}B` }] },
  });
  const hazards = plan.hazards.map((table) => {
    if (table === null) return null;
    const onlyData = new Float64Array(table.length);
    onlyData[WIRE_BYTES] = -Math.log1p(-lossRatio);
    return onlyData;
  });
  return { ...plan, hazards };
}

/** Share of the line rate that the flow gets, the latency of its last packet aside. */
async function goodput(setting: Recovery): Promise<number> {
  const shares: number[] = [];
  for (const seed of SEEDS) {
    const outcome = await runCore(lossyPlan(setting, seed));
    expect(outcome.status).toBe("finished");
    const latencyPs = 2 * NIC_PS + SWITCH_PS + 2 * setting.cablePs + PACKET_PS;
    shares.push((PACKETS * PACKET_PS) / (outcome.finishPs[0]! - latencyPs));
  }
  return mean(shares);
}

const SETTINGS = [
  [1e-3, 100_000],
  [1e-2, 100_000],
  [1e-3, 4_000_000],
  [1e-2, 4_000_000],
] as const;

describe("goodput over a lossy link", () => {
  test.each(SETTINGS)("go-back-N, p = %f, %i ps of cable: (1-p) / (1-p+pW)", async (p, cablePs) => {
    const expected = (1 - p) / (1 - p + p * slotsPerLoss(cablePs));
    const measured = await goodput({ recovery: "go-back-n", lossRatio: p, cablePs });
    // About 1,000 losses at p = 1e-3, which cost 20 % at most, and 10,000 at 1e-2: chance leaves
    // less than 1 %. The timer costs another 0.2 %.
    expect(Math.abs(measured / expected - 1)).toBeLessThan(0.03);
  });

  test.each(SETTINGS)("selective repeat, p = %f, %i ps of cable: 1-p", async (p, cablePs) => {
    const measured = await goodput({ recovery: "selective", lossRatio: p, cablePs });
    // A timeout, after p^2 of the packets, repeats the round trip that is on its way: 2.2 % at
    // worst.
    expect(Math.abs(measured / (1 - p) - 1)).toBeLessThan(0.03);
  });
});
