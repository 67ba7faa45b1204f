/**
 * A worker of the pool: simulates or estimates one scenario at a time, with the core that the pool
 * has compiled.
 */
import { workerData } from "node:worker_threads";
import { estimateRun, type RunEstimate } from "../../api/estimate.js";
import { simulate } from "../../api/simulate.js";
import { adoptCore } from "../../engine/core/instance.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { faultOf } from "../../util/heddle-error.js";
import { factsOf, type ResultFacts } from "../sweep/row.js";
import type { Answer, RunAnswer, RunTask, WorkerData } from "./task.js";

adoptCore((workerData as WorkerData).core);

export default async function run(task: RunTask): Promise<RunAnswer> {
  return answer(async () => JSON.stringify(await play(task)));
}

/** What a row of a sweep takes from the result: the text of all of it is long to make and read. */
export async function facts(task: RunTask): Promise<Answer<ResultFacts>> {
  return answer(async () => factsOf(await play(task)));
}

function play({ scenario, withFlows, threads, policy }: RunTask) {
  return simulate(scenario, { upToThreads: threads, ...(withFlows && { withFlows }), ...(policy && { policy }) });
}

export async function estimate(scenario: Scenario): Promise<Answer<RunEstimate>> {
  return answer(() => estimateRun(scenario));
}

async function answer<T>(work: () => T | Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, fault: faultOf(error) };
  }
}
