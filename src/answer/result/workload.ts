import { COLLECTIVES } from "../../plan/collectives.js";
import type { CollectiveWorkload, FlowSpec, Workload } from "../../scenario/types/scenario.js";
import type { FlowTotal, WorkloadSummary } from "./document.js";

/** What a result says of its workload. */
export function workloadSummary(workload: Workload): WorkloadSummary {
  if (workload.kind === "jobs") return { kind: "jobs", jobs: workload.jobs.length };
  if (workload.kind === "flows") return { kind: "flows", ...totalOf(workload.flows) };
  if (workload.kind === "program") {
    return { kind: "program", roles: workload.roles.map(({ name, ranks }) => ({ name, ranks: ranks.length })) };
  }
  if (workload.kind === "trace") return { kind: "trace", format: workload.format, ranks: workload.ranks.length };
  if (workload.kind === "training-step") {
    const { model, degrees, steps } = workload;
    return { kind: "training-step", model: model.name, parallel: degrees, steps };
  }
  const { background } = workload;
  return {
    ...collectiveSummary(workload),
    ...(background === undefined ? {} : { background: totalOf(background) }),
  };
}

/** What a result says of a collective, without its background. */
export function collectiveSummary(workload: CollectiveWorkload) {
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
export function totalOf(flows: readonly FlowSpec[]): FlowTotal {
  return { flows: flows.length, totalBytes: flows.reduce((sum, { bytes }) => sum + bytes, 0) };
}
