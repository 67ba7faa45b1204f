import { describe, expect, it } from "vitest";
import { codewordErrorRatio, frameLossRatio, KP4, KR4 } from "../../src/build/physics/fec.js";
import type { Outcome } from "../../src/plan/outcome.js";
import { minusLog1m } from "../../src/util/logarithm.js";
import { runCore } from "../support/run-core.js";
import { NIC_PS, planOf, SWITCH_PS, WIRE_BYTES } from "./support.js";

/**
 * A bit error ratio of 4e-4 loses one full frame in 1e8 where lanes have KP4, as all links of a
 * scenario do: a loss in ten seconds at 400 Gb/s. The links here have KR4, the code of lanes of 25
 * Gb/s, which loses one in ninety. Only the tables of hazards differ.
 */
const BER = 4e-4;
const RATE_GBPS = 100;
const PS_PER_BYTE = 8000 / RATE_GBPS;
const GAP_BYTES = 20;
const ACK_WIRE_BYTES = 84;
const PACKETS = 300_000;
const RTO_PS = 15e6;

const packetPs = WIRE_BYTES * PS_PER_BYTE;
const ackPs = ACK_WIRE_BYTES * PS_PER_BYTE;

function lossRatio(wireBytes: number): number {
  return frameLossRatio(codewordErrorRatio(BER, KR4), Math.max(0, wireBytes - GAP_BYTES) + 8, 1);
}

/**
 * A flow from a to b; errors on the link between a and the switch, in both directions, of
 * `cablePs`.
 */
function run(llr: boolean, cablePs: number, ber = BER): Promise<Outcome> {
  const cable = { rate: `${RATE_GBPS}Gbps`, latency: `${cablePs / 1000}ns`, fecLatency: "0ns" };
  const plan = planOf({
    topology: {
      kind: "custom",
      hosts: ["a", "b"],
      switches: ["s"],
      links: [
        { a: "a", b: "s", ...cable, ber, llr },
        { a: "s", b: "b", ...cable },
      ],
    },
    transport: { recovery: "go-back-n", window: "4MiB", rto: `${RTO_PS / 1e6}us`, retryLimit: 100 },
    workload: { kind: "flows", flows: [{ src: "a", dst: "b", size: `${PACKETS * 4096}B` }] },
  });
  const hazards = plan.hazards.map((table) => table?.map((_, wireBytes) => minusLog1m(lossRatio(wireBytes))) ?? null);
  return runCore({ ...plan, hazards });
}

const CABLES = [1_000, 225_000];

describe("go-back-N over a link with a bit error ratio of 4e-4", () => {
  const p = lossRatio(WIRE_BYTES);

  it("loses a frame in ninety by KR4, one in 1e8 by KP4", () => {
    expect(p).toBeCloseTo(1.11e-2, 3);
    const byKp4 = frameLossRatio(codewordErrorRatio(BER, KP4), WIRE_BYTES - GAP_BYTES + 8, 2);
    expect(byKp4).toBeGreaterThan(1e-8);
    expect(byKp4).toBeLessThan(1.2e-8);
  });

  it.each(CABLES)("repeats round trips without retry: (1-p) / (1-p+pW), %i ps of cable", async (cablePs) => {
    const { status, totals, finishPs } = await run(false, cablePs);
    expect(status).toBe("finished");
    // To the receiver, for the packet after the one that is lost, and back to the sender.
    const flightPs = NIC_PS + SWITCH_PS + 2 * cablePs;
    const roundTripPs = packetPs + flightPs + 2 * packetPs + flightPs + 2 * ackPs;
    // A repetition that is lost, or a NACK, is noticed by the timer alone.
    const perLossPs = roundTripPs + (p + lossRatio(ACK_WIRE_BYTES)) * RTO_PS;
    const slots = perLossPs / packetPs;
    const expected = (1 - p) / (1 - p + p * slots);
    // 3,000 losses of a seventh of the time: chance leaves 0.3 %.
    expect(Math.abs((PACKETS * packetPs) / finishPs[0]! / expected - 1)).toBeLessThan(0.03);
    // The sender never rests, so that the rest of the line rate is retransmissions.
    expect(Math.abs(totals.retransmitted / PACKETS / (1 / expected - 1) - 1)).toBeLessThan(0.1);
    expect(totals.replays).toBe(0);
  });

  it.each(CABLES)(
    "has nothing to retransmit with retry, which costs a loop and a serialization per loss, %i ps of cable",
    async (cablePs) => {
      const [clean, retried] = [await run(true, cablePs, 0), await run(true, cablePs)];
      expect(retried.totals).toMatchObject({
        retransmitted: 0,
        nacksSent: 0,
        timeouts: 0,
        droppedCrc: 0,
        droppedOrdering: 0,
      });
      // The ports are numbered in the order of the links: the first is a's.
      const replays = (retried.ports.txBytes[0]! - clean.ports.txBytes[0]!) / WIRE_BYTES;
      // Geometric: p + p^2 + …; four standard deviations.
      const mean = (PACKETS * p) / (1 - p);
      expect(Math.abs(replays - mean)).toBeLessThan(4 * Math.sqrt(mean / (1 - p)));
      // MODEL, Retry: the port is busy for the loop and once more the frame. The switch behind it
      // follows.
      const perReplayPs = 2 * cablePs + packetPs;
      expect(retried.finishPs[0]! - clean.finishPs[0]!).toBe(replays * perReplayPs);
      // So the goodput falls by FLR times that time's share of a frame's time: FLR itself on a
      // cable of no length.
      const goodput = clean.finishPs[0]! / retried.finishPs[0]!;
      const expected = 1 / (1 + ((p / (1 - p)) * perReplayPs) / packetPs);
      expect(Math.abs((1 - goodput) / (1 - expected) - 1)).toBeLessThan(0.08);
    },
  );
});
