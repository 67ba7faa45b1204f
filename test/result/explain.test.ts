import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Bounds } from "../../src/answer/ideal/ideal.js";
import { viewPlan } from "../../src/answer/ideal/view.js";
import { explain } from "../../src/answer/result/explain.js";
import type { RunPlan } from "../../src/plan/plan.js";
import { allReduce, tinyPlan, tinyScenario } from "../ideal/support.js";
import { type OutcomeParts, outcomeOf, portOf } from "./support.js";

/** Two flows that share the way to rank 2; the second ends last. */
const PLAN = tinyPlan({
  ...{ leaves: 2, spines: 2 },
  flows: [
    { src: 0, dst: 2, bytes: 4096 },
    { src: 1, dst: 2, bytes: 4096 },
  ],
});
const UPLINK = portOf(PLAN, "leaf-0", "spine-1");
const TO_RANK = portOf(PLAN, "leaf-1", "gpu-2");
const FROM_RANK = portOf(PLAN, "gpu-1", "leaf-0");
const NO_BOUNDS = { idealPs: 0, schedulePs: 0 };

/** @param parts `endPs` is the time of the last delivery. */
function explained(
  bounds: Bounds,
  { endPs, ...parts }: OutcomeParts & { readonly endPs: number },
  plan: RunPlan = PLAN,
) {
  const outcome = outcomeOf(plan, { finishPs: [0, endPs].slice(-plan.flows.count), ...parts });
  return explain({ scenario: tinyScenario(allReduce(4096)), view: viewPlan(plan), outcome, bounds });
}

