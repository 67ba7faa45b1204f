import { describe, expect, it } from "vitest";
import type { PathCause, Tile } from "../../src/answer/path/tiles.js";
import { pathOf } from "../support/critical-path.js";
import { buildPlan } from "../support/network.js";
import type { NetworkSpec } from "../support/network-spec.js";

const RATE_BPS = 100e9;
const MTU = 4096;
/** Header and gap of the default wire format. */
const OVERHEAD = 82;
const WIRE_PS = ((MTU + OVERHEAD) * 8e12) / RATE_BPS;
const PROPAGATION_PS = 10_000;
const SWITCH_PS = 500_000;
const NIC_PS = 200_000;

const link = (a: number, b: number, more: object = {}) => ({
  a,
  b,
  rateBps: RATE_BPS,
  propagationPs: PROPAGATION_PS,
  mtuBytes: MTU,
  ...more,
});

/** Hosts 0, 1, … at switch 100. */
function star(hosts: number, flows: NetworkSpec["flows"], more: Partial<NetworkSpec> = {}): NetworkSpec {
  const ids = Array.from({ length: hosts }, (_, i) => i);
  return {
    hosts: ids,
    switches: [{ id: 100, latencyPs: SWITCH_PS, bufferBytes: 64e6, lossless: false }],
    links: ids.map((id) => link(id, 100)),
    flows,
    nicLatencyPs: NIC_PS,
    ...more,
  };
}

async function sharesOf(spec: NetworkSpec) {
  const { tiles, outcome } = await pathOf(buildPlan(spec));
  expect(outcome.status).toBe("finished");
  const shares: Partial<Record<PathCause, number>> = {};
  for (const { cause, fromPs, toPs } of tiles!) shares[cause] = (shares[cause] ?? 0) + toPs - fromPs;
  return { shares, tiles: tiles!, jctPs: Math.max(...outcome.finishPs) };
}

const ofCause = (tiles: readonly Tile[], cause: PathCause) => tiles.filter((tile) => tile.cause === cause);

describe("the critical path of runs that can be worked out", () => {
  it("is the wire and the latencies of one flow on an empty network", async () => {
    const packets = 5;
    const { shares, jctPs } = await sharesOf(star(2, [{ src: 0, dst: 1, bytes: packets * MTU, startPs: 1000 }]));
    expect(shares).toEqual({
      start: 1000,
      nic: 2 * NIC_PS,
      serialization: (packets + 1) * WIRE_PS,
      propagation: 2 * PROPAGATION_PS,
      switch: SWITCH_PS,
    });
    expect(jctPs).toBe(1000 + 2 * NIC_PS + (packets + 1) * WIRE_PS + 2 * PROPAGATION_PS + SWITCH_PS);
  });

  it("waits for the packets of all others in an incast of n", async () => {
    const senders = 4;
    const packets = 8;
    const flows = Array.from({ length: senders }, (_, i) => ({ src: i, dst: senders, bytes: packets * MTU }));
    const { shares, tiles } = await sharesOf(star(senders + 1, flows));
    // The link to the receiver sends all packets; the last leaves the sender after its own others.
    expect(shares.serialization).toBe((packets + 1) * WIRE_PS);
    expect(shares.queueing).toBe((senders * packets - packets) * WIRE_PS);
    const [wait] = ofCause(tiles, "queueing");
    const sent = wait!.behind!.reduce((sum, { ps }) => sum + ps, 0);
    expect(sent).toBe(shares.queueing);
    expect(new Set(wait!.behind!.map(({ flow }) => flow)).size).toBe(senders);
  });

  it("goes round a ring, and names what ranks compute", async () => {
    const ranks = 4;
    const delayPs = 7000;
    const flows = Array.from({ length: ranks }, (_, i) => ({
      src: i,
      dst: (i + 1) % ranks,
      bytes: MTU,
      chunks: 6,
      delayPs,
      after: [{ flow: (i + ranks - 1) % ranks, lag: 1 }],
    }));
    const { shares, tiles } = await sharesOf(star(ranks, flows));
    expect(shares).toEqual({
      compute: 5 * delayPs,
      nic: 12 * NIC_PS,
      serialization: 12 * WIRE_PS,
      propagation: 12 * PROPAGATION_PS,
      switch: 6 * SWITCH_PS,
      ...(shares.queueing === undefined ? {} : { queueing: shares.queueing }),
    });
    expect(new Set(tiles.map(({ flow }) => flow)).size).toBe(ranks);
  });

  it("puts retransmission down to the link that lost the packet", async () => {
    const spec = star(2, [{ src: 0, dst: 1, bytes: 400 * MTU }]);
    const links = [link(0, 100), link(1, 100, { back: { hazardPerByte: 3e-6 } })];
    const { shares, tiles } = await sharesOf({ ...spec, links });
    expect(shares.retransmission).toBeGreaterThan(0);
    // Port 3 is the switch's, to host 1.
    for (const { loss } of ofCause(tiles, "retransmission")) expect(loss).toEqual({ port: 3, reason: "crc" });
  });

  it("names the port where a victim of pauses waited", async () => {
    const spec: NetworkSpec = {
      hosts: [0, 1, 2, 3, 4, 5],
      switches: [
        { id: 100, latencyPs: SWITCH_PS, bufferBytes: 2e6, lossless: true, xoffBytes: 60_000, headroomBytes: 100_000 },
        { id: 101, latencyPs: SWITCH_PS, bufferBytes: 2e6, lossless: true, xoffBytes: 60_000, headroomBytes: 100_000 },
      ],
      links: [link(0, 100), link(1, 100), link(2, 100), link(3, 100), link(4, 101), link(5, 101), link(100, 101)],
      flows: [
        { src: 0, dst: 4, bytes: 200 * MTU },
        { src: 1, dst: 4, bytes: 200 * MTU },
        { src: 2, dst: 4, bytes: 200 * MTU },
        { src: 3, dst: 5, bytes: 400 * MTU },
      ],
      nicLatencyPs: NIC_PS,
    };
    const slow = { ...spec, links: spec.links.map((one) => (one.a === 4 ? { ...one, rateBps: RATE_BPS / 4 } : one)) };
    const { tiles } = await sharesOf(slow);
    const paused = ofCause(tiles, "pause");
    expect(paused.length).toBeGreaterThan(0);
    const { peerPort } = buildPlan(slow).fabric;
    // Each is an egress towards a switch: only these are paused.
    for (const { port } of paused) expect(peerPort[port]).toBeGreaterThanOrEqual(6);
  });
});
