import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { viewPlan } from "../../src/ideal/view.js";
import { explain } from "../../src/result/explain.js";
import { linkSummary } from "../../src/result/links.js";
import { allReduce, tinyPlan, tinyScenario } from "../ideal/support.js";
import { type OutcomeParts, outcomeOf, portOf } from "./support.js";

const PLAN = tinyPlan({ leaves: 2, spines: 2, flows: [{ src: 0, dst: 2, bytes: 4096 }] });
const VIEW = viewPlan(PLAN);
const UPLINK = portOf(PLAN, "leaf-0", "spine-1");

function explained(bounds: { idealPs: number; schedulePs: number }, parts: OutcomeParts) {
  const outcome = outcomeOf(PLAN, parts);
  return explain(tinyScenario(allReduce(4096)), VIEW, outcome, bounds, linkSummary(VIEW, outcome.ports, outcome.endPs));
}

describe("the ladder", () => {
  test("bound, schedule, timeouts, pauses, and the rest to queueing", () => {
    const parts = explained(
      { idealPs: 2e9, schedulePs: 3e9 },
      {
        finishPs: [10e9],
        totals: { timeouts: 2, retransmitted: 5 },
        ports: { pausedPs: { [UPLINK]: 1e9 }, txBytes: { [UPLINK]: 100_000_000 }, maxBacklogPs: { [UPLINK]: 83_560 } },
      },
    );
    expect(parts.map(({ cause, ns, where }) => [cause, ns, where])).toEqual([
      ["bound", 2e6, "fabric"],
      ["schedule", 1e6, "ring"],
      ["timeouts", 2e6, "transport"],
      ["pauses", 1e6, "leaf-0 -> spine-1"],
      ["queueing", 4e6, "leaf-0 -> spine-1"],
    ]);
    expect(parts.map(({ text }) => text)).toMatchInlineSnapshot(`
      [
        "No algorithm can finish this all-reduce on this fabric in less than 2.00 ms.",
        "On an empty network the ring schedule needs 3.00 ms, 1.00 ms more than the bound.",
        "2 retransmission timeouts of 1.00 ms fired; they account for 2.00 ms at most.",
        "On the way to the slowest rank, leaf-0 -> spine-1 was paused for 1.00 ms by flow control.",
        "Packets waited behind others, where flows share a link. The busiest link, leaf-0 -> spine-1, was used 20.0 % of the time with up to 4.08 KiB queued. 5 packets were sent again.",
      ]
    `);
  });

  test("where frames were lost, the rest is laid to losses, at the link that lost most", () => {
    const [part] = explained(
      { idealPs: 0, schedulePs: 0 },
      { finishPs: [4e9], totals: { droppedCrc: 3, retransmitted: 7 }, ports: { droppedCrc: { [UPLINK]: 3 } } },
    );
    expect(part).toMatchObject({ cause: "losses", where: "leaf-0 -> spine-1", ns: 4e6 });
    expect(part!.text).toMatch(
      /3 packets were lost, most to transmission errors on leaf-0 -> spine-1, and 7 sent again/,
    );
  });

  test("adaptive timeouts took no more than in rows as long as the retry limit allows", () => {
    const transport = { ...PLAN.transport, rtoPs: 1e6, mostRtoPs: 4e6, retryLimit: 3 };
    const outcome = outcomeOf(PLAN, { finishPs: [1e9], totals: { timeouts: 10 } });
    const view = viewPlan({ ...PLAN, transport });
    const bounds = { idealPs: 0, schedulePs: 0 };
    const links = linkSummary(view, outcome.ports, outcome.endPs);
    const [part] = explain(tinyScenario(allReduce(4096)), view, outcome, bounds, links);
    // A QP that finished had three in a row at most: 1 + 2 + 4 us, three times, and one.
    expect(part).toMatchObject({ cause: "timeouts", ns: 22_000 });
    expect(part!.text).toBe(
      "10 retransmission timeouts of 1.00 us to 4.00 us fired; they account for 22.0 us at most.",
    );
  });

  test("no rung takes more than is left", () => {
    const parts = explained({ idealPs: 2e9, schedulePs: 3e9 }, { finishPs: [4e9], totals: { timeouts: 7 } });
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
      { finishPs: [4e9], ports: { pausedPs: { [elsewhere]: 1e9 } } },
    );
    expect(parts.map(({ cause }) => cause)).toEqual(["bound", "queueing"]);
  });

  test("shares add up to exactly 1, and times to the whole", () => {
    const ps = fc.integer({ min: 0, max: 2 ** 48 });
    fc.assert(
      fc.property(ps, ps, ps, ps, fc.nat(3), (idealPs, schedulePs, pausedPs, restPs, timeouts) => {
        const jctPs = Math.max(1, idealPs + schedulePs + pausedPs + restPs);
        const parts = explained(
          { idealPs, schedulePs: idealPs + schedulePs },
          { finishPs: [jctPs], totals: { timeouts }, ports: { pausedPs: { [UPLINK]: pausedPs } } },
        );
        expect(parts.reduce((sum, { shareOfJct }) => sum + shareOfJct, 0)).toBe(1);
        expect(parts.reduce((sum, { ns }) => sum + Math.round(ns * 1000), 0)).toBe(jctPs);
        expect(parts.every(({ ns, shareOfJct }) => ns >= 0 && shareOfJct >= 0)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
