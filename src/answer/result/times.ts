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
  const finishPs = finishTimes(job);
  const ends = job.plan.programs === undefined ? job.outcome.finishPs : finishPs;
  const jctPs = outcome.status === "finished" ? ends.reduce((most, ps) => Math.max(most, ps), 0) : null;
  return { job, finishPs, jctPs };
}

function finishTimes({ plan, outcome, startPs }: Job): Float64Array {
  const { programs } = plan;
  if (programs === undefined || outcome.programs === undefined) return rankFinishPs(plan, outcome);
  const ends = programFinishPs(plan, programs, outcome.programs, startPs);
  // Beside other jobs: flows before those of programs start by themselves.
  const [plainFlows] = programFlows(programs);
  const plain = rankFinishPs({ ...plan, flows: { ...plan.flows, count: plainFlows } }, outcome);
  return ends.map((ps, rank) => Math.max(ps, plain[rank]!));
}
