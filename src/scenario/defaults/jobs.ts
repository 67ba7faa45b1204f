/** Jobs with their ranks. */
import type { Sections } from "../schema/sections.js";
import type { FlowFiles } from "../types/flow-table.js";
import { gpusPerNodeOf, type PlacementRule, type PlacingError, placeJobs } from "../types/placement.js";
import type { TraceFiles } from "../types/read-trace.js";
import type { JobSpec, JobsWorkload, JobWorkload } from "../types/scenario.js";
import { hostsInOrder } from "./links.js";
import { resolveProgram } from "./program.js";
import { type Ranked, rankCount, rankNumbers } from "./ranks.js";
import { resolveTrace } from "./trace.js";
import { resolveTraining } from "./training.js";
import { nodeSize, resolveWorkload } from "./workload.js";

type WrittenJob = NonNullable<Sections["jobs"]>[number];

/** The part of a fabric that a job has, as rules about its workload see it. */
export function jobTopology(topology: Sections["topology"], ranks: readonly number[]): Ranked {
  const gpusPerNode = gpusPerNodeOf(ranks, nodeSize(topology));
  if (topology.kind === "custom") {
    const all = hostsInOrder(topology);
    return { ...topology, hosts: ranks.map((rank) => all[rank]!), rankOrder: undefined, gpusPerNode };
  }
  if (topology.kind === "multi-datacenter" || topology.kind === "dragonfly") {
    return { ...topology, jobRanks: ranks.length, jobNodeSize: gpusPerNode, ofJob: ranks };
  }
  return { ...topology, gpus: ranks.length, gpusPerNode, ofJob: ranks };
}

/** Ranks of each job, or how many were left. Listed ranks must be there. */
export function placeAll(
  { topology, seed }: Pick<Sections, "topology" | "seed">,
  jobs: readonly WrittenJob[],
): readonly (readonly number[] | PlacingError)[] {
  const numberOf = rankNumbers(topology);
  const placeable = jobs.map(({ ranks: count, placement, background }) => ({
    count,
    placement: typeof placement === "string" ? (placement as PlacementRule) : placement.map((rank) => numberOf(rank)!),
    background,
  }));
  return placeJobs(placeable, rankCount(topology), nodeSize(topology), seed);
}

export function jobName({ name }: WrittenJob, number: number): string {
  return name ?? `job-${number}`;
}

/** What a scenario may take from files beside it. */
interface NamedFiles {
  readonly flowFiles: FlowFiles;
  readonly traceFiles: TraceFiles;
}

/** A workload that is no list of jobs, or that of one job. The rules have been checked. */
export function resolveOne(sections: Sections, { flowFiles, traceFiles }: NamedFiles): JobWorkload {
  const { workload } = sections;
  if (workload.kind === "training-step") return resolveTraining(sections, workload);
  if (workload.kind === "trace") return resolveTrace(workload, traceFiles);
  if (workload.kind === "program") return resolveProgram(sections, workload);
  return resolveWorkload({ ...sections, workload }, flowFiles);
}

/** The jobs with their flows spelled out. The rules have been checked. */
export function resolveJobs(sections: Sections, files: NamedFiles): JobsWorkload {
  const written = sections.jobs!;
  const places = placeAll(sections, written);
  const jobs = written.map((job, i): JobSpec => {
    const ranks = places[i] as readonly number[];
    const topology = jobTopology(sections.topology, ranks);
    const workload = resolveOne({ ...sections, workload: job.workload, topology }, files);
    return { name: jobName(job, i), ranks, startPs: job.start, background: job.background, workload };
  });
  return { kind: "jobs", jobs };
}
