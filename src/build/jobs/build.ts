/** The flows of a workload, whatever its kind, and the programs that drive them. */
import type { Fabric } from "../../plan/fabric.js";
import { PlanFaults } from "../../plan/plan-error.js";
import type { Programs } from "../../plan/programs.js";
import type { JobSpec, ProgrammedWorkload, Scenario } from "../../scenario/types/scenario.js";
import { isProgrammed, jobNumbers, jobsOf } from "../../scenario/types/workload-kinds.js";
import type { ConnectedFlows } from "../collective/connections.js";
import { buildFlows, plainFlows } from "../collective/index.js";
import type { ConnectedPrograms } from "../programs/builder.js";
import { addProgram } from "../programs/from-scenario.js";
import { addTrace } from "../programs/from-trace.js";
import { type JobPlace, type Place, placeOf } from "../programs/place.js";
import { addTraining } from "../training/build.js";

/**
 * Flows and programs of a scenario on its fabric.
 * @throws PlanError where a workload does not fit on it
 */
export function buildWorkload(scenario: Scenario, fabric: Fabric): ConnectedFlows & { readonly programs?: Programs } {
  const { workload } = scenario;
  const jobs = jobsOf(workload);
  if (jobs?.some((job) => isProgrammed(job.workload))) return buildJobs(scenario, fabric, jobs);
  if (!isProgrammed(workload)) return buildFlows(scenario, fabric);
  const place = placeOf(scenario, fabric);
  place.builder.job(scenario.name);
  add(place, { workload, number: 0, startPs: 0 });
  return place.builder.connect(place.network);
}

/** Flows and programs of several jobs, of which one at least is made of programs. */
function buildJobs(scenario: Scenario, fabric: Fabric, jobs: readonly JobSpec[]): ConnectedPrograms {
  const place = placeOf(scenario, fabric);
  const numbers = jobNumbers(jobs);
  for (const { name, background } of jobs) if (!background) place.builder.job(name);
  const wrong = new PlanFaults();
  jobs.forEach(({ ranks, startPs, workload }: JobSpec, i) => {
    if (!isProgrammed(workload)) return;
    wrong.attempt(() => add(place, { workload, number: numbers[i]!, ranks, startPs }), ["jobs", i]);
  });
  wrong.throwIfAny();
  return place.builder.connect(place.network, plainFlows(place.site, jobs));
}

type Add<W> = (place: Place, job: JobPlace<W>) => void;

/** What makes the programs of each kind of workload that has them. */
const ADD: { readonly [K in ProgrammedWorkload["kind"]]: Add<Extract<ProgrammedWorkload, { kind: K }>> } = {
  program: addProgram,
  "training-step": addTraining,
  trace: addTrace,
};

function add(place: Place, job: JobPlace<ProgrammedWorkload>): void {
  (ADD[job.workload.kind] as Add<ProgrammedWorkload>)(place, job);
}
