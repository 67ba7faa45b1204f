import { describe, expect, test } from "vitest";
import type { Outcome } from "../../src/plan/outcome.js";
import type { Transport } from "../../src/plan/plan.js";
import { runOracle } from "../oracle/run.js";
import { buildPlan } from "../support/network.js";
import { link, type NetworkSpec } from "../support/network-spec.js";
import { runCore } from "../support/run-core.js";

const NIC_PS = 700_000;
/**
 * A full packet, 4178 B, and an ACK, 84 B, at 400 Gb/s, each over two links of 5 ns and one switch.
 */
const PACKET_WAY_PS = 2 * (83_560 + 5_000) + 600_000 + NIC_PS;
const ROUND_TRIP_PS = PACKET_WAY_PS + 2 * (1_680 + 5_000) + 600_000 + NIC_PS;

const FIXED = { rtoPs: 50_000_001, mostRtoPs: null };
const ADAPTIVE = { rtoPs: 64_000_001, mostRtoPs: 1_000_000_007 };
const RECOVERIES: Partial<Transport>[] = [
  { recovery: "go-back-n", windowPackets: 0 },
  { recovery: "selective", windowPackets: 16 },
];
const TIMEOUTS = [FIXED, ADAPTIVE, { rtoPs: 50_000_000, mostRtoPs: 50_000_000 }];
const ENGINES: [string, (spec: NetworkSpec) => Promise<Outcome>][] = [
  ["core", (spec) => runCore(buildPlan(spec))],
  ["oracle", async (spec) => runOracle(buildPlan(spec))],
];

/** The time from the first of `count` timeouts in a row to the last one's expiry. */
function inRowPs({ rtoPs, mostRtoPs }: Pick<Transport, "rtoPs" | "mostRtoPs">, timeouts: number): number {
  let ps = 0;
  for (let n = 0, next = rtoPs; n < timeouts; n++, next *= 2)
    ps += mostRtoPs === null ? rtoPs : Math.min(next, mostRtoPs);
  return ps;
}

/** Host 0 sends packets to host 1 under a switch. What its link does to them is `fault`. */
function pair(packets: number, transport: Partial<Transport>, fault: object = {}, seed = 1): NetworkSpec {
  return {
    seed,
    hosts: [0, 1],
    switches: [{ id: 100 }],
    links: [{ ...link(0, 100, 400e9, 5_000), ...fault, back: { hazardPerByte: 0 } }, link(1, 100, 400e9, 5_000)],
    flows: [{ src: 0, dst: 1, bytes: packets * 4096 }],
    transport,
  };
}

describe.each(ENGINES)("%s: retransmission timeouts", (_engine, run) => {
  test("on a dead link the QP fails when all of them have passed", async () => {
    for (const recovery of RECOVERIES) {
      for (const timeout of TIMEOUTS) {
        for (const [packets, retryLimit] of [
          [1, 7],
          [9, 7],
          [3, 0],
          [2, 70],
        ] as const) {
          const spec = pair(packets, { ...recovery, ...timeout, retryLimit }, { downAtPs: 0 });
          const failsAtPs = NIC_PS + inRowPs(timeout, retryLimit + 1);
          // What happens at the limit still happens.
          const failed = await run({ ...spec, timeLimitPs: failsAtPs });
          expect(failed).toMatchObject({ status: "qp-failed", failedFlow: 0, totals: { timeouts: retryLimit + 1 } });
          const before = await run({ ...spec, timeLimitPs: failsAtPs - 1 });
          expect(before).toMatchObject({ status: "time-limit", totals: { timeouts: retryLimit } });
        }
      }
    }
  });

  test("a flow of one packet that is lost again and again takes as long as they do, no longer", async () => {
    const seen = new Set<number>();
    for (const recovery of RECOVERIES) {
      for (const timeout of TIMEOUTS) {
        for (let seed = 1; seed <= 15; seed++) {
          const transport = { ...recovery, ...timeout, retryLimit: 100 };
          const { totals, finishPs } = await run(pair(1, transport, { hazardPerByte: 1 / 4178 }, seed));
          expect(totals.timeouts).toBe(totals.droppedCrc);
          expect(finishPs[0]).toBe(NIC_PS + inRowPs(timeout, totals.timeouts) + PACKET_WAY_PS);
          seen.add(totals.timeouts);
        }
      }
    }
    expect(Math.max(...seen)).toBeGreaterThanOrEqual(3);
  });

  test("an acknowledgement takes them back to the first: each packet of a window of one has as many that come too soon", async () => {
    const packets = 20;
    for (const recovery of ["go-back-n", "selective"] as const) {
      const transport = { recovery, windowPackets: 1, retryLimit: 7 };
      // Of 0.3 us they expire after 0.3, 0.9 and 2.1 us; the ACK comes after 2.79.
      for (const [rtoPs, mostRtoPs, each] of [
        [300_000, 20_000_000, 3],
        [300_000, 700_000, 4],
        [500_000, null, 5],
      ] as const) {
        const { totals, ackedPs } = await run(pair(packets, { ...transport, rtoPs, mostRtoPs }));
        expect(totals).toMatchObject({ timeouts: packets * each, retransmitted: packets * each });
        expect(ackedPs[0]).toBe(NIC_PS + packets * ROUND_TRIP_PS);
      }
    }
  });
});
