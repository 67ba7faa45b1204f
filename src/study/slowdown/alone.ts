import type { ResultDocument } from "../../answer/result/document.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { jobsOf } from "../../scenario/types/workload-kinds.js";

/** Each job of a scenario by itself, on the same fabric and ranks; empty where it has no jobs. */
export function aloneScenarios(scenario: Scenario): readonly Scenario[] {
  return (jobsOf(scenario.workload) ?? []).map((job) => ({
    ...scenario,
    name: job.name,
    workload: { kind: "jobs", jobs: [{ ...job, background: false }] },
  }));
}

/**
 * The result with the slowdown of each job against the job alone. Runs as many simulations as there
 * are jobs, one after the other.
 * @param result of the whole scenario
 * @param simulate runs a scenario to its end
 */
export async function withSlowdowns(
  scenario: Scenario,
  result: ResultDocument,
  simulate: (alone: Scenario) => Promise<ResultDocument>,
): Promise<ResultDocument> {
  const { jobs } = result;
  if (jobs === undefined) return result;
  const alone = aloneScenarios(scenario);
  const slowdowns: (number | null)[] = [];
  for (const [i, job] of jobs.entries()) {
    const jctNs = job.jctNs === null ? null : ((await simulate(alone[i]!)).jobs?.[0]?.jctNs ?? null);
    slowdowns.push(jctNs === null ? null : ratio(job.jctNs!, jctNs));
  }
  return { ...result, jobs: jobs.map((job, i) => ({ ...job, slowdown: slowdowns[i]! })) };
}

function ratio(togetherNs: number, aloneNs: number): number {
  return aloneNs === 0 ? 1 : togetherNs / aloneNs;
}
