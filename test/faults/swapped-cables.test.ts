import { describe, expect, it } from "vitest";
import { type Document, FABRIC_PS, PACKET_PS, planOf, SWITCH_PS } from "../model/support.js";
import { runOracle } from "../oracle/run.js";
import { expectSameOutcome } from "../support/compare.js";
import { runCore } from "../support/run-core.js";

/** Four leaves of four hosts. */
const TOPOLOGY = { kind: "leaf-spine", gpus: 16, gpusPerNode: 1, radix: 8, spines: 4 };
const SWAP = { kind: "swapped-cables", a: { from: "gpu-1", to: "leaf-0" }, b: { from: "gpu-5", to: "leaf-1" } };

function document(faults: readonly object[], flows: readonly object[], policy = "ecmp-qp"): Document {
  return { topology: TOPOLOGY, routing: { policy }, workload: { kind: "flows", flows }, faults };
}

async function jctPs(document: Document): Promise<number> {
  const plan = planOf(document);
  const outcome = await runCore(plan);
  expectSameOutcome(outcome, runOracle(plan));
  expect(outcome.status).toBe("finished");
  return Math.max(...outcome.finishPs);
}

describe("swapped cables", () => {
  it("make a neighbour under the same leaf two more switches away, and one elsewhere a neighbour", async () => {
    const toward = (dst: number, faults: readonly object[]) => jctPs(document(faults, [{ src: 0, dst, size: "4KiB" }]));
    const morePs = 2 * (SWITCH_PS + PACKET_PS + FABRIC_PS);
    expect((await toward(1, [SWAP])) - (await toward(1, []))).toBe(morePs);
    expect((await toward(5, [])) - (await toward(5, [SWAP]))).toBe(morePs);
    expect(await toward(9, [SWAP])).toBe(await toward(9, []));
  });

  it.each(["ecmp-qp", "pinned", "adaptive", "spray"])(
    "agree with the oracle under %s, beside other faults",
    async (policy) => {
      const flows = Array.from({ length: 16 }, (_, src) => ({ src, dst: (src + 5) % 16, size: "64KiB" }));
      const selective = { transport: { recovery: "selective", window: "64KiB", rto: "50us" } };
      const spines = { ...SWAP, a: { from: "leaf-2", to: "spine-0" }, b: { from: "leaf-3", to: "spine-1" } };
      const slow = { kind: "degraded-link", from: "gpu-1", to: "leaf-1", rate: "100Gbps", at: "2us", until: "9us" };
      await jctPs({ ...document([SWAP, spines, slow], flows, policy), ...selective });
    },
  );

  it("leave nodes that have a scale-up network to it", async () => {
    const topology = { kind: "rail-optimized", gpus: 16, gpusPerNode: 4, radix: 16, tiers: 2 };
    const workload = { kind: "collective", collective: "all-reduce", algorithm: "hierarchical-ring", size: "1MiB" };
    const swap = { ...SWAP, a: { from: "gpu-4", to: "leaf-0" }, b: { from: "gpu-5", to: "leaf-1" } };
    const healthyPs = await jctPs({ topology, workload });
    expect(await jctPs({ topology, workload, faults: [swap] })).toBeGreaterThan(healthyPs);
  });

  it("are refused where they cannot be", () => {
    const plan = (a: object, b: object) => () =>
      planOf(document([{ ...SWAP, a, b }], [{ src: 0, dst: 1, size: "4KiB" }]));
    expect(plan(SWAP.a, SWAP.a)).toThrow(/one cable/);
    expect(plan(SWAP.a, { from: "leaf-1", to: "gpu-5" })).toThrow(/differ in kind/);
    expect(plan(SWAP.a, { from: "gpu-5", to: "leaf-0" })).toThrow(/no link between/);
  });
});
