import { describe, expect, test } from "vitest";
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

/**
 * Seeds under which host 0 of a `lossyStar` loses its third packet of hazard 0.3, or its first of
 * hazard 1, and no other.
 */
const THIRD_LOST = 115;
const FIRST_LOST = 17;

/** From the post of a full packet to its delivery. */
const DELIVERY_PS = oneWayPs(PACKET_PS, 1) + NIC_PS;

function oneWayPs(serializationPs: number, switches: number): number {
  return (switches + 1) * (serializationPs + PROPAGATION_PS) + switches * SWITCH_PS + NIC_PS;
}

function access(host: number, sw: number) {
  return link(host, sw, 400e9, PROPAGATION_PS);
}

/** `count` hosts, numbered from 0, under switch 100. */
function star(count: number, rest: Omit<NetworkSpec, "hosts" | "switches" | "links">): NetworkSpec {
  const hosts = Array.from({ length: count }, (_, host) => host);
  return { hosts, switches: [{ id: 100 }], links: hosts.map((host) => access(host, 100)), ...rest };
}

/** A star whose host 0 loses packets on the way out. */
function lossyStar(seed: number, hazard: number, rest: Omit<NetworkSpec, "hosts" | "switches" | "links">): NetworkSpec {
  const spec = star(2, { seed, ...rest });
  const lossy = { ...access(0, 100), hazardPerByte: hazard / 4178, back: { hazardPerByte: 0 } };
  return { ...spec, links: [lossy, access(1, 100)] };
}

type Run = (spec: NetworkSpec) => Promise<Outcome>;

const ENGINES: [string, Run][] = [
  ["core", (spec) => runCore(buildPlan(spec))],
  ["oracle", async (spec) => runOracle(buildPlan(spec))],
];

describe.each(ENGINES)("%s: " + "one flow", (_engine, run) => {
  test("a packet under one switch", async () => {
    const outcome = await run(star(2, { flows: [{ src: 0, dst: 1, bytes: 4096, startPs: 11 }] }));
    expect(outcome.status).toBe("finished");
    expect(outcome.finishPs[0]).toBe(11 + 2_177_120);
    expect(outcome.finishPs[0]).toBe(11 + DELIVERY_PS);
    expect(outcome.ackedPs[0]).toBe(11 + DELIVERY_PS + oneWayPs(ACK_PS, 1));
    expect(outcome.endPs).toBe(outcome.ackedPs[0]);
    expect(outcome.totals).toMatchObject({ hops: 4, dataHops: 2, dataSent: 1, dataDelivered: 1, acksSent: 1 });
    expect([...outcome.ports.txBytes]).toEqual([4178, 84, 84, 4178]);
  });

  test("a packet through three switches, with FEC", async () => {
    const links = [access(0, 100), access(1, 102), access(100, 101), access(101, 102)];
    const outcome = await run({
      hosts: [0, 1],
      switches: [{ id: 100 }, { id: 101 }, { id: 102 }],
      links: links.map((plain) => ({ ...plain, fecPs: 120_000 })),
      flows: [{ src: 0, dst: 1, bytes: 4096 }],
    });
    expect(outcome.finishPs[0]).toBe(NIC_PS + oneWayPs(PACKET_PS, 3) + 4 * 120_000);
  });

  test("packets follow each other at line rate, the last one short", async () => {
    const outcome = await run(star(2, { flows: [{ src: 0, dst: 1, bytes: 9 * 4096 + 1000 }] }));
    const shortPs = (1000 + 82) * 20;
    expect(outcome.finishPs[0]).toBe(NIC_PS + 9 * PACKET_PS + oneWayPs(shortPs, 1) + (PACKET_PS - shortPs));
  });

  test("a window of one packet waits for each acknowledgement", async () => {
    const flows = [{ src: 0, dst: 1, bytes: 5 * 4096 }];
    const outcome = await run(star(2, { flows, transport: { windowPackets: 1 } }));
    expect(outcome.ackedPs[0]).toBe(NIC_PS + 5 * (oneWayPs(PACKET_PS, 1) + oneWayPs(ACK_PS, 1)));
  });

  test("serialization is rounded at rates that are no whole ps per byte", async () => {
    const scaleUp = { rateBps: 3.6e12, propagationPs: PROPAGATION_PS };
    const links = [0, 1].map((host) => ({ a: host, b: 100, ...scaleUp }));
    const outcome = await run({ ...star(2, { flows: [{ src: 0, dst: 1, bytes: 4096 }] }), links });
    expect(outcome.finishPs[0]).toBe(NIC_PS + oneWayPs(9284, 1));
  });
});

