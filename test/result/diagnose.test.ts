import { describe, expect, test } from "vitest";
import { viewPlan } from "../../src/answer/ideal/view.js";
import { diagnose, type StuckPort } from "../../src/answer/result/diagnose.js";
import { UNREACHABLE } from "../../src/plan/fabric.js";
import { tinyPlan } from "../ideal/support.js";
import { outcomeOf, portOf } from "./support.js";

const PLAN = tinyPlan({ leaves: 2, spines: 2, flows: [{ src: 0, dst: 2, bytes: 4096, chunks: 8 }] });
const VIEW = viewPlan(PLAN);

function stuckAt(from: string, to: string, waitsFor?: readonly number[]): StuckPort {
  const common = { port: portOf(PLAN, from, to), heldBy: "pause" as const, queuedPackets: 3 };
  return waitsFor === undefined ? common : { ...common, waitsFor };
}

describe("a run that got stuck", () => {
  const stuck = outcomeOf(PLAN, { status: "stuck", endPs: 5e6 });
  const circle = [
    stuckAt("leaf-0", "spine-0"),
    stuckAt("spine-0", "leaf-1"),
    stuckAt("leaf-1", "spine-1"),
    stuckAt("spine-1", "leaf-0"),
  ];

  test("four ports that wait for each other", () => {
    expect(diagnose(VIEW, stuck, [stuckAt("gpu-0", "leaf-0"), ...circle])).toEqual({
      kind: "deadlock",
      text: "Deadlock: 4 paused ports wait for each other in a circle: leaf-0 -> spine-0, then spine-0 -> leaf-1, then leaf-1 -> spine-1, then spine-1 -> leaf-0, then leaf-0 -> spine-0.",
      ports: ["leaf-0 -> spine-0", "spine-0 -> leaf-1", "leaf-1 -> spine-1", "spine-1 -> leaf-0"],
    });
  });

  test("a port that may send breaks the circle", () => {
    const free = { ...circle[2]!, heldBy: null };
    expect(diagnose(VIEW, stuck, [circle[0]!, circle[1]!, free, circle[3]!])?.kind).toBe("stuck");
  });

  test("what a port is said to wait for is followed, not guessed", () => {
    const elsewhere = portOf(PLAN, "leaf-1", "gpu-2");
    const open = stuckAt("spine-0", "leaf-1", [elsewhere]);
    expect(diagnose(VIEW, stuck, [circle[0]!, open, circle[2]!, circle[3]!])?.kind).toBe("stuck");
  });

  test("a pair without a path", () => {
    const groupOf = new Uint16Array(4).fill(UNREACHABLE);
    const routing = { "leaf-0": { kind: "table" as const, groups: [], groupOf, pinDivisor: 1 } };
    const plan = tinyPlan({ leaves: 2, spines: 2, routing, flows: [{ src: 0, dst: 2, bytes: 1 }] });
    expect(diagnose(viewPlan(plan), outcomeOf(plan, { status: "stuck" }))).toEqual({
      kind: "partition",
      text: "Partition: gpu-0 cannot reach gpu-2; leaf-0 has no path to it.",
      ports: [],
    });
  });

  test("without a reason, what is missing", () => {
    expect(diagnose(VIEW, stuck)?.text).toBe(
      "1 flow is not finished and nothing moves; the last thing happened at 5.00 us. The first of them, gpu-0 to gpu-2, has 0 of 8 chunks.",
    );
  });
});

describe("a failed queue pair", () => {
  const failed = (ports: Parameters<typeof outcomeOf>[1] = {}) =>
    diagnose(VIEW, outcomeOf(PLAN, { status: "qp-failed", failedFlow: 0, ...ports }));

  test("names the link that lost most", () => {
    const droppedCrc = { [portOf(PLAN, "spine-1", "leaf-1")]: 12, [portOf(PLAN, "leaf-0", "spine-0")]: 2 };
    expect(failed({ ports: { droppedCrc } })).toEqual({
      kind: "qp-failed",
      text: "The queue pair from gpu-0 to gpu-2 (flow 0) failed after 7 retries: its timeouts, of 1.00 ms, took 8.00 ms in all. Likely cause: spine-1 -> leaf-1 lost 12 packets to transmission errors.",
      ports: ["spine-1 -> leaf-1"],
    });
  });

  test("looks for lost acknowledgements as well", () => {
    const droppedCrc = { [portOf(PLAN, "leaf-0", "gpu-0")]: 1 };
    expect(failed({ ports: { droppedCrc } })?.ports).toEqual(["leaf-0 -> gpu-0"]);
  });

  test("tail drops are counted where packets arrive", () => {
    const droppedCongestion = { [portOf(PLAN, "spine-0", "leaf-0")]: 4 };
    expect(failed({ ports: { droppedCongestion } })?.text).toContain(
      "4 packets that came over leaf-0 -> spine-0 were dropped for lack of buffer",
    );
  });

  test.each([
    [{ retryLimit: 0 }, "failed at its first timeout, of 1.00 ms."],
    [{ retryLimit: 1 }, "failed after 1 retry: its timeouts, of 1.00 ms, took 2.00 ms in all."],
    [{ rtoPs: 64e6, mostRtoPs: 16e9 }, "after 7 retries: its timeouts, of 64.0 us to 8.19 ms, took 16.3 ms in all."],
    [{ rtoPs: 64e6, mostRtoPs: 256e6 }, "after 7 retries: its timeouts, of 64.0 us to 256 us, took 1.73 ms in all."],
    [{ mostRtoPs: 1e9 }, "after 7 retries: its timeouts, of 1.00 ms, took 8.00 ms in all."],
  ])("says how often it tried, and for how long: %o", (transport, text) => {
    const plan = { ...PLAN, transport: { ...PLAN.transport, ...transport } };
    const outcome = outcomeOf(plan, { status: "qp-failed", failedFlow: 0 });
    expect(diagnose(viewPlan(plan), outcome)?.text).toContain(text);
  });

  test("nothing was lost", () => {
    expect(failed()?.text).toContain("the timeout is shorter than the round trip");
  });
});
