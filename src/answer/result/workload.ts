import type { FlowSpec, Workload } from "../../scenario/types/scenario.js";
import type { FlowTotal, WorkloadSummary } from "./document.js";

/** What a result says of its workload. */
export function workloadSummary(workload: Workload): WorkloadSummary {
  if (workload.kind === "jobs") return { kind: "jobs", jobs: workload.jobs.length };
  if (workload.kind === "flows") return { kind: "flows", ...totalOf(workload.flows) };
  if (workload.kind === "program") {
    return { kind: "program", roles: workload.roles.map(({ name, ranks }) => ({ name, ranks: ranks.length })) };
  }
  const { collective, algorithm, sizeBytes, groups, background } = workload;
  return {
    ...{ kind: "collective", collective, algorithm, sizeBytes },
    ...(groups === undefined ? {} : { groups: groups.length }),
    ...(background === undefined ? {} : { background: totalOf(background) }),
  };
}

/** Flows and their bytes. */
export function totalOf(flows: readonly FlowSpec[]): FlowTotal {
  return { flows: flows.length, totalBytes: flows.reduce((sum, { bytes }) => sum + bytes, 0) };
}
