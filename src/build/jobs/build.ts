/** The flows of a workload, whatever its kind, and the programs that drive them. */
import type { Fabric } from "../../plan/fabric.js";
import { PlanFaults } from "../../plan/plan-error.js";
import type { Programs } from "../../plan/programs.js";
import { jobNumbers } from "../../scenario/types/job.js";
import type { JobSpec, JobsWorkload, ProgrammedWorkload, Scenario, Workload } from "../../scenario/types/scenario.js";
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
  if (workload.kind === "jobs") {
    return workload.jobs.some((job) => isProgrammed(job.workload))
      ? buildJobs(scenario, fabric, workload)
      : buildFlows(scenario, fabric);
  }
  if (!isProgrammed(workload)) return buildFlows(scenario, fabric);
  const place = placeOf(scenario, fabric);
  place.builder.job(scenario.name);
  add(place, { workload, number: 0, startPs: 0 });
  return place.builder.connect(place.network);
}

/** Flows and programs of several jobs, of which one at least is made of programs. */
function buildJobs(scenario: Scenario, fabric: Fabric, { jobs }: JobsWorkload): ConnectedPrograms {
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

function isProgrammed(workload: Workload): workload is ProgrammedWorkload {
  return workload.kind === "program" || workload.kind === "training-step" || workload.kind === "trace";
}

function add(place: Place, { workload, ...rest }: JobPlace<ProgrammedWorkload>): void {
  switch (workload.kind) {
    case "program":
      addProgram(place, { ...rest, workload });
      break;
    case "training-step":
      addTraining(place, { ...rest, workload });
      break;
    case "trace":
      addTrace(place, { ...rest, workload });
      break;
  }
}
