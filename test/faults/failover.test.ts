import { describe, expect, it } from "vitest";
import { movesOf } from "../../src/engine/core/send-lists.js";
import { CoreRun } from "../../src/engine/run/run.js";
import type { RunPlan } from "../../src/plan/plan.js";
import { absencesIn } from "../../src/resolve/failover.js";
import { type Document, planOf } from "../model/support.js";
import { runOracle } from "../oracle/run.js";
import { expectSameOutcome } from "../support/compare.js";
import { runCore } from "../support/run-core.js";

const NEVER = Number.POSITIVE_INFINITY;

/** Two nodes of two GPUs; each GPU has a port of 200G to each of two planes. */
const PLANES = { kind: "rail-optimized", gpus: 4, gpusPerNode: 2, radix: 8, planes: 2 };
/** The same with one port of 400G. */
const RAILS = { kind: "rail-only", gpus: 4, gpusPerNode: 2, radix: 8 };

/** A flow over each port from the first GPU of one node to that of the other. */
function document(failover: unknown, more: Document = {}): Document {
  return {
    topology: PLANES,
    nic: { failover },
    transport: { recovery: "selective", window: "256KiB", rto: "30us" },
    workload: { kind: "flows", flows: [{ src: 0, dst: 2, size: "8MiB" }] },
    faults: [{ kind: "link-down", from: "gpu-0", to: "plane-0-leaf-0", at: "40us", until: "200us" }],
    ...more,
  };
}

/** Runs it in both simulators. */
async function endPs(plan: RunPlan): Promise<number> {
  const outcome = await runCore(plan);
  expectSameOutcome(outcome, runOracle(plan));
  expect(outcome.status).toBe("finished");
  return outcome.endPs;
}

const ranksOf = (plan: RunPlan, nics: readonly number[]) => nics.map((nic) => plan.fabric.nics.rank[nic]);

describe("outages as failover sees them", () => {
  const times = { detectPs: 10, recoverPs: 20 };

  it("begin after the time to notice, and end when the link was good for long enough", () => {
    expect(absencesIn([{ downPs: 100, upPs: 150 }], times)).toEqual([{ fromPs: 110, untilPs: 170 }]);
  });

  it("are none where the link is back before they are noticed", () => {
    expect(absencesIn([{ downPs: 100, upPs: 110 }], times)).toEqual([]);
  });

  it("go on while the link flaps, however shortly", () => {
    const flaps = [
      { downPs: 100, upPs: 150 },
      { downPs: 169, upPs: 171 },
      { downPs: 191, upPs: NEVER },
    ];
    expect(absencesIn(flaps, times)).toEqual([
      { fromPs: 110, untilPs: 191 },
      { fromPs: 201, untilPs: NEVER },
    ]);
  });

  it("do not end where nothing is to return", () => {
    const absences = absencesIn([{ downPs: 0, upPs: 5000 }], { ...times, recoverPs: NEVER });
    expect(absences).toEqual([{ fromPs: 10, untilPs: NEVER }]);
  });
});