describe.each(ENGINES)("%s: " + "sharing", (_engine, run) => {
  test("two hosts to one: ingress ports take turns at the bottleneck", async () => {
    const n = 10;
    const flows = [0, 1].map((src) => ({ src, dst: 2, bytes: n * 4096 }));
    const outcome = await run(star(3, { flows }));
    expect([...outcome.finishPs]).toEqual([
      DELIVERY_PS + (2 * n - 2) * PACKET_PS,
      DELIVERY_PS + (2 * n - 1) * PACKET_PS,
    ]);
    const toReceiver = 5;
    expect(outcome.ports.maxBacklogPs[toReceiver]).toBe((n + 1) * PACKET_PS);
  });

  test("QPs of a NIC take turns", async () => {
    const flows = [1, 2].map((dst) => ({ src: 0, dst, bytes: 2 * 4096 }));
    const outcome = await run(star(3, { flows }));
    expect([...outcome.finishPs]).toEqual([DELIVERY_PS + 2 * PACKET_PS, DELIVERY_PS + 3 * PACKET_PS]);
  });

  test("an ACK overtakes queued data in the control class, and queues in the data class", async () => {
    const flows = [
      { src: 1, dst: 0, bytes: 40 * 4096 },
      { src: 2, dst: 0, bytes: 40 * 4096 },
      { src: 0, dst: 3, bytes: 4096 },
    ];
    const firstAtPortPs = NIC_PS + PACKET_PS + PROPAGATION_PS + SWITCH_PS;
    const restPs = ACK_PS + PROPAGATION_PS + NIC_PS;
    // The ACK reaches the port to host 0 while the 17th packet leaves; 34 have come by then.
    const control = await run(star(4, { flows, wire: { ackClass: "control" } }));
    expect(control.ackedPs[2]).toBe(firstAtPortPs + 17 * PACKET_PS + restPs);
    const data = await run(star(4, { flows, wire: { ackClass: "data" } }));
    expect(data.ackedPs[2]).toBe(firstAtPortPs + 34 * PACKET_PS + restPs);
  });

  test("round robin spreads packets evenly over parallel links", async () => {
    const trunk = link(100, 101, 400e9, PROPAGATION_PS);
    const outcome = await run({
      hosts: [0, 1],
      switches: [{ id: 100 }, { id: 101 }],
      links: [access(0, 100), access(1, 101), trunk, trunk],
      flows: [{ src: 0, dst: 1, bytes: 8 * 4096 }],
      routing: { policy: "round-robin" },
      transport: { recovery: "selective", windowPackets: 64 },
    });
    expect(outcome.finishPs[0]).toBe(NIC_PS + oneWayPs(PACKET_PS, 2) + 7 * PACKET_PS);
  });
});

