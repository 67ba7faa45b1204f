import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { simulate } from "../../src/api/simulate.js";
import type { Outcome } from "../../src/plan/outcome.js";
import { runOracle } from "../oracle/run.js";
import { buildPlan } from "../support/network.js";
import { link, type NetworkSpec } from "../support/network-spec.js";
import { runCore } from "../support/run-core.js";

const NIC_PS = 700_000;
const SWITCH_PS = 600_000;
const PROPAGATION_PS = 5_000;
/** A full packet, 4096 + 62 + 20 B, and an ACK, 64 + 20 B, at 400 Gb/s: 20 ps per byte. */
const PACKET_PS = 83_560;
const ACK_PS = 1_680;
/** From the start of a transmission, over one switch, to the end of processing. */
const oneWayPs = (serializationPs: number) => 2 * (serializationPs + PROPAGATION_PS) + SWITCH_PS + NIC_PS;
const THERE_PS = oneWayPs(PACKET_PS);
const BACK_PS = oneWayPs(ACK_PS);

/** Host 0 sends six packets to host 1, and its link loses some on the way out, by seed. */
function lossyPair(seed: number, transport: NetworkSpec["transport"]): NetworkSpec {
  return {
    seed,
    hosts: [0, 1],
    switches: [{ id: 100 }],
    links: [
      { ...link(0, 100, 400e9, PROPAGATION_PS), hazardPerByte: HAZARD / 4178, back: { hazardPerByte: 0 } },
      link(1, 100, 400e9, PROPAGATION_PS),
    ],
    flows: [{ src: 0, dst: 1, bytes: 6 * 4096 }],
    transport: { recovery: "selective", windowPackets: 64, reorderPackets: 1, rtoPs: RTO_PS, ...transport },
  };
}

/** The chance that a packet is lost is 1 - exp(-HAZARD). */
const HAZARD = 0.4;
const RTO_PS = 50_000_000;
/**
 * Seeds under which only packets 1 and 2, and the resend of 1, are lost; and only packets 4 and 5.
 */
const RESEND_LOST = 12;
const TAIL_LOST = 15;

const ENGINES: [string, (spec: NetworkSpec) => Promise<Outcome>][] = [
  ["core", (spec) => runCore(buildPlan(spec))],
  ["oracle", async (spec) => runOracle(buildPlan(spec))],
];

describe.each(ENGINES)("%s: lost resends", (_engine, run) => {
  /** The answer to packet 3 tells of the losses of 1 and 2, which are resent back to back. */
  const firstKnownPs = NIC_PS + 3 * PACKET_PS + THERE_PS + BACK_PS;

  test("are told by the answer to a later resend", async () => {
    const outcome = await run(lossyPair(RESEND_LOST, { lostResends: "detect" }));
    expect(outcome.totals).toMatchObject({ droppedCrc: 3, retransmitted: 3, timeouts: 0, droppedOrdering: 0 });
    const knownAgainPs = firstKnownPs + PACKET_PS + THERE_PS + BACK_PS;
    expect(outcome.finishPs[0]).toBe(knownAgainPs + THERE_PS);
  });

  test("wait for the timer without", async () => {
    const outcome = await run(lossyPair(RESEND_LOST, { lostResends: "timeout" }));
    expect(outcome.totals).toMatchObject({ droppedCrc: 3, retransmitted: 3, timeouts: 1 });
    // Packet 0 was acknowledged last.
    expect(outcome.finishPs[0]).toBe(NIC_PS + THERE_PS + BACK_PS + RTO_PS + THERE_PS);
  });

  test("are all told by silence where the tail is lost, which is no timeout", async () => {
    const quietPs = 3_000_000;
    const outcome = await run(lossyPair(TAIL_LOST, { lostResends: "detect", quietPs }));
    expect(outcome.totals).toMatchObject({ droppedCrc: 2, retransmitted: 2, timeouts: 0, droppedOrdering: 0 });
    expect(outcome.finishPs[0]).toBe(firstKnownPs + quietPs + PACKET_PS + THERE_PS);
  });
});

describe("lost resends of scenarios", () => {
  const file = new URL("../data/reports/lockout-two.yaml", import.meta.url);
  const lockout = parse(readFileSync(file, "utf8"));
  const BOUND_NS = 5_478_750;

  test("two senders that overrun a queue finish within 5 % of the bound, without a timeout", async () => {
    const { jctNs, packets } = await simulate(lockout);
    expect(packets.timeouts).toBe(0);
    expect(jctNs! / BOUND_NS).toBeLessThan(1.05);
  });

  test("a path without loss carries each packet once, however full its queue", async () => {
    // The receiver's queue never runs over: a window of each sender fits.
    const run = async (lostResends: string) => {
      const transport = { recovery: "selective", window: "1MiB", rto: "4ms", lostResends };
      return simulate({ ...lockout, transport });
    };
    const [detect, timeout] = [await run("detect"), await run("timeout")];
    expect(detect.packets).toMatchObject({ retransmitted: 0, timeouts: 0 });
    expect(detect.engine.digest).toBe(timeout.engine.digest);
  });
});