describe("the ladder", () => {
  test("bound, schedule, timeouts, pauses, what was sent again, queueing, and the rest", () => {
    const parts = explained(
      { idealPs: 2e9, schedulePs: 3e9 },
      {
        endPs: 10e9,
        totals: { timeouts: 2, retransmitted: 5, outOfOrder: 9, droppedOrdering: 4, dataSent: 100 },
        ports: {
          pausedPs: { [UPLINK]: 1e9 },
          // 5 packets again, and the one that was to be sent.
          txBytes: { [TO_RANK]: 500_000_000, [FROM_RANK]: 6 * 4178 },
          maxBacklogPs: { [TO_RANK]: 2 * 83_560 },
        },
      },
    );
    expect(parts.map(({ cause, basis, where }) => [cause, basis, where])).toEqual([
      ["bound", "bound", "fabric"],
      ["schedule", "bound", "ring"],
      ["timeouts", "evidence", "transport"],
      ["pauses", "evidence", "leaf-0 -> spine-1"],
      ["retransmission", "evidence", "gpu-1 -> leaf-0"],
      ["queueing", "evidence", "leaf-1 -> gpu-2"],
    ]);
    expect(parts.slice(0, 5).map(({ ns }) => ns)).toEqual([2e6, 1e6, 2e6, 1e6, 417.8]);
    expect(parts.map(({ text }) => text)).toMatchInlineSnapshot(`
      [
        "No algorithm can finish this all-reduce on this fabric in less than 2.00 ms.",
        "On an empty network the ring schedule needs 3.00 ms, 1.00 ms more than the bound.",
        "2 retransmission timeouts of 1.00 ms fired; they account for 2.00 ms at most.",
        "On the way of the flows that ended last, leaf-0 -> spine-1 was paused for 1.00 ms by flow control.",
        "9 packets came out of order, 4 were discarded at their receivers, and 5 were sent again (5.0 % of all that were sent), most on gpu-1 -> leaf-0.",
        "Packets waited behind others, where flows share a link: leaf-1 -> gpu-2 was busy for 10.0 ms, with up to 8.16 KiB queued.",
      ]
    `);
  });

  test("where frames were lost, what was sent again and the rest are laid to losses", () => {
    const [part, ...rest] = explained(NO_BOUNDS, {
      endPs: 4e9,
      totals: { droppedCrc: 3, retransmitted: 7, dataSent: 70 },
      ports: { droppedCrc: { [UPLINK]: 3 }, txBytes: { [FROM_RANK]: 8 * 4178 } },
    });
    expect(rest).toEqual([]);
    expect(part).toMatchObject({ cause: "losses", where: "leaf-0 -> spine-1", ns: 4e6 });
    expect(part!.text).toBe(
      "3 packets were lost, most to transmission errors on leaf-0 -> spine-1, and 7 were sent again (10.0 % of all that were sent).",
    );
  });

  test("losses of others are not laid to a flow whose NIC sent nothing again", () => {
    const parts = explained(NO_BOUNDS, { endPs: 4e9, totals: { droppedCrc: 3, retransmitted: 7 } });
    expect(parts.map(({ cause, basis }) => [cause, basis])).toEqual([["unknown", "none"]]);
  });

  test("no queueing where the longest queue is one packet, or where nobody shares the link", () => {
    const busy = { txBytes: { [TO_RANK]: 100_000_000 } };
    const causes = (ports: OutcomeParts["ports"], plan?: RunPlan) =>
      explained(NO_BOUNDS, { endPs: 4e9, ports: { ...busy, ...ports } }, plan).map(({ cause }) => cause);
    expect(causes({ maxBacklogPs: { [TO_RANK]: 83_560 } })).toEqual(["unknown"]);
    expect(causes({ maxBacklogPs: { [TO_RANK]: 83_561 } })[0]).toBe("queueing");
    const alone = tinyPlan({ leaves: 2, spines: 2, flows: [{ src: 1, dst: 2, bytes: 4096 }] });
    expect(causes({ maxBacklogPs: { [TO_RANK]: 83_561 } }, alone)).toEqual(["unknown"]);
  });

  test("a window costs a round trip for each turn that it has", () => {
    const plan = tinyPlan({ leaves: 2, spines: 2, flows: [{ src: 0, dst: 2, bytes: 4 * 4096 }] });
    const transport = { ...plan.transport, windowPackets: 1 };
    const parts = explained(NO_BOUNDS, { endPs: 1e9 }, { ...plan, transport });
    // MODEL: NIC latencies, 4 links, 3 switches; an answer of 84 bytes on the way back.
    const wayPs = (serializationPs: number) => 700_000 + 3 * 600_000 + 4 * (serializationPs + 90_000);
    const leastPs = 700_000 + 4 * wayPs(83_560) + 3 * wayPs(1680);
    expect(parts[0]).toMatchObject({ cause: "window", basis: "bound", where: "gpu-0 -> gpu-2", ns: leastPs / 1000 });
  });

  test("dcqcn held senders back only where notifications came", () => {
    const congestionControl = { kind: "dcqcn" } as RunPlan["transport"]["congestionControl"];
    const plan = { ...PLAN, transport: { ...PLAN.transport, congestionControl } };
    const causes = (cnpsReceived: number) =>
      explained(NO_BOUNDS, { endPs: 4e9, totals: { cnpsReceived } }, plan).map(({ cause }) => cause);
    expect(causes(0)).toEqual(["unknown"]);
    expect(causes(1)).toEqual(["rate-control"]);
  });

  test("a stall of the receiving NIC is a fault, from the start of the flow to the stall's end", () => {
    const stalls = [{ nic: 2, fromPs: 1e9, untilPs: 3e9, bufferBytes: 1 }];
    const parts = explained(NO_BOUNDS, { endPs: 4e9 }, { ...PLAN, stalls });
    expect(parts[0]).toMatchObject({ cause: "faults", where: "gpu-2", ns: 2e6 });
    // A flow that ended before the stall did was not held up by it.
    const before = explained(NO_BOUNDS, { endPs: 2e9 }, { ...PLAN, stalls });
    expect(before.map(({ cause }) => cause)).toEqual(["unknown"]);
  });

  test("adaptive timeouts took no more than in rows as long as the retry limit allows", () => {
    const transport = { ...PLAN.transport, rtoPs: 1e6, mostRtoPs: 4e6, retryLimit: 3 };
    const [part] = explained(NO_BOUNDS, { endPs: 1e9, totals: { timeouts: 10 } }, { ...PLAN, transport });
    // A QP that finished had three in a row at most: 1 + 2 + 4 us, three times, and one.
    expect(part).toMatchObject({ cause: "timeouts", ns: 22_000 });
    expect(part!.text).toBe(
      "10 retransmission timeouts of 1.00 us to 4.00 us fired; they account for 22.0 us at most.",
    );
  });

  test("no rung takes more than is left", () => {
    const parts = explained({ idealPs: 2e9, schedulePs: 3e9 }, { endPs: 4e9, totals: { timeouts: 7 } });
    expect(parts.map(({ cause, ns }) => [cause, ns])).toEqual([
      ["bound", 2e6],
      ["schedule", 1e6],
      ["timeouts", 1e6],
    ]);
  });

  test("pauses elsewhere do not count", () => {
    const elsewhere = portOf(PLAN, "gpu-3", "leaf-1");
    const parts = explained(
      { idealPs: 2e9, schedulePs: 2e9 },
      { endPs: 4e9, ports: { pausedPs: { [elsewhere]: 1e9 } } },
    );
    expect(parts.map(({ cause }) => cause)).toEqual(["bound", "unknown"]);
  });

  test("shares add up to exactly 1, and times to the whole", () => {
    const ps = fc.integer({ min: 0, max: 2 ** 48 });
    fc.assert(
      fc.property(ps, ps, ps, ps, fc.nat(3), (idealPs, schedulePs, pausedPs, restPs, timeouts) => {
        const jctPs = Math.max(1, idealPs + schedulePs + pausedPs + restPs);
        const parts = explained(
          { idealPs, schedulePs: idealPs + schedulePs },
          { endPs: jctPs, totals: { timeouts }, ports: { pausedPs: { [UPLINK]: pausedPs } } },
        );
        expect(parts.reduce((sum, { shareOfJct }) => sum + shareOfJct, 0)).toBe(1);
        expect(parts.reduce((sum, { ns }) => sum + Math.round(ns * 1000), 0)).toBe(jctPs);
        expect(parts.every(({ ns, shareOfJct }) => ns >= 0 && shareOfJct >= 0)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
