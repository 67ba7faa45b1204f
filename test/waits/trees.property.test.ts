import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { treesOf } from "../../src/answer/waits/trees.js";
import { type LaneWait, WaitLog } from "../../src/answer/waits/waits.js";
import { CoreRun } from "../../src/engine/run/run.js";
import type { RunPlan } from "../../src/plan/plan.js";
import { runSimulation } from "../oracle/run.js";
import { Simulation } from "../oracle/simulation.js";
import { rootsOfOracle, type Traced, traced } from "../oracle/waits.js";
import { randomPlan } from "../support/random-plan.js";

const RUNS = Number(process.env.HEDDLE_RUNS ?? 40);

async function tracedRun(plan: RunPlan, threads: number) {
  const log = new WaitLog(plan.fabric.peerPort);
  const core = await CoreRun.start(plan, { threads, watch: { kind: "waits", onRecord: log.take } });
  try {
    while (core.advance(1e5));
    const outcome = core.outcome();
    const untilPs = core.tellRestOfWaits(outcome);
    return {
      outcome,
      digest: core.digest(outcome),
      waits: log.waits(untilPs),
      trees: treesOf(log.waits(untilPs), plan.fabric.peerPort),
    };
  } finally {
    await core.close();
  }
}

async function digestOf(plan: RunPlan): Promise<string> {
  const core = await CoreRun.start(plan);
  try {
    while (core.advance(1e6));
    return core.digest(core.outcome());
  } finally {
    await core.close();
  }
}

/** Holders, times and flows of a wait. */
function textOf({ lane, kind, fromPs, toPs, holder, decidedPs, isLoop, flows }: LaneWait | Traced): string {
  return `${lane} ${kind} ${fromPs}-${toPs} by ${holder} at ${decidedPs} ${isLoop} ${[...flows].sort((a, b) => a - b)}`;
}

const sorted = <K extends string | number>(map: ReadonlyMap<K, number>) =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1));
const sumOf = (values: Iterable<number>) => [...values].reduce((sum, ps) => sum + ps, 0);

describe("trees of pauses and waits for credit of random runs", () => {
  it("sum to all paused time and waits exactly, are the oracle's, and change nothing in the run", async () => {
    let pauses = 0;
    let credits = 0;
    let deep = 0;
    await fc.assert(
      fc.asyncProperty(randomPlan(), fc.constantFrom(1, 1, 2, 3), async (plan, threads) => {
        fc.pre(plan.fabric.detours === undefined);
        const { outcome, digest, trees, waits } = await tracedRun(plan, threads);
        expect(digest).toBe(await digestOf(plan));
        const branches = trees.flatMap(({ lanes }) => [...lanes.values()]);
        const pausedPs = sumOf(branches.map((branch) => branch.pausedPs));
        const creditWaitPs = sumOf(branches.map((branch) => branch.creditWaitPs));
        expect(pausedPs).toBe(sumOf(outcome.ports.pausedPs));
        expect(creditWaitPs).toBe(sumOf(outcome.ports.creditWaitPs));
        const sim = new Simulation(plan);
        runSimulation(sim);
        const waited = sim.log.waits.filter(({ fromPs, toPs }) => toPs > fromPs).map((wait) => traced(sim, wait));
        expect(waits.map(textOf).sort()).toEqual(waited.map(textOf).sort());
        const found = trees.map(({ root, lanes, flows }) => ({
          root: `${root.kind} ${root.kind === "device" ? root.port : root.lane}`,
          lanes: sorted(
            new Map(
              [...lanes]
                .flatMap(
                  ([lane, branch]) =>
                    [
                      [`${lane} pause`, branch.pausedPs],
                      [`${lane} credit`, branch.creditWaitPs],
                    ] as const,
                )
                .filter(([, ps]) => ps > 0),
            ),
          ),
          flows: sorted(flows),
        }));
        const expected = [...rootsOfOracle(sim)].map(([root, times]) => ({
          root,
          lanes: sorted(times.lanes),
          flows: sorted(times.flows),
        }));
        const byRoot = (a: { root: string }, b: { root: string }) => (a.root < b.root ? -1 : 1);
        expect(found.sort(byRoot)).toEqual(expected.sort(byRoot));
        if (pausedPs > 0) pauses += 1;
        if (creditWaitPs > 0) credits += 1;
        if (
          branches.some(({ behind }) => [...behind.keys()].some((lane) => trees.some((tree) => tree.lanes.has(lane))))
        )
          deep += 1;
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    if (RUNS < 150) return;
    expect(pauses).toBeGreaterThan(RUNS / 20);
    expect(credits).toBeGreaterThan(RUNS / 20);
    expect(deep).toBeGreaterThan(0);
  }, 300_000);
});
