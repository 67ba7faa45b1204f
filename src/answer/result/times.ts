/** When the measured job of a run began, and when it was done. */
import { isMeasured } from "../../plan/flows.js";
import type { Outcome } from "../../plan/outcome.js";
import type { RunPlan } from "../../plan/plan.js";
import { programFlows } from "../../plan/programs.js";
import type { Workload } from "../../scenario/types/scenario.js";
import { type Job, jobOf } from "./job.js";
import { knownStartPs } from "./jobs.js";
import { programFinishPs } from "./programs.js";
import { rankFinishPs } from "./ranks.js";

export interface JobTimes {
  readonly job: Job;
  /** By rank, in ps from the start of the job. */
  readonly finishPs: Float64Array;
  /** From the start of the job; null where it did not finish. */
  readonly jctPs: number | null;
}

export function timesOf(workload: Workload, plan: RunPlan, outcome: Outcome): JobTimes {
  const job = jobOf(plan, outcome, isMeasured, knownStartPs(workload));
  const finishPs = finishTimes(plan, outcome, job);
  const ends = plan.programs === undefined ? job.outcome.finishPs : finishPs;
  const jctPs = outcome.status === "finished" ? ends.reduce((most, ps) => Math.max(most, ps), 0) : null;
  return { job, finishPs, jctPs };
}

function finishTimes(plan: RunPlan, outcome: Outcome, job: Job): Float64Array {
  if (plan.programs === undefined || outcome.programs === undefined) return rankFinishPs(job.plan, job.outcome);
  const ends = programFinishPs(plan, plan.programs, outcome.programs, job.startPs);
  // Beside other jobs: flows before those of programs start by themselves.
  const [plainFlows] = programFlows(job.plan.programs!);
  const { flows } = job.plan;
  const plain = rankFinishPs({ ...job.plan, flows: { ...flows, count: plainFlows } }, job.outcome);
  return ends.map((ps, rank) => Math.max(ps, plain[rank]!));
}
