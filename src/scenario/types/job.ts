import {
  ALGORITHM_ROWS,
  type AlgorithmName,
  COLLECTIVES,
  type CollectiveName,
  type CollectiveRow,
} from "../../plan/collectives.js";
import type { Task } from "../../plan/crossings.js";
import { FIRST_BACKGROUND_JOB, MAIN_JOB } from "../../plan/flows.js";
import type { FlowSpec, JobSpec, Workload } from "./scenario.js";

/** A collective, and what its bounds depend on. */
export interface JobCollective extends Task {
  readonly name: CollectiveName;
  readonly row: CollectiveRow;
  /** How often it is done. */
  readonly repeat: number;
  /** Groups of ranks that each do it; left out: all ranks. */
  readonly groups?: readonly (readonly number[])[];
}

/** A workload whatever its kind: what the parts of the program that follow ask of it. */
export interface JobFacts {
  /** The operation over all ranks; null for a list of flows. */
  readonly collective: JobCollective | null;
  /** Name of its schedule: the algorithm, `flows` or `jobs`. */
  readonly schedule: string;
  /** Traffic beside the job; undefined where there is none. */
  readonly background: readonly FlowSpec[] | undefined;
}

/** The facts of a workload. This is where its kind is asked for. */
export function jobFacts(workload: Workload): JobFacts {
  if (workload.kind === "jobs") {
    return {
      collective: null,
      schedule: "jobs",
      background: undefined,
    };
  }
  if (workload.kind === "program" || workload.kind === "training-step" || workload.kind === "trace") {
    return { collective: null, schedule: workload.kind, background: undefined };
  }
  if (workload.kind === "flows") {
    return { collective: null, schedule: "flows", background: undefined };
  }
  const { collective: name, algorithm, background } = workload;
  const { sizeBytes, sizes, root, repeat, groups } = workload;
  const collective = { name, row: COLLECTIVES[name], sizeBytes, sizes, root, repeat, ...(groups && { groups }) };
  return { collective, schedule: algorithm, background };
}

/** Algorithms of a workload that ask switches to reduce. */
export function reducingAlgorithms(workload: Workload): AlgorithmName[] {
  if (workload.kind === "jobs") return workload.jobs.flatMap((job) => reducingAlgorithms(job.workload));
  if (workload.kind !== "collective" || ALGORITHM_ROWS[workload.algorithm].reducesIn === undefined) return [];
  return [workload.algorithm];
}

/** Numbers of jobs in a flow graph, by place in the list. */
export function jobNumbers(jobs: readonly JobSpec[]): readonly number[] {
  let [measured, background] = [MAIN_JOB, FIRST_BACKGROUND_JOB];
  return jobs.map((job) => (job.background ? background++ : measured++));
}
