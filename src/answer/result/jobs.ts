import type { Outcome } from "../../plan/outcome.js";
import type { RunPlan } from "../../plan/plan.js";
import type { TimelineRecord } from "../../plan/programs.js";
import type { JobSpec, Workload } from "../../scenario/types/scenario.js";
import { asTraining, beginsWithJob, collectiveOf, jobNumbers, jobsOf } from "../../scenario/types/workload-kinds.js";
import { jobBounds } from "../ideal/ideal.js";
import type { PlanView } from "../ideal/view.js";
import type { JobResult } from "./document.js";
import { type Job, jobOf } from "./job.js";
import { programResult } from "./programs.js";
import { trainingResult } from "./training.js";
import { jobSummary } from "./workload.js";

/** Jobs of a run one by one, in the order of the scenario; undefined where it has a workload. */
export function jobResults(workload: Workload, view: PlanView, outcome: Outcome): JobResult[] | undefined {
  const jobs = jobsOf(workload);
  if (jobs === undefined) return undefined;
  const numbers = jobNumbers(jobs);
  return jobs.map((job, i) => jobResult(job, numbers[i]!, view, outcome));
}

function jobResult(job: JobSpec, number: number, view: PlanView, outcome: Outcome): JobResult {
  const { name, ranks, background, workload } = job;
  const own = jobOf(view.plan, outcome, (other) => other === number, startOf(workload, job.startPs));
  const { idealPs } = jobBounds(workload, { ...view, plan: own.plan }, ranks);
  const lastPs = endsPs(own).reduce((most, ps) => Math.max(most, ps), 0);
  const jctPs = isDone(own.plan, own.outcome) ? lastPs : null;
  const program = programResult(own.plan, own.outcome, recordOf(workload, ranks));
  const trained = jctPs === null ? undefined : asTraining(workload);
  const training = trained && trainingResult(trained, own.plan, own.outcome);
  return {
    name,
    ranks: ranks.length,
    workload: jobSummary(workload),
    startNs: own.startPs / 1000,
    jctNs: jctPs === null ? null : jctPs / 1000,
    idealJctNs: idealPs / 1000,
    efficiency: jctPs === null ? null : jctPs === 0 ? 1 : idealPs / jctPs,
    ...bandwidthOf(workload, ranks.length, jctPs),
    ...(background ? { background } : {}),
    ...(program && { program }),
    ...(training && { training }),
  };
}

/**
 * Timelines that a job asks for. More may be kept: those of other jobs, and of a training step the
 * one that the times of steps are taken from.
 * @param ranks of the fabric, by rank of the job
 */
export function recordOf(workload: Workload, ranks?: readonly number[]): TimelineRecord {
  if (!("record" in workload)) return { ranks: [], limit: 0 };
  const { record } = workload;
  return ranks === undefined ? record : { ...record, ranks: record.ranks.map((rank) => ranks[rank]!) };
}

/** When its flows, or its programs, ended, in ps from its start. */
function endsPs({ plan, outcome, startPs }: Job): Float64Array {
  if (plan.programs === undefined) return outcome.finishPs;
  return outcome.programs!.ranks.finishPs.map((ps) => ps - startPs);
}

/**
 * When the jobs begin that a run measures, as the scenario says it, in ps. A collective begins
 * before its first flow where starting it takes time. Undefined where only flows tell.
 */
export function knownStartPs(workload: Workload): number | undefined {
  const jobs = jobsOf(workload);
  if (jobs === undefined) return startOf(workload, 0);
  const starts = jobs.flatMap((job) => (job.background ? [] : (startOf(job.workload, job.startPs) ?? [])));
  return starts.length === 0 ? undefined : Math.min(...starts);
}

function startOf(workload: Workload, startPs: number): number | undefined {
  return beginsWithJob(workload) ? startPs : undefined;
}

function isDone({ flows, programs }: RunPlan, { chunksDelivered, programs: outcome }: Outcome): boolean {
  if (programs !== undefined) return outcome!.ranks.finishPs.every((ps) => !Number.isNaN(ps));
  return chunksDelivered.every((chunks, flow) => chunks === flows.chunks[flow]);
}

/**
 * NCCL's definitions: algbw = S/t, and busbw as the row of the collective says. In GB/s (10^9
 * bytes). Null for flow lists, barriers, unfinished runs, and runs that take no time.
 * @param ranks of the fabric or the job; a group of ranks has its own number
 */
export function bandwidthOf(workload: Workload, ranks: number, jctPs: number | null) {
  const collective = collectiveOf(workload);
  if (collective === null || jctPs === null || jctPs === 0) return { algbwGBps: null, busbwGBps: null };
  if (!collective.row.hasSize) return { algbwGBps: null, busbwGBps: null };
  const algbwGBps = (collective.repeat * collective.sizeBytes) / (jctPs / 1000);
  return { algbwGBps, busbwGBps: collective.row.busBandwidth(algbwGBps, collective.groups?.[0]?.length ?? ranks) };
}
