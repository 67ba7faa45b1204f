import type { Fabric } from "../../plan/fabric.js";
import { BACKGROUND_JOB, MAIN_JOB } from "../../plan/flows.js";
import { jobFacts } from "../../scenario/types/job.js";
import type { Scenario, Workload } from "../../scenario/types/scenario.js";
import { rankLayout } from "../ranks.js";
import { beside } from "./beside.js";
import { clusterOf } from "./cluster.js";
import { type ConnectedFlows, connect } from "./connections.js";
import { flowList } from "./flows.js";
import { ALGORITHMS } from "./registry.js";

/**
 * The flow graph of a scenario's workload on its fabric, and what its flows are parts of. Flows of
 * the background are a job of their own, which nothing waits for.
 */
export function buildFlows(scenario: Scenario, fabric: Fabric): ConnectedFlows {
  const { workload, topology, transport } = scenario;
  const job =
    workload.kind === "flows"
      ? flowList(workload.flows)
      : ALGORITHMS[workload.algorithm](workload, clusterOf(scenario)).schedule;
  const { background, reductionDelayPs } = jobFacts(workload);
  const schedule = background === undefined ? job : beside(job, flowList(background));
  const classOf = scenario.dataClasses && classesOf(workload, job.count);
  const jobOf = background && ((flow: number) => (flow < job.count ? MAIN_JOB : BACKGROUND_JOB));
  const delayPs = reductionDelayPs > 0 ? (flow: number) => (flow < job.count ? reductionDelayPs : 0) : undefined;
  const layout = rankLayout(topology, fabric);
  return connect(schedule, layout, fabric, transport.qpsPerConnection, { classOf, jobOf, delayPs });
}

/** The data class of each flow of the schedule, `jobCount` of which are the job's. */
function classesOf(workload: Workload, jobCount: number): (flow: number) => number {
  if (workload.kind === "flows") return (flow) => workload.flows[flow]!.dataClass ?? 0;
  const { dataClass = 0, background = [] } = workload;
  return (flow) => (flow < jobCount ? dataClass : (background[flow - jobCount]!.dataClass ?? 0));
}
