import { expect, it } from "vitest";
import { jobOf } from "../../src/answer/result/job.js";
import { simulate } from "../../src/api/simulate.js";
import { buildFlows } from "../../src/build/collective/index.js";
import { buildFabric } from "../../src/build/topology/index.js";
import { FIRST_BACKGROUND_JOB, jobOfFlow } from "../../src/plan/flows.js";
import type { Outcome } from "../../src/plan/outcome.js";
import type { RunPlan } from "../../src/plan/plan.js";
import { closScenario } from "../topology/scenarios.js";

const TOPOLOGY = { kind: "leaf-spine" as const, gpus: 8, gpusPerNode: 1, radix: 8 };
const RING = { kind: "collective", algorithm: "ring", size: "64KiB" };
const BACKGROUND = { pattern: "shift", by: 3, size: "8KiB" };

function flowsOf(workload: object) {
  const scenario = closScenario(TOPOLOGY, { workload, transport: { qpsPerConnection: 2 } });
  return buildFlows(scenario, buildFabric(scenario)).flows;
}

it("the background has a number of its own; alone, all flows are of job 0 and need no column", () => {
  const [alone, beside] = [flowsOf(RING), flowsOf({ ...RING, background: BACKGROUND })];
  expect(alone.jobOf).toBeUndefined();
  expect(jobOfFlow(alone, 3)).toBe(0);
  const jobs = [...new Array(alone.count).fill(0), ...new Array(beside.count - alone.count).fill(FIRST_BACKGROUND_JOB)];
  expect([...beside.jobOf!]).toEqual(jobs);
});

/** A plan and an outcome of some flows; what else a plan holds plays no part. */
function runOf(jobs: readonly number[]): [RunPlan, Outcome] {
  const count = jobs.length;
  const column = (first: number) => Float64Array.from({ length: count }, (_, flow) => first + flow);
  const numbers = Uint32Array.from({ length: count }, (_, flow) => flow);
  const flows = {
    ...{ count, srcNic: numbers, dstNic: numbers, chunkBytes: column(1), chunks: numbers, connection: numbers },
    startPs: column(100),
    jobOf: Uint16Array.from(jobs),
    // Each flow waits for the one before it.
    upFirst: Uint32Array.from({ length: count + 1 }, (_, flow) => Math.max(0, flow - 1)),
    upFlow: numbers.subarray(0, count - 1),
    upLag: Int32Array.from({ length: count - 1 }, (_, edge) => edge),
  };
  const outcome = { startPs: column(100), finishPs: column(200), ackedPs: column(300), chunksDelivered: numbers };
  return [{ flows } as unknown as RunPlan, outcome as unknown as Outcome];
}

it("a job's flows may lie anywhere among others", () => {
  const [plan, outcome] = runOf([1, 0, 0, 1, 0, 2]);
  const job = jobOf(plan, outcome, (number) => number === 0);
  expect(job.startPs).toBe(101);
  expect([...job.plan.flows.srcNic]).toEqual([1, 2, 4]);
  expect([...job.plan.flows.startPs]).toEqual([0, 1, 3]);
  expect([...job.outcome.finishPs]).toEqual([100, 101, 103]);
  expect([...job.outcome.chunksDelivered]).toEqual([1, 2, 4]);
  // Only flow 2 waits for a flow of its job.
  expect([...job.plan.flows.upFirst]).toEqual([0, 0, 1, 1]);
  expect([[...job.plan.flows.upFlow], [...job.plan.flows.upLag]]).toEqual([[0], [1]]);
  expect([...jobOf(plan, outcome, (number) => number === 2).plan.flows.srcNic]).toEqual([5]);
});

it("results name the flows of the background", async () => {
  const document = { topology: TOPOLOGY, preset: "multipath", workload: { ...RING, background: BACKGROUND } };
  const { flows } = await simulate(document, { withFlows: true });
  expect(flows!.map(({ background }) => background === true)).toEqual(Array.from({ length: 16 }, (_, i) => i >= 8));
});
