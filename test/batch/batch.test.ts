import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { estimateRun } from "../../src/api/estimate.js";
import { simulate } from "../../src/api/simulate.js";
import { type BatchJob, type BatchOptions, type JobOutcome, runBatch } from "../../src/study/batch/batch.js";
import { RunError } from "../../src/study/batch/errors.js";
import { estimateAll } from "../../src/study/batch/estimates.js";
import { RunPool } from "../../src/study/batch/pool.js";
import type { BatchState } from "../../src/study/batch/progress.js";
import { job, tinyScenario, UNSTEADY, WORKER } from "./support.js";

const pools: RunPool[] = [];

async function poolOf(workers: number, worker = UNSTEADY): Promise<RunPool> {
  const pool = await RunPool.start({ workers, worker });
  pools.push(pool);
  return pool;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

/** Outcomes by job, in the order in which the runs ended. */
async function outcomesOf(
  pool: RunPool,
  jobs: readonly BatchJob[],
  options: Partial<BatchOptions<BatchJob>> = {},
): Promise<Map<string, JobOutcome>> {
  const outcomes = new Map<string, JobOutcome>();
  await runBatch(pool, jobs, {
    memoryLimitBytes: 1e9,
    onEnd: ({ id }, outcome) => {
      expect(outcomes.has(id)).toBe(false);
      outcomes.set(id, outcome);
    },
    ...options,
  });
  return outcomes;
}

describe("a batch", () => {
  test("gives the results of single runs, and says how far it is", async () => {
    const scenarios = [1, 2, 3, 4, 5].map((seed) => tinyScenario(["routing.policy=spray", `seed=${seed}`]));
    const pool = await poolOf(2, WORKER);
    const estimates = await estimateAll(pool, scenarios);
    expect(estimates).toEqual(scenarios.map((scenario) => estimateRun(scenario)));
    const states: BatchState[] = [];
    const jobs = scenarios.map((scenario, i) => ({ id: `${i}`, scenario, estimate: estimateRun(scenario) }));
    const outcomes = await outcomesOf(pool, jobs, { onProgress: (state) => states.push(state) });
    for (const { id, scenario } of jobs) {
      const outcome = outcomes.get(id)!;
      const { engine, ...rest } = await simulate(scenario);
      const { engine: pooled, ...others } = (outcome as JobOutcome & { kind: "done" }).result;
      expect(pooled.digest).toBe(engine.digest);
      expect(others).toEqual(rest);
    }
    expect(states.at(-1)).toMatchObject({ done: 5, failed: 0, running: 0, total: 5 });
    expect(Math.max(...states.map(({ running }) => running))).toBe(2);
  });

  test("starts the longest first", async () => {
    const jobs = [job("sleep 1", 10), job("sleep 2", 30), job("sleep 3", 20)];
    expect([...(await outcomesOf(await poolOf(1), jobs)).keys()]).toEqual(["sleep 2", "sleep 3", "sleep 1"]);
  });

  test("does not start together what does not fit", async () => {
    const jobs = Array.from({ length: 6 }, (_, i) => job(`sleep ${10 + i}`, 1, 600));
    let most = 0;
    const onProgress = ({ running }: BatchState) => {
      most = Math.max(most, running);
    };
    const outcomes = await outcomesOf(await poolOf(3), jobs, { memoryLimitBytes: 1000, onProgress });
    expect(outcomes.size).toBe(6);
    expect(most).toBe(1);
  });

  test("goes on after runs that are refused, or end their worker", async () => {
    const marker = join(mkdtempSync(join(tmpdir(), "heddle-")), "crash");
    const jobs = ["sleep 1", "refuse", `crash ${marker}-2`, `crash ${marker}-9`].map((name) => job(name));
    const outcomes = await outcomesOf(await poolOf(2), jobs);
    expect(outcomes.get("sleep 1")!.kind).toBe("done");
    expect(outcomes.get("refuse")).toEqual({
      kind: "failed",
      fault: { code: "HEDDLE_PLAN", name: "PlanError", message: "it cannot be built" },
      attempts: 1,
    });
    expect(outcomes.get(`crash ${marker}-2`)!.kind).toBe("done");
    expect(outcomes.get(`crash ${marker}-9`)).toMatchObject({
      kind: "failed",
      fault: { code: "HEDDLE_WORKER", name: "WorkerError" },
      attempts: 3,
    });
    expect(readFileSync(`${marker}-9`, "utf8")).toBe("xxx");
  });

  test("ends a run that takes too long", async () => {
    const outcomes = await outcomesOf(await poolOf(1), [job("spin")], { timeoutMs: 300 });
    expect(outcomes.get("spin")).toMatchObject({
      kind: "failed",
      fault: { code: "HEDDLE_TIMEOUT", message: "it took longer than 0.3 s" },
    });
  });

  test("stops at once when its signal comes", async () => {
    const stop = new AbortController();
    const jobs = ["sleep 1", "spin", "spin 2", "sleep 2"].map((name, i) => job(name, 9 - i));
    const ended: string[] = [];
    await runBatch(await poolOf(2), jobs, {
      memoryLimitBytes: 1e9,
      signal: stop.signal,
      onEnd: ({ id }) => {
        ended.push(id);
        setTimeout(() => stop.abort(), 50);
      },
    });
    expect(ended).toEqual(["sleep 1"]);
  });

  test("ends with what is thrown at its results", async () => {
    const onEnd = () => {
      throw new Error("no space left");
    };
    await expect(outcomesOf(await poolOf(2), [job("sleep 1"), job("spin")], { onEnd })).rejects.toThrow(
      "no space left",
    );
  });

  test("ends when workers cannot start", async () => {
    const pool = await poolOf(2, new URL("./workers/missing.mjs", import.meta.url));
    await expect(outcomesOf(pool, [job("sleep 1")])).rejects.toThrow(/missing\.mjs/);
  });

  test("a run's threads are those that no other run uses", async () => {
    const outcomes = await outcomesOf(await poolOf(4), [job("sleep 300", 2), job("sleep 301", 1)]);
    const threads = [...outcomes.values()].map((outcome) => outcome.kind === "done" && outcome.result);
    expect(threads).toEqual([expect.objectContaining({ threads: 2 }), expect.objectContaining({ threads: 2 })]);
  });
});

test("an estimate that cannot be made is a fault, not the end of all", async () => {
  const good = tinyScenario();
  const bad = tinyScenario(["faults=[{ kind: link-down, from: gpu-1, to: spine-99, start: 1us }]"]);
  const [first, second] = await estimateAll(await poolOf(2, WORKER), [good, bad]);
  expect(first).toEqual(estimateRun(good));
  expect(second).toMatchObject({ code: "HEDDLE_PLAN", name: "PlanError", message: expect.stringMatching(/spine-99/) });
  const thrown = await (await poolOf(1, WORKER)).simulate(bad).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(RunError);
  expect(thrown).toMatchObject({ name: "RunError", code: "HEDDLE_PLAN" });
});
