import { COLLECTIVES, type CollectiveName, type CollectiveRow } from "../../plan/collectives.js";
import { FIRST_BACKGROUND_JOB, MAIN_JOB } from "../../plan/flows.js";
import type { FlowSpec, JobSpec, Workload } from "./scenario.js";

/** A workload whatever its kind: what the parts of the program that follow ask of it. */
export interface JobFacts {
  /** The operation over all ranks; null for a list of flows. */
  readonly collective: {
    readonly name: CollectiveName;
    readonly row: CollectiveRow;
    readonly sizeBytes: number;
    /** Groups of ranks that each do it; left out: all ranks. */
    readonly groups?: readonly (readonly number[])[];
  } | null;
  /** Name of its schedule: the algorithm, `flows` or `jobs`. */
  readonly schedule: string;
  readonly reductionDelayPs: number;
  /** Traffic beside the job; undefined where there is none. */
  readonly background: readonly FlowSpec[] | undefined;
}

/** The facts of a workload. This is where its kind is asked for. */
export function jobFacts(workload: Workload): JobFacts {
  if (workload.kind === "jobs") {
    return {
      collective: null,
      schedule: "jobs",
      reductionDelayPs: commonDelayPs(workload.jobs),
      background: undefined,
    };
  }
  if (workload.kind === "program") {
    return { collective: null, schedule: "program", reductionDelayPs: 0, background: undefined };
  }
  if (workload.kind === "flows") {
    return { collective: null, schedule: "flows", reductionDelayPs: 0, background: undefined };
  }
  const { collective: name, algorithm, sizeBytes, groups, reductionDelayPs, background } = workload;
  const collective = { name, row: COLLECTIVES[name], sizeBytes, ...(groups && { groups }) };
  return { collective, schedule: algorithm, reductionDelayPs, background };
}

/** The rules see to it that all collectives have the same. */
function commonDelayPs(jobs: readonly JobSpec[]): number {
  return jobs.reduce((most, { workload }) => Math.max(most, jobFacts(workload).reductionDelayPs), 0);
}

/** Numbers of jobs in a flow graph, by place in the list. */
export function jobNumbers(jobs: readonly JobSpec[]): readonly number[] {
  let [measured, background] = [MAIN_JOB, FIRST_BACKGROUND_JOB];
  return jobs.map((job) => (job.background ? background++ : measured++));
}
