import { COLLECTIVES } from "../../plan/collectives.js";
import type {
  CollectiveWorkload,
  FlowSpec,
  JobWorkload,
  ProgramWorkload,
  Workload,
} from "../../scenario/types/scenario.js";
import type { FlowTotal, JobSummary, WorkloadSummary } from "./document.js";

/** What a result says of its workload. */
export function workloadSummary(workload: Workload): WorkloadSummary {
  if (workload.kind === "jobs") return { kind: "jobs", jobs: workload.jobs.length };
  const summary = jobSummary(workload);
  if (workload.kind !== "collective" || workload.background === undefined) return summary;
  return { ...collectiveSummary(workload), background: totalOf(workload.background) };
}

/** What a result says of one job, without the background of a collective. */
export function jobSummary(workload: JobWorkload): JobSummary {
  switch (workload.kind) {
    case "flows":
      return { kind: "flows", ...totalOf(workload.flows) };
    case "program":
      return programSummary(workload);
    case "trace":
      return { kind: "trace", format: workload.format, ranks: workload.ranks.length };
    case "training-step": {
      const { model, degrees, steps } = workload;
      return { kind: "training-step", model: model.name, parallel: degrees, steps };
    }
    case "collective":
      return collectiveSummary(workload);
  }
}

/** What a result says of a program. */
function programSummary({ roles }: ProgramWorkload) {
  return { kind: "program" as const, roles: roles.map(({ name, ranks }) => ({ name, ranks: ranks.length })) };
}

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
