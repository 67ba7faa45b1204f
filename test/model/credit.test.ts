import { describe, expect, it } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { runCore } from "../support/run-core.js";
import { NIC_PS, PACKET_PS, PAYLOAD_BYTES, planOf, SWITCH_PS } from "./support.js";

/** Blocks of a full packet in bytes, an update of 8 B at 400 Gb/s, its response. */
const BLOCKS_BYTES = 4160;
const UPDATE_PS = 160;
const RESPONSE_PS = 300_000;
const FEC_PS = 75_000;

const cablePs = (meters: number) => meters * 5000 + FEC_PS;

/**
 * Two hosts, each under a switch of its own, and a trunk of the given length; one flow with one
 * acknowledgement, at its very end.
 */
function line(trunkMeters: number, packets: number, flowControl: object) {
  return {
    topology: {
      kind: "custom",
      hosts: ["h0", "h1"],
      switches: ["s0", "s1"],
      links: [
        { a: "h0", b: "s0", length: "3m" },
        { a: "s0", b: "s1", length: `${trunkMeters}m` },
        { a: "s1", b: "h1", length: "3m" },
      ],
    },
    flowControl: { kind: "credit", ...flowControl },
    transport: { kind: "roce", mtu: `${PAYLOAD_BYTES}B`, window: "unlimited", ackEvery: 65_535 },
    workload: { kind: "flows", flows: [{ src: "h0", dst: "h1", size: `${packets * PAYLOAD_BYTES}B` }] },
  };
}

/**
 * From the start of a packet's transmission to its credit, with nothing in the way. The direction
 * leads from one switch to the next or to a NIC.
 */
function loopPs(meters: number, latencyPs: number, releasePs: number): number {
  return PACKET_PS + cablePs(meters) + latencyPs + releasePs + UPDATE_PS + cablePs(meters) + RESPONSE_PS;
}

/**
 * When the last of `packets` is delivered: on each link a packet starts when it is there and the
 * one before it has left. The other end has a buffer of `buffer` packets; the packet that had its
 * place there must have given its credit back.
 */
function deliveryPs(trunkMeters: number, packets: number, buffer: number, releasesAtEnd: boolean): number {
  const releasePs = releasesAtEnd ? PACKET_PS : 0;
  const meters = [3, trunkMeters, 3];
  const flight = meters.map(cablePs);
  // Of each link: latency of the device at its end.
  const latency = [SWITCH_PS, SWITCH_PS, NIC_PS];
  const starts: number[][] = [[], [], []];
  for (let k = 0; k < packets; k++) {
    let readyPs = NIC_PS;
    for (let link = 0; link < 3; link++) {
      const mine = starts[link]!;
      const creditPs = k < buffer ? 0 : creditBack(starts, link, k - buffer);
      mine.push(Math.max(readyPs, k === 0 ? 0 : mine[k - 1]! + PACKET_PS, creditPs));
      readyPs = mine[k]! + PACKET_PS + flight[link]! + latency[link]!;
    }
  }
  return starts[2]![packets - 1]! + PACKET_PS + flight[2]! + NIC_PS;

  /**
   * The packet leaves the buffer at the end of link `link` when it starts, or ends, on the next; at
   * the NIC when it is processed.
   */
  function creditBack(started: number[][], link: number, k: number): number {
    const left =
      link === 2 ? started[2]![k]! + PACKET_PS + flight[2]! + latency[2]! : started[link + 1]![k]! + releasePs;
    return left + UPDATE_PS + flight[link]! + RESPONSE_PS;
  }
}

describe("credit on links", () => {
  it.each([3, 30, 200, 1000, 10_000])(
    "over a trunk of %i m, with any buffer: throughput to the picosecond",
    async (meters) => {
      for (const release of ["end", "start"] as const) {
        for (const buffer of [1, 2, 3, 5, 8, 21, 60]) {
          const rules = { buffer: `${buffer * BLOCKS_BYTES}B`, updateEvery: "1B", release };
          const { finishPs, totals } = await runCore(planOf(line(meters, 200, rules)));
          expect(finishPs[0], `${buffer} packets, released at ${release}`).toBe(
            deliveryPs(meters, 200, buffer, release === "end"),
          );
          expect(totals.droppedCongestion + totals.retransmitted).toBe(0);
        }
      }
    },
  );

  it("carries what its longest loop allows: buffer / loop time, until that is the rate", async () => {
    const rate = async (buffer: number) => {
      const [short, long] = await Promise.all(
        [400, 800].map(async (packets) => {
          const plan = planOf(line(500, packets, { buffer: `${buffer * BLOCKS_BYTES}B`, updateEvery: "1B" }));
          return (await runCore(plan)).finishPs[0]!;
        }),
      );
      return 400 / (long! - short!);
    };
    const trunkPs = loopPs(500, SWITCH_PS, PACKET_PS);
    for (const buffer of [1, 2, 4, 8, 16, 40, 50]) expect(await rate(buffer)).toBe(buffer / trunkPs);
    // 6.217 us take 74.4 packets.
    expect(Math.ceil(trunkPs / PACKET_PS)).toBe(75);
    for (const buffer of [75, 100, 200]) expect(await rate(buffer)).toBe(1 / PACKET_PS);
  });

  it.each(["100Gbps", "400Gbps", "800Gbps"])(
    "has full rate at %s with default buffers, both ways at once",
    async (rate) => {
      for (const meters of [1, 30, 500, 2000]) {
        for (const release of ["end", "start"]) {
          const { topology, ...rest } = line(meters, 1000, { release });
          const links = topology.links.map((link) => ({ ...link, rate }));
          const flows = [
            { src: "h0", dst: "h1", size: "4MB" },
            { src: "h1", dst: "h0", size: "4MB" },
          ];
          const scenario = {
            ...rest,
            topology: { ...topology, links },
            switch: { buffer: "256MiB" },
            workload: { kind: "flows", flows },
          };
          const credited = await runCore(planOf(scenario));
          const paused = await runCore(planOf({ ...scenario, flowControl: { kind: "pfc" } }));
          credited.finishPs.forEach((finishPs, flow) => {
            // An update of 8 B for two packets is all that credit takes.
            expect(finishPs / paused.finishPs[flow]!).toBeLessThan(1 + 8 / (2 * 4178) + 1e-4);
          });
          expect(Math.max(...credited.ports.creditWaitPs)).toBe(0);
        }
      }
    },
  );

  it("holds up senders far from where many meet, and loses nothing", async () => {
    const result = await simulate({
      version: 1,
      topology: { kind: "leaf-spine", gpus: 32, gpusPerNode: 1, radix: 16 },
      flowControl: { kind: "credit" },
      workload: { kind: "flows", pattern: "incast", size: "1MiB", senders: 24, target: 0 },
    });
    expect(result.status).toBe("finished");
    expect(result.packets).toMatchObject({ retransmitted: 0, dropped: { congestion: 0 } });
    expect(result.pfc.pauses).toBe(0);
    // The last link is always busy.
    expect(result.efficiency).toBeGreaterThan(0.99);
    const { cascades, waitedNs, longestWaitNs, updates } = result.credit!;
    expect(cascades).toHaveLength(1);
    expect(cascades[0]).toMatchObject({ root: "leaf-0" });
    expect(cascades[0]!.ports).toBeGreaterThan(24);
    expect(cascades[0]!.waitedNs).toBeCloseTo(waitedNs, 3);
    expect(longestWaitNs).toBeGreaterThan(1000);
    expect(updates).toBeGreaterThan(1000);
  });
});