describe.each(ENGINES)("%s: " + "flow graphs", (_engine, run) => {
  test("a relay waits for the delivery, the reduction and its NIC", async () => {
    const flows = [
      { src: 0, dst: 1, bytes: 4096 },
      { src: 1, dst: 2, bytes: 4096, delayPs: 250_000, after: [{ flow: 0, lag: 0 }] },
    ];
    const outcome = await run(star(3, { flows }));
    expect(outcome.finishPs[1]).toBe(2 * DELIVERY_PS + 250_000);
  });

  test("chunks with unequal delays at one NIC are sent in order of time", async () => {
    const after = [{ flow: 0, lag: 0 }];
    const flows = [
      { src: 0, dst: 1, bytes: 4096 },
      ...[900_000, 300_000, 600_000, 300_000].map((delayPs) => ({ src: 1, dst: 2, bytes: 4096, delayPs, after })),
    ];
    const { finishPs } = await run(star(3, { flows }));
    // Two are due at the same time: the first one triggered goes first.
    const waitsPs = [900_000, 300_000, 600_000, 300_000 + PACKET_PS];
    expect([...finishPs].slice(1)).toEqual(waitsPs.map((ps) => 2 * DELIVERY_PS + ps));
  });

  test.each([1, 4])("a ring of %i ranks per device takes one delivery per step", async (hostsPerDevice) => {
    const flows = [0, 1, 2, 3].map((src) => ({
      src,
      dst: (src + 1) % 4,
      bytes: 4096,
      chunks: 6,
      after: [{ flow: (src + 3) % 4, lag: 1 }],
    }));
    const outcome = await run(star(4, { flows, hostsPerDevice }));
    expect([...outcome.finishPs]).toEqual([0, 1, 2, 3].map(() => 6 * DELIVERY_PS));
  });

  test("flows that wait for each other are stuck", async () => {
    const flows = [
      { src: 0, dst: 1, bytes: 4096, after: [{ flow: 1, lag: 0 }] },
      { src: 1, dst: 0, bytes: 4096, after: [{ flow: 0, lag: 0 }] },
    ];
    const outcome = await run(star(2, { flows }));
    expect(outcome.status).toBe("stuck");
    expect(outcome.endPs).toBe(0);
    expect(outcome.finishPs[0]).toBeNaN();
  });

  test("the time limit is inclusive", async () => {
    const flows = [{ src: 0, dst: 1, bytes: 4096 }];
    const whole = await run(star(2, { flows, timeLimitPs: DELIVERY_PS }));
    expect(whole.chunksDelivered[0]).toBe(1);
    const cut = await run(star(2, { flows, timeLimitPs: DELIVERY_PS - 1 }));
    expect(cut.status).toBe("time-limit");
    expect(cut.chunksDelivered[0]).toBe(0);
  });
});

describe.each(ENGINES)("%s: " + "loss", (_engine, run) => {
  test("go-back-N repeats from the lost packet when the receiver says so", async () => {
    const flows = [{ src: 0, dst: 1, bytes: 4 * 4096 }];
    const outcome = await run(lossyStar(THIRD_LOST, 0.3, { flows }));
    expect(outcome.totals).toMatchObject({ droppedCrc: 1, droppedOrdering: 1, nacksSent: 1, retransmitted: 2 });
    const nackAtSenderPs = DELIVERY_PS + 3 * PACKET_PS + oneWayPs(ACK_PS, 1);
    expect(outcome.finishPs[0]).toBe(nackAtSenderPs + oneWayPs(PACKET_PS, 1) + PACKET_PS);
  });

  test("selective repeat sends the lost packet only", async () => {
    const flows = [{ src: 0, dst: 1, bytes: 4 * 4096 }];
    const transport = { recovery: "selective", windowPackets: 64, reorderPackets: 1 } as const;
    const outcome = await run(lossyStar(THIRD_LOST, 0.3, { flows, transport }));
    expect(outcome.totals).toMatchObject({ droppedCrc: 1, droppedOrdering: 0, nacksSent: 0, retransmitted: 1 });
    const holeKnownPs = DELIVERY_PS + 3 * PACKET_PS + oneWayPs(ACK_PS, 1);
    expect(outcome.finishPs[0]).toBe(holeKnownPs + oneWayPs(PACKET_PS, 1));
  });

  test("a lost last packet is repeated after the timeout", async () => {
    const flows = [{ src: 0, dst: 1, bytes: 4096 }];
    const outcome = await run(lossyStar(FIRST_LOST, 1, { flows, transport: { rtoPs: 50_000_000 } }));
    expect(outcome.totals).toMatchObject({ droppedCrc: 1, timeouts: 1, retransmitted: 1 });
    expect(outcome.finishPs[0]).toBe(DELIVERY_PS + 50_000_000);
  });

  test("a QP fails after its last retry", async () => {
    const flows = [{ src: 0, dst: 1, bytes: 4096 }];
    const outcome = await run(lossyStar(1, 1000, { flows, transport: { rtoPs: 50_000_000, retryLimit: 2 } }));
    expect(outcome).toMatchObject({ status: "qp-failed", failedFlow: 0 });
    expect(outcome.totals.timeouts).toBe(3);
  });
});

