import { describe, expect, it } from "vitest";
import { heardOf } from "../../src/build/topology/convergence.js";
import type { RunPlan } from "../../src/plan/plan.js";
import { type Document, planOf } from "../model/support.js";
import { runOracle } from "../oracle/run.js";
import { expectSameOutcome } from "../support/compare.js";
import { runCore } from "../support/run-core.js";

/** Four leaves of four hosts under four spines, each leaf linked to each spine once. */
const CLOS = { kind: "leaf-spine", gpus: 16, gpusPerNode: 1, radix: 8, spines: 4 };

/** From gpu-4 under leaf-1 to gpu-0 under leaf-0, one packet after the other over all spines. */
function document(convergence: object | undefined, more: Document = {}): Document {
  return {
    topology: CLOS,
    routing: { policy: "round-robin", ...(convergence && { convergence }) },
    transport: { recovery: "selective", window: "256KiB", rto: "15us" },
    workload: { kind: "flows", flows: [{ src: 4, dst: 0, size: "4MiB" }] },
    faults: [{ kind: "link-down", from: "leaf-0", to: "spine-1", at: "20us", until: "60us" }],
    ...more,
  };
}

const routes = ({ changes = [] }: RunPlan) => changes.filter((change) => change.kind === "route");

async function lost(plan: RunPlan): Promise<number> {
  const outcome = await runCore(plan);
  expectSameOutcome(outcome, runOracle(plan));
  expect(outcome.status).toBe("finished");
  return outcome.totals.droppedLinkDown;
}

describe("routing after a link went down", () => {
  it("stays as it is without convergence", async () => {
    const plan = planOf(document(undefined));
    expect(routes(plan)).toEqual([]);
    expect(await lost(plan)).toBeGreaterThan(0);
  });

  it("changes at the leaf at the end of the link at once, at all others after the stated time", () => {
    const plan = planOf(document({ local: "0ns", global: "10us" }));
    const number = (name: string) => plan.fabric.switches.findIndex((sw) => sw.name === name);
    const at = (us: number) => routes(plan).filter(({ atPs }) => atPs === us * 1e6);
    // The leaf itself takes other spines to all others.
    expect(new Set(at(20).map(({ switchNumber }) => switchNumber))).toEqual(new Set([number("leaf-0")]));
    // The others avoid the spine for its hosts, which are 0 to 3.
    expect(new Set(at(30).map(({ switchNumber }) => switchNumber))).toEqual(
      new Set(["leaf-1", "leaf-2", "leaf-3"].map(number)),
    );
    for (const { firstAddress, addressCount, switchNumber, group } of at(30)) {
      expect([firstAddress, addressCount]).toEqual([0, 4]);
      const { routing } = plan.fabric.switches[switchNumber]!;
      expect(routing.kind === "table" && routing.groups[group]).toEqual([4, 6, 7]);
    }
    expect(at(60).map(({ switchNumber }) => switchNumber)).toEqual(at(20).map(({ switchNumber }) => switchNumber));
    expect(at(70)).toHaveLength(3);
  });

  it("loses packets until all switches have heard of it", async () => {
    const slow = await lost(planOf(document({ local: "0ns", global: "15us" })));
    const quick = await lost(planOf(document({ local: "0ns", global: "5us" })));
    const atOnce = await lost(planOf(document({ local: "0ns", global: "0ns" })));
    const never = await lost(planOf(document({ local: "0ns", global: "never" })));
    expect(never).toBeGreaterThan(slow);
    expect(slow).toBeGreaterThan(quick);
    expect(quick).toBeGreaterThan(atOnce);
  });

  it("avoids a switch that is off, without which the queue pair fails", async () => {
    const faults = [{ kind: "switch-down", switch: "spine-0", at: "20us" }];
    const pinned = (convergence?: object) =>
      planOf(document(undefined, { faults, routing: { policy: "pinned", ...(convergence && { convergence }) } }));
    expect(await lost(pinned({ local: "0ns" }))).toBeGreaterThan(0);
    const outcome = await runCore(pinned());
    expectSameOutcome(outcome, runOracle(pinned()));
    expect(outcome.status).toBe("qp-failed");
  });

  it("follows flaps in a fabric of three tiers, with any number of threads", async () => {
    const topology = { kind: "fat-tree", gpus: 16, gpusPerNode: 1, radix: 4 };
    const flows = Array.from({ length: 16 }, (_, src) => ({ src, dst: (src + 5) % 16, size: "256KiB" }));
    const faults = [
      { kind: "link-flap", from: "leaf-0", to: "agg-0", at: "0ns", up: "7us", down: "6us", count: 4 },
      {
        kind: "link-flap",
        from: "agg-2",
        to: "core-0",
        times: [
          ["9us", "31us"],
          ["33us", "40us"],
        ],
      },
      { kind: "degraded-link", from: "gpu-3", to: "leaf-1", rate: "50Gbps", at: "5us", until: "25us" },
    ];
    const plan = planOf(
      document({ local: "1us", global: "4us" }, { topology, faults, workload: { kind: "flows", flows } }),
    );
    expect(routes(plan).length).toBeGreaterThan(10);
    const expected = runOracle(plan);
    for (const threads of [1, 2, 3]) expectSameOutcome(await runCore(plan, 1e6, threads), expected);
  });
});

describe("what is heard of a link after a delay", () => {
  const never = Number.POSITIVE_INFINITY;

  it("is what lasts longer than the delay", () => {
    const outages = [
      { downPs: 10, upPs: 15 },
      { downPs: 100, upPs: 150 },
      { downPs: 160, upPs: 300 },
      { downPs: 400, upPs: never },
    ];
    expect(heardOf(outages, 0)).toEqual(outages);
    expect(heardOf(outages, 20)).toEqual([
      { downPs: 120, upPs: 320 },
      { downPs: 420, upPs: never },
    ]);
    expect(heardOf(outages, never)).toEqual([]);
  });
});
