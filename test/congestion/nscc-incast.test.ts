import { beforeAll, describe, expect, it } from "vitest";
import { Sender } from "../../src/engine/core/layout.js";
import type { Outcome } from "../../src/plan/outcome.js";
import { ACCESS_PS, NIC_PS, PACKET_PS, planOf, SWITCH_PS } from "../model/support.js";
import { watchCore } from "../support/inspect-core.js";
import { incast } from "./incast.js";
import { mean } from "./probed-incast.js";

const SENDERS = 32;
const BYTES = 4_000_000;
const PACKETS = Math.ceil(BYTES / 4096);
const STEP_PS = 20e6;
/** From 200 us on; the run takes 2.6 ms. */
const PROBES_NS = Array.from({ length: 60 }, (_, i) => 200_000 + 37_300 * i);
/** From the post of a probe, a packet of one byte, to its delivery, if nothing is in its way. */
const UNLOADED_PS = 2 * NIC_PS + 2 * ACCESS_PS + SWITCH_PS + 2 * 83 * 20;

interface Snapshot {
  readonly nowPs: number;
  /** Packets acknowledged to each sender. */
  readonly acked: readonly number[];
  readonly trimmed: number;
}

/**
 * An incast of 32 under one switch, and a host that sends single packets to see how long they wait.
 * Marks are those of `ecn: auto`, as in htsim's NSCC: from 0.2 to 0.8 of the bandwidth-delay
 * product, here 50 GB/s times 3.13 us.
 */
const plan = planOf(document());

function document(more: object = {}) {
  const { topology, links, workload } = incast(SENDERS, BYTES, {});
  const probes = PROBES_NS.map((startNs) => ({ src: "probe", dst: "h0", size: "1B", start: `${startNs}ns` }));
  return {
    preset: "uec",
    topology: {
      ...topology,
      hosts: [...topology.hosts, "probe"],
      links: [...topology.links, { a: "probe", b: "s" }],
    },
    links,
    switch: { buffer: "1MiB" },
    // Without draws of who is trimmed.
    flowControl: { trimVictim: "arriving" },
    workload: { ...workload, flows: [...workload.flows, ...probes] },
    ...more,
  };
}

/** Jain's index of fairness: 1 where all are equal, 1/n where one has all. */
function jain(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  return sum ** 2 / (values.length * values.reduce((total, value) => total + value ** 2, 0));
}

/**
 * Of UEC 1.0, with the constants of htsim's uec.cpp: a queueing delay of 0.75 round trips as the
 * aim where switches trim, first windows of 1.5.
 */
describe("nscc in a 32-to-1 incast with trimming", () => {
  const snapshots: Snapshot[] = [];
  let outcome: Outcome;

  beforeAll(async () => {
    await watchCore(plan, STEP_PS, (instant) => {
      outcome = instant.outcome();
      const acked = Array.from({ length: SENDERS }, (_, flow) => instant.sender(flow, Sender.acked));
      snapshots.push({ nowPs: instant.nowPs, acked, trimmed: outcome.totals.trimmed });
      return true;
    });
  });

  it("marks from 0.2 to 0.8 of the base round trip, of the fabric or as it is said", () => {
    const rttOf = ({ transport: { congestionControl } }: typeof plan) =>
      congestionControl?.kind === "nscc" ? congestionControl.baseRttPs : Number.NaN;
    expect(rttOf(plan)).toBeGreaterThan(3.1e6);
    expect(rttOf(plan)).toBeLessThan(3.2e6);
    const congestionControl = { kind: "nscc", baseRtt: "10us" };
    for (const { ecn, ...rest } of [plan, planOf(document({ transport: { congestionControl } }))]) {
      const baseRttPs = rttOf({ ecn, ...rest });
      expect(ecn!.at).toBe("enqueue");
      expect(ecn!.kminPs[0]).toBeCloseTo(0.2 * baseRttPs, 3);
      expect(ecn!.kmaxPs[0]).toBeCloseTo(0.8 * baseRttPs, 3);
      expect(ecn!.slope[0]! * 0.6 * baseRttPs).toBeCloseTo(1, 9);
    }
  });

  it("loses nothing for good: what is trimmed is sent once more, without a timeout", () => {
    expect(outcome.status).toBe("finished");
    expect(outcome.totals).toMatchObject({ timeouts: 0, droppedCongestion: 0, droppedOrdering: 0 });
    expect(outcome.totals.dataDelivered).toBe(SENDERS * PACKETS + PROBES_NS.length);
    expect(outcome.totals.retransmitted).toBe(outcome.totals.trimmed);
  });

  it("trims in the first round trips only", () => {
    // Windows of 1.5 BDP of each come at once, to a queue that may have half of 1 MiB.
    expect(outcome.totals.trimmed).toBeGreaterThan(1000);
    expect(snapshots[0]!.nowPs).toBeLessThan(21e6);
    expect(outcome.totals.trimmed).toBe(snapshots[0]!.trimmed);
  });

  it("keeps the link full: the last flow ends within 1 % of the bound", () => {
    const lastPs = Math.max(...outcome.finishPs.subarray(0, SENDERS));
    const boundPs = SENDERS * PACKETS * PACKET_PS;
    expect(lastPs).toBeGreaterThan(boundPs);
    expect(lastPs).toBeLessThan(1.01 * boundPs);
  });

  it("shares it: Jain's index above 0.9 in every interval of 400 us, and above 0.98 at half of the run", () => {
    const apart = 400e6 / STEP_PS;
    const busy = snapshots.filter(({ acked }) => Math.max(...acked) < PACKETS);
    expect(busy.length).toBeGreaterThan(5 * apart);
    for (let i = apart; i < busy.length; i++) {
      const gained = busy[i]!.acked.map((acked, flow) => acked - busy[i - apart]!.acked[flow]!);
      expect(jain(gained)).toBeGreaterThan(0.9);
    }
    const half = snapshots.findIndex(({ nowPs }) => nowPs > (SENDERS * PACKETS * PACKET_PS) / 2);
    expect(jain(snapshots[half]!.acked)).toBeGreaterThan(0.98);
  });

  it("holds the queue near its aim from then on", () => {
    const control = plan.transport.congestionControl!;
    if (control.kind !== "nscc") throw new Error(`the uec preset has ${control.kind}`);
    expect(control.targetPs).toBeCloseTo(0.75 * control.baseRttPs, 0);
    const waitsPs = PROBES_NS.map((startNs, i) => outcome.finishPs[SENDERS + i]! - startNs * 1000 - UNLOADED_PS);
    expect(Math.abs(mean(waitsPs) / control.targetPs - 1)).toBeLessThan(0.3);
    for (const waitPs of waitsPs) {
      expect(waitPs).toBeGreaterThan(0.5 * control.targetPs);
      expect(waitPs).toBeLessThan(2 * control.targetPs);
    }
  });
});
