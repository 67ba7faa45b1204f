import { COLLECTIVES } from "../../plan/collectives.js";
import type { CollectiveWorkload, FlowSpec, JobWorkload, Workload } from "../../scenario/types/scenario.js";
import { backgroundOf, type JobKind, jobsOf } from "../../scenario/types/workload-kinds.js";
import type { FlowTotal, JobSummary, WorkloadSummary } from "./document.js";

/** What a result says of its workload. */
export function workloadSummary(workload: Workload): WorkloadSummary {
  const jobs = jobsOf(workload);
  if (jobs !== undefined) return { kind: "jobs", jobs: jobs.length };
  const summary = jobSummary(workload as JobWorkload);
  const background = backgroundOf(workload);
  return { ...summary, ...(background && { background: totalOf(background) }) } as WorkloadSummary;
}

/** What a result says of one job, without the background of a collective. */
export function jobSummary(workload: JobWorkload): JobSummary {
  return (SUMMARY[workload.kind] as (workload: JobWorkload) => JobSummary)(workload);
}

/** What a result says of a job, for each kind of workload. */
const SUMMARY: { readonly [K in JobKind]: (workload: Extract<JobWorkload, { kind: K }>) => JobSummary } = {
  flows: ({ kind, flows }) => ({ kind, ...totalOf(flows) }),
  program: ({ kind, roles }) => ({ kind, roles: roles.map(({ name, ranks }) => ({ name, ranks: ranks.length })) }),
  trace: ({ kind, format, ranks }) => ({ kind, format, ranks: ranks.length }),
  "training-step": ({ kind, model, degrees, steps }) => ({ kind, model: model.name, parallel: degrees, steps }),
  collective: collectiveSummary,
};

/** What a result says of a collective, without its background. */
function collectiveSummary(workload: CollectiveWorkload) {
  const { collective, algorithm, protocol, isChosen, sizeBytes, root, repeat, groups } = workload;
  return {
    ...{ kind: "collective" as const, collective, algorithm },
    ...(protocol && { protocol }),
    ...(isChosen && { isChosen }),
    sizeBytes,
    ...(COLLECTIVES[collective].takesRoot && { root }),
    ...(repeat > 1 && { repeat }),
    ...(groups && { groups: groups.length }),
  };
}

/** Flows and their bytes. */
function totalOf(flows: readonly FlowSpec[]): FlowTotal {
  return { flows: flows.length, totalBytes: flows.reduce((sum, { bytes }) => sum + bytes, 0) };
}