describe("failover of a NIC", () => {
  it("goes over the other plane with both ends, at half of the rate, and back", async () => {
    const plan = planOf(document({ detect: "10us", recover: "20us" }));
    const moves = movesOf(plan);
    expect(moves.map(({ atPs, away }) => [atPs, away])).toEqual([
      [50e6, true],
      [220e6, false],
    ]);
    expect(ranksOf(plan, [moves[0]!.srcNic, moves[0]!.dstNic])).toEqual([0, 2]);
    const { srcNic, dstNic } = plan.flows;
    expect([moves[0]!.srcNic, moves[0]!.dstNic]).not.toContain(srcNic[moves[0]!.flow]);
    expect([moves[1]!.srcNic, moves[1]!.dstNic]).toEqual([srcNic[moves[1]!.flow], dstNic[moves[1]!.flow]]);

    const healthy = await endPs(planOf(document(false, { faults: [] })));
    const moved = await endPs(plan);
    const stuck = await endPs(planOf(document(false)));
    expect(moved).toBeLessThan(stuck);
    // Half of the rate is missing from the loss to the return, but for what comes of it at the ends.
    expect(moved - healthy).toBeGreaterThan((220e6 - 40e6) / 2 - 20e6);
    expect(moved - healthy).toBeLessThan((220e6 - 40e6) / 2 + 20e6);
  });

  it("survives a link that stays down, where a queue pair would fail without", async () => {
    const faults = [{ kind: "link-down", from: "gpu-2", to: "plane-1-leaf-0", at: "40us" }];
    const transport = { recovery: "selective", window: "256KiB", rto: "30us", retryLimit: 3 };
    expect((await runCore(planOf(document(false, { faults, transport })))).status).toBe("qp-failed");
    const plan = planOf(document({ detect: "50us" }, { faults, transport }));
    expect(movesOf(plan)).toHaveLength(1);
    await endPs(plan);
    // The retries end before the loss is noticed.
    expect((await runCore(planOf(document({ detect: "200us" }, { faults, transport })))).status).toBe("qp-failed");
  });

  it("takes the NIC of another rank of the node where there is no other", async () => {
    const faults = [{ kind: "link-down", from: "gpu-0", to: "rail-0-leaf-0", at: "40us" }];
    const plan = planOf(document({ detect: "10us" }, { topology: RAILS, faults }));
    // Rails do not meet: the far end moves to the same rail.
    expect(movesOf(plan).map(({ srcNic, dstNic }) => ranksOf(plan, [srcNic, dstNic]))).toEqual([[1, 3]]);
    await endPs(plan);
  });

  it("spreads the queue pairs of a NIC over those that are as near", async () => {
    const topology = { ...RAILS, gpus: 8, gpusPerNode: 4, radix: 16 };
    const faults = [{ kind: "link-down", from: "gpu-0", to: "rail-0-leaf-0", at: "40us" }];
    const flows = Array.from({ length: 4 }, () => ({ src: 0, dst: 4, size: "2MiB" }));
    const workload = { kind: "flows", flows };
    const plan = planOf(document({ detect: "10us" }, { topology, faults, workload }));
    const pairs = movesOf(plan).map(({ srcNic, dstNic }) => ranksOf(plan, [srcNic, dstNic]));
    expect(pairs).toEqual([
      [1, 5],
      [2, 6],
      [3, 7],
      [1, 5],
    ]);
    await endPs(plan);
  });

  it("takes NCCL's times for true", () => {
    const faults = [{ kind: "link-down", from: "gpu-0", to: "plane-0-leaf-0", at: "1ms", until: "30ms" }];
    expect(movesOf(planOf(document(true, { faults }))).map(({ atPs }) => atPs)).toEqual([11e9, 40e9]);
  });

  it("gives the same run with fast-forward", async () => {
    const flows = [{ src: 0, dst: 2, size: "64MiB" }];
    const faults = [{ kind: "link-down", from: "gpu-0", to: "plane-0-leaf-0", at: "400us", until: "900us" }];
    const plan = planOf(document({ detect: "10us", recover: "20us" }, { workload: { kind: "flows", flows }, faults }));
    const outcomes = [];
    for (const fastForward of [true, false]) {
      const run = await CoreRun.start(plan, { fastForward });
      while (run.advance(1e6));
      await run.close();
      outcomes.push(run.digest(run.outcome()));
      if (fastForward) expect(run.skipped().skippedHops).toBeGreaterThan(0);
    }
    expect(outcomes[0]).toBe(outcomes[1]);
  });

  it("refuses what cannot move", () => {
    const lone = { kind: "leaf-spine", gpus: 4, gpusPerNode: 1, radix: 8 };
    const faults = [{ kind: "link-down", from: "gpu-0", to: "leaf-0", at: "40us" }];
    expect(() => planOf(document(true, { topology: lone, faults }))).toThrow(
      "no other NICs of gpu-0, gpu-2 or their nodes join the two",
    );
    for (const kind of ["rccc", "hpcc"]) {
      const transport = { recovery: "selective", congestionControl: { kind } };
      expect(() => planOf(document(true, { transport }))).toThrow("so they cannot move");
    }
    expect(() => planOf(document(3))).toThrow("failover: { detect: 10ms, recover: 10ms }");
  });
});
