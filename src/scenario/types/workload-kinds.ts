/**
 * The kinds of workload, a row for each: what the parts of the program ask of a workload without
 * knowing its kind. A new kind is a row here, one where workloads are built, and one for results.
 */
import {
  ALGORITHM_ROWS,
  type AlgorithmName,
  COLLECTIVES,
  type CollectiveName,
  type CollectiveRow,
} from "../../plan/collectives.js";
import type { Task } from "../../plan/crossings.js";
import { FIRST_BACKGROUND_JOB, MAIN_JOB } from "../../plan/flows.js";
import type {
  CollectiveWorkload,
  FlowSpec,
  FlowsWorkload,
  JobSpec,
  JobWorkload,
  ProgrammedWorkload,
  TrainingWorkload,
  Workload,
} from "./scenario.js";

type Kind = Workload["kind"];

/** The kinds that a workload by itself, or one of several jobs, may have. */
export type JobKind = JobWorkload["kind"];

/** A collective, and what its bounds depend on. */
export interface JobCollective extends Task {
  readonly name: CollectiveName;
  readonly row: CollectiveRow;
  readonly algorithm: AlgorithmName;
  /** How often it is done. */
  readonly repeat: number;
  /** Groups of ranks that each do it; left out: all ranks. */
  readonly groups?: readonly (readonly number[])[];
  /** Where switches reduce it; left out: ranks do. */
  readonly reducesIn?: "scale-up" | "fabric";
}

interface WorkloadRow<W> {
  /** Programs of its ranks drive its flows. */
  readonly isProgrammed: boolean;
  /** It is a list of flows: results tell of each. */
  readonly listsFlows: boolean;
  /**
   * It begins at the start of its job, before its first flow where starting it takes time. Of
   * others only the flows tell.
   */
  readonly beginsWithJob: boolean;
  /** Name of its schedule: the algorithm, or the kind. */
  schedule(workload: W): string;
  /** The operation over all ranks; null where there is none. */
  collective(workload: W): JobCollective | null;
  /** Traffic beside it, which nothing waits for. */
  background(workload: W): readonly FlowSpec[] | undefined;
  /**
   * What stands for it in the digest of a scenario where it came from a file: the digest of that
   * file instead of its content. Undefined where all of it was in the scenario.
   */
  inDigest(workload: W): object | undefined;
}

/** A kind that has nothing of what a row may tell. */
const plain = (kind: Kind): WorkloadRow<unknown> => ({
  isProgrammed: false,
  listsFlows: false,
  beginsWithJob: false,
  schedule: () => kind,
  collective: () => null,
  background: () => undefined,
  inDigest: () => undefined,
});

const ROWS: { readonly [K in Kind]: WorkloadRow<Extract<Workload, { kind: K }>> } = {
  collective: {
    ...plain("collective"),
    beginsWithJob: true,
    schedule: ({ algorithm }) => algorithm,
    collective: jobCollective,
    background: ({ background }) => background,
    inDigest: (workload) => (workload.backgroundDigest === undefined ? undefined : { ...workload, background: [] }),
  },
  flows: {
    ...plain("flows"),
    listsFlows: true,
    inDigest: (workload) => (workload.flowsDigest === undefined ? undefined : { ...workload, flows: [] }),
  },
  program: { ...plain("program"), isProgrammed: true },
  "training-step": { ...plain("training-step"), isProgrammed: true },
  trace: {
    ...plain("trace"),
    isProgrammed: true,
    inDigest: ({ digest }) => ({ kind: "trace", digest }),
  },
  jobs: { ...plain("jobs"), inDigest: jobsInDigest },
};

function rowOf(workload: Workload): WorkloadRow<Workload> {
  return ROWS[workload.kind] as WorkloadRow<Workload>;
}

function jobCollective(workload: CollectiveWorkload): JobCollective {
  const { collective: name, algorithm, sizeBytes, sizes, root, repeat, groups } = workload;
  const { reducesIn } = ALGORITHM_ROWS[algorithm];
  const task = { name, row: COLLECTIVES[name], algorithm, sizeBytes, sizes, root, repeat };
  return { ...task, ...(groups && { groups }), ...(reducesIn && { reducesIn }) };
}

function jobsInDigest({ jobs, ...rest }: Extract<Workload, { kind: "jobs" }>): object | undefined {
  if (!jobs.some(({ workload }) => isFromFile(workload))) return undefined;
  return { ...rest, jobs: jobs.map((job) => ({ ...job, workload: inDigest(job.workload) })) };
}

/** The operation over all ranks of a workload; null where there is none. */
export function collectiveOf(workload: Workload): JobCollective | null {
  return rowOf(workload).collective(workload);
}

/** Name of a workload's schedule: the algorithm, or its kind. */
export function scheduleOf(workload: Workload): string {
  return rowOf(workload).schedule(workload);
}

/** Traffic beside a workload; undefined where there is none. */
export function backgroundOf(workload: Workload): readonly FlowSpec[] | undefined {
  return rowOf(workload).background(workload);
}

/** Results tell of each flow of such a workload. */
export function listsFlows(workload: Workload): boolean {
  return rowOf(workload).listsFlows;
}

/** Programs of ranks drive the flows of such a workload. */
export function isProgrammed(workload: Workload): workload is ProgrammedWorkload {
  return rowOf(workload).isProgrammed;
}

/** Such a workload begins at the start of its job; of others only the flows tell. */
export function beginsWithJob(workload: Workload): boolean {
  return rowOf(workload).beginsWithJob;
}

/** Whether a workload, its background or one of its jobs came from a file. */
export function isFromFile(workload: Workload): boolean {
  return rowOf(workload).inDigest(workload) !== undefined;
}

/** What stands for a workload in the digest of a scenario. */
export function inDigest(workload: Workload): object {
  return rowOf(workload).inDigest(workload) ?? workload;
}

/** The jobs of a scenario that has several; undefined where it has one workload. */
export function jobsOf(workload: Workload): readonly JobSpec[] | undefined {
  return workload.kind === "jobs" ? workload.jobs : undefined;
}

/** The workload where it is a collective. */
export function asCollective(workload: Workload): CollectiveWorkload | undefined {
  return workload.kind === "collective" ? workload : undefined;
}

/** The workload where it is a list of flows. */
export function asFlows(workload: Workload): FlowsWorkload | undefined {
  return workload.kind === "flows" ? workload : undefined;
}

/** The workload where it is a training step. */
export function asTraining(workload: Workload): TrainingWorkload | undefined {
  return workload.kind === "training-step" ? workload : undefined;
}

/** Algorithms of a workload that ask switches to reduce. */
export function reducingAlgorithms(workload: Workload): AlgorithmName[] {
  const all = jobsOf(workload)?.map((job) => job.workload) ?? [workload];
  return all.flatMap((each) => {
    const collective = collectiveOf(each);
    return collective?.reducesIn === undefined ? [] : [collective.algorithm];
  });
}

/** Numbers of jobs in a flow graph, by place in the list. */
export function jobNumbers(jobs: readonly JobSpec[]): readonly number[] {
  let [measured, background] = [MAIN_JOB, FIRST_BACKGROUND_JOB];
  return jobs.map((job) => (job.background ? background++ : measured++));
}