describe.each(ENGINES)("%s: " + "full buffers", (_engine, run) => {
  const flows = [0, 1].map((src) => ({ src, dst: 2, bytes: 100 * 4096 }));

  test("PFC pauses the senders, drops nothing and keeps the bottleneck busy", async () => {
    const rules = { reserveBytes: 0, headroomBytes: 40 * 4158, xoffBytes: 20 * 4158, resumeOffsetBytes: 4158 };
    const outcome = await run(star(3, { flows, flowControl: rules }));
    expect(outcome.status).toBe("finished");
    expect(outcome.totals.pausesSent).toBeGreaterThan(2);
    expect(outcome.totals.resumesSent).toBe(outcome.totals.pausesSent);
    expect(outcome.totals.droppedCongestion).toBe(0);
    expect(outcome.ports.pausedPs[0]).toBeGreaterThan(0);
    expect(Math.max(...outcome.finishPs)).toBe(DELIVERY_PS + 199 * PACKET_PS);
  });

  test("a pause comes with the packet that reaches the threshold", async () => {
    const rules = { reserveBytes: 0, headroomBytes: 40 * 4158, xoffBytes: 3 * 4158, resumeOffsetBytes: 4158 };
    const arrivalPs = (n: number) => NIC_PS + n * PACKET_PS + PROPAGATION_PS + SWITCH_PS;
    const pausesBy = async (timeLimitPs: number) => {
      const outcome = await run(star(3, { flows, flowControl: rules, timeLimitPs }));
      return [...outcome.ports.pausesSent.slice(3)];
    };
    // When the third packets come one of host 0 has left, so host 1 is the first to have three in
    // the buffer. One of its own leaves right then, which ends that pause, and its fourth packet
    // begins the next.
    expect(await pausesBy(arrivalPs(3) - 1)).toEqual([0, 0, 0]);
    expect(await pausesBy(arrivalPs(3))).toEqual([0, 1, 0]);
    expect(await pausesBy(arrivalPs(4))).toEqual([1, 2, 0]);
  });

  test("tail drop loses packets, which are repeated", async () => {
    const spec = star(3, { flows, transport: { rtoPs: 100_000_000 } });
    const outcome = await run({ ...spec, switches: [{ id: 100, lossless: false, bufferBytes: 20 * 4158 }] });
    expect(outcome.status).toBe("finished");
    expect(outcome.totals.droppedCongestion).toBeGreaterThan(0);
    expect(outcome.totals.retransmitted).toBeGreaterThan(0);
    expect(outcome.totals.pausesSent).toBe(0);
  });

  test("marks begin where the backlog passes the threshold", async () => {
    const ecn = { at: "enqueue" as const, kminPs: 50 * PACKET_PS, kmaxPs: 50 * PACKET_PS, pmax: 1 };
    const outcome = await run(star(3, { flows, ecn }));
    // Backlog before the two packets of instant j: j and j + 1 packets.
    expect(outcome.totals.ecnMarked).toBe(49 + 50);
  });
});
