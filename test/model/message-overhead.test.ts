import { describe, expect, it, test } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import type { RunPlan } from "../../src/plan/plan.js";
import { buildPlan } from "../support/network.js";
import { runCore } from "../support/run-core.js";

const PAYLOAD = 4096;
const WIRE = PAYLOAD + 82;
const RATE_BPS = 400e9;
const PACKET_PS = (WIRE * 8e12) / RATE_BPS;
const MESSAGES = 50;

/** Two hosts under a switch; `queuePairs` flows of many messages of one size. */
function planOf(sizeBytes: number, queuePairs: number, messageOverheadPs: number): RunPlan {
  const link = (host: number) => ({ a: host, b: 2, rateBps: RATE_BPS, propagationPs: 100_000, mtuBytes: PAYLOAD });
  const flow = { src: 0, dst: 1, bytes: sizeBytes, chunks: MESSAGES };
  return buildPlan({
    hosts: [0, 1],
    switches: [{ id: 2, latencyPs: 300_000, bufferBytes: 2 ** 27 }],
    links: [link(0), link(1)],
    flows: Array.from({ length: queuePairs }, () => flow),
    wire: { headerBytes: 62, gapBytes: 20 },
    transport: { windowPackets: 0, rtoPs: 1e12 },
    ...(messageOverheadPs > 0 && { messageOverheadPs }),
  });
}

/** From the first delivery of a message to the last, by message: ps. */
async function cyclePs(sizeBytes: number, queuePairs: number, overheadPs: number): Promise<number> {
  const endPs = async (messageOverheadPs: number) => {
    const { finishPs } = await runCore(planOf(sizeBytes, queuePairs, messageOverheadPs));
    return finishPs.reduce((most, ps) => Math.max(most, ps), 0);
  };
  const [without, withIt] = [await endPs(0), await endPs(overheadPs)];
  const sendPs = queuePairs * (sizeBytes / PAYLOAD) * PACKET_PS;
  return sendPs + (withIt - without) / (MESSAGES - 1);
}

describe("nic.messageOverhead", () => {
  test.each([4096, 32_768, 65_536, 262_144])(
    "messages of %i bytes on one queue pair go at S / (T + S/C), to the picosecond",
    async (sizeBytes) => {
      for (const overheadPs of [125_000, 512_000, 2_000_000]) {
        expect(await cyclePs(sizeBytes, 1, overheadPs)).toBeCloseTo((sizeBytes / PAYLOAD) * PACKET_PS + overheadPs, 6);
      }
    },
  );

  test.each([2, 4])(
    "on %i queue pairs they go at S / (T/Q + S/C), but for packets that overlap",
    async (queuePairs) => {
      for (const overheadPs of [512_000, 2_000_000]) {
        const cycle = await cyclePs(32_768, queuePairs, overheadPs);
        // Queue pairs that take turns end their messages a packet apart, and go on a packet apart.
        const most = overheadPs + (queuePairs * 32_768 * PACKET_PS) / PAYLOAD;
        expect(cycle).toBeLessThanOrEqual(most + 1e-6);
        expect(cycle).toBeGreaterThanOrEqual(most - (queuePairs - 1) * PACKET_PS - 1e-6);
      }
    },
  );

  const rateGBps = async (sizeBytes: number, overheadPs: number) =>
    (1000 * sizeBytes) / (await cyclePs(sizeBytes, 1, overheadPs));

  // The table of docs/NCCL.md: KiB, then GB/s of one queue pair with 512 ns and with 125 ns.
  test.each([
    [32, 27.8, 41.3],
    [64, 35.4, 44.8],
    [128, 41.1, 46.8],
    [256, 44.7, 47.9],
  ])("a 400G NIC carries messages of %i KiB at %d and %d GB/s by the two presets", async (kib, slow, fast) => {
    expect(await rateGBps(kib * 1024, 512_000)).toBeCloseTo(slow, 1);
    expect(await rateGBps(kib * 1024, 125_000)).toBeCloseTo(fast, 1);
  });

  it("has the published rates: 27 to 30 GB/s at 32 KiB, 45 at 64 KiB, line rate from 256 KiB", async () => {
    const at32 = await rateGBps(32_768, 512_000);
    expect(at32).toBeGreaterThan(27);
    expect(at32).toBeLessThan(30);
    expect(Math.abs((await rateGBps(65_536, 125_000)) - 45)).toBeLessThan(0.5);
    expect(await rateGBps(262_144, 512_000)).toBeGreaterThan(0.9 * 49);
    expect(await rateGBps(131_072, 125_000)).toBeGreaterThan(0.95 * 49);
  });

  it("costs nothing between messages that are far apart", async () => {
    const topology = { kind: "leaf-spine", gpus: 4, gpusPerNode: 1, radix: 8 };
    const flows = [
      { src: 0, dst: 1, size: "8KiB" },
      { src: 0, dst: 1, size: "8KiB", start: "50us" },
    ];
    const run = (messageOverhead: string) =>
      simulate({ topology, nic: { messageOverhead }, workload: { kind: "flows", flows } });
    expect((await run("20us")).flows).toEqual((await run("0ns")).flows);
  });

  it("is spoken of where messages are small and it is 0", async () => {
    const topology = { kind: "leaf-spine", gpus: 16, gpusPerNode: 1, radix: 16 };
    const workload = { kind: "collective", protocol: "ll", size: "64KiB" };
    const said = async (preset?: string) =>
      (await simulate({ topology, workload, ...(preset && { preset }) })).envelope;
    expect((await said())!.join()).toContain("write e.g. preset: messages-400g");
    expect((await said("messages-400g"))?.join() ?? "").not.toContain("messages below 64 KiB");
  });
});
