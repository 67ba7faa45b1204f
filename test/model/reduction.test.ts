import { describe, expect, test } from "vitest";
import type { Outcome } from "../../src/plan/outcome.js";
import type { RunPlan } from "../../src/plan/plan.js";
import { runOracle } from "../oracle/run.js";
import { runCore } from "../support/run-core.js";
import {
  ACCESS_PS,
  ACK_PS,
  FABRIC_PS,
  NIC_PS,
  oneLeaf,
  PACKET_PS,
  PAYLOAD_BYTES,
  planOf,
  SWITCH_PS,
} from "./support.js";

const ENGINES: [string, (plan: RunPlan) => Promise<Outcome>][] = [
  ["core", (plan) => runCore(plan)],
  ["oracle", async (plan) => runOracle(plan)],
];

const UNIT_PS = 250_000;

/** A SHARP all-reduce of `packets` full packets. */
function sharp(topology: object, packets: number, reduction: object = {}): RunPlan {
  return planOf({
    topology,
    reduction: { latency: "250ns", ...reduction },
    workload: {
      kind: "collective",
      algorithm: "sharp",
      size: `${packets * PAYLOAD_BYTES}B`,
      chunk: `${packets * PAYLOAD_BYTES}B`,
    },
  });
}

/** Up to the switch of the NIC and back, without serialization. */
const ONE_SWITCH_PS = 2 * ACCESS_PS + SWITCH_PS + UNIT_PS + NIC_PS;

describe.each(ENGINES)("%s", (_, run) => {
  test("under one switch packets go up and come back one behind the other", async () => {
    const packets = 9;
    const outcome = await run(sharp(oneLeaf(5), packets));
    expect(outcome.status).toBe("finished");
    // The last one leaves behind the others, and is serialized once more on its way down.
    const donePs = NIC_PS + (packets + 1) * PACKET_PS + ONE_SWITCH_PS;
    expect([...outcome.finishPs]).toEqual(Array(5).fill(donePs));
    expect([...outcome.ackedPs]).toEqual(Array(5).fill(donePs));
    expect(outcome.totals.hops).toBe(2 * 5 * packets);
    expect(outcome.totals.dataSent).toBe(5 * packets);
    expect(outcome.totals.dataDelivered).toBe(5 * packets);
    expect(outcome.totals.acksSent).toBe(0);
  });

  test("over leaves and a spine each link carries the buffer once each way", async () => {
    const packets = 7;
    // Radix 8: four hosts a leaf.
    const plan = sharp({ kind: "leaf-spine", gpus: 12, gpusPerNode: 1, radix: 8 }, packets);
    const outcome = await run(plan);
    const fixedPs = NIC_PS + 2 * ACCESS_PS + 2 * FABRIC_PS + 3 * SWITCH_PS + 2 * UNIT_PS + NIC_PS;
    expect([...outcome.finishPs]).toEqual(Array(12).fill(fixedPs + (packets + 3) * PACKET_PS));
    // 12 hosts and 3 leaves, up and down.
    expect(outcome.totals.hops).toBe(2 * (12 + 3) * packets);
    const used = outcome.ports.txBytes.filter((bytes) => bytes > 0);
    expect(used.length).toBe(2 * (12 + 3));
    expect(new Set(used)).toEqual(new Set([packets * (PAYLOAD_BYTES + 82)]));
  });

  test("a window of one packet takes a round trip for each", async () => {
    const packets = 6;
    const outcome = await run(sharp(oneLeaf(3), packets, { packets: 2 }));
    expect(outcome.finishPs[0]).toBe(NIC_PS + packets * (2 * PACKET_PS + ONE_SWITCH_PS));
  });

  test("a member that starts late holds up all, and nothing overflows meanwhile", async () => {
    const packets = 50;
    const plan = sharp(oneLeaf(4), packets, { packets: 16 });
    const startPs = plan.flows.startPs.slice();
    startPs[2] = 40_000_000;
    const outcome = await run({ ...plan, flows: { ...plan.flows, startPs } });
    expect(outcome.status).toBe("finished");
    const latePs = startPs[2]! + NIC_PS;
    expect(outcome.finishPs[0]).toBeGreaterThan(latePs + packets * PACKET_PS);
    expect(outcome.totals.pausesSent).toBe(0);
    // Before the last one has started, each of the others has sent its window, and no more.
    const cut = await run({ ...plan, flows: { ...plan.flows, startPs }, timeLimitPs: 30_000_000 });
    expect(cut.totals.dataSent).toBe(3 * 8);
  });
});

describe.each(ENGINES)("%s: NVLS", (_, run) => {
  /** One packet a share: `gpus` operations, each reduced to its owner and copied from there. */
  const plan = (gpus: number) =>
    planOf({
      topology: { kind: "leaf-spine", gpus, gpusPerNode: gpus, radix: 64 },
      links: { scaleUp: { rate: "400Gbps", latency: "15ns", fecLatency: "0ns", cell: "4096B" } },
      switch: { scaleUpLatency: "100ns" },
      nic: { scaleUpLatency: "50ns" },
      reduction: { scaleUpLatency: "30ns" },
      workload: { kind: "collective", algorithm: "nvls", size: `${gpus * PAYLOAD_BYTES}B` },
    });

  test("each GPU sends and receives the buffer and one share more", async () => {
    const gpus = 4;
    const outcome = await run(plan(gpus));
    expect(outcome.status).toBe("finished");
    expect(outcome.totals.dataSent).toBe(gpus * gpus + gpus);
    expect(outcome.totals.dataDelivered).toBe(gpus + gpus * gpus);
    // Those that do not receive are told by empty packets; those that only receive send them.
    expect(outcome.totals.acksSent).toBe(gpus * (gpus - 1));
    expect(outcome.totals.acksReceived).toBe(gpus * (gpus - 1));
  });

  test("a share is reduced to its owner, then copied to all", async () => {
    const outcome = await run(plan(2));
    const [nicPs, hopPs, backPs] = [50_000, 15_000 + 100_000 + 30_000, 15_000 + 50_000];
    const tripPs = nicPs + PACKET_PS + hopPs + PACKET_PS + backPs;
    // Each GPU sends its contribution to share 0, then, ahead of data, that it is ready for a copy.
    const secondPs = PACKET_PS + ACK_PS;
    const done = (leftPs: number) => [leftPs + tripPs, leftPs + 2 * tripPs];
    const [reduced, copied] = done(0);
    const [reducedNext, copiedNext] = done(secondPs);
    // Operations in order: of share 0 reduced, copied; of share 1 the same; two members each.
    expect(outcome.finishPs[0]).toBe(reduced);
    expect([...outcome.finishPs.subarray(2, 4)]).toEqual([copied, copied]);
    expect(outcome.finishPs[5]).toBe(reducedNext);
    expect([...outcome.finishPs.subarray(6, 8)]).toEqual([copiedNext, copiedNext]);
  });
});
