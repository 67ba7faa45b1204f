import type { Fabric } from "../../plan/fabric.js";
import { FIRST_BACKGROUND_JOB, MAIN_JOB } from "../../plan/flows.js";
import { jobFacts, jobNumbers } from "../../scenario/types/job.js";
import type { CollectiveWorkload, JobsWorkload, JobWorkload, Scenario } from "../../scenario/types/scenario.js";
import { rankLayout } from "../ranks.js";
import { allBeside, beside, placed } from "./beside.js";
import { clusterOf } from "./cluster.js";
import { type ConnectedFlows, connect, type FlowAttributes } from "./connections.js";
import { flowList } from "./flows.js";
import { ALGORITHMS } from "./registry.js";
import type { Schedule } from "./schedule.js";

/**
 * The flow graph of a scenario's workload on its fabric, and what its flows are parts of. Flows of
 * the background are a job of their own, which nothing waits for.
 */
export function buildFlows(scenario: Scenario, fabric: Fabric): ConnectedFlows {
  const { workload, topology, transport } = scenario;
  const { schedule, ...attributes } =
    workload.kind === "jobs" ? jobList(scenario, workload) : single(scenario, workload as JobWorkload);
  const layout = rankLayout(topology, fabric);
  return connect(schedule, layout, fabric, transport.qpsPerConnection, attributes);
}

interface Marked extends FlowAttributes {
  readonly schedule: Schedule;
}

/** A workload by itself, with its background. */
function single(scenario: Scenario, workload: JobWorkload): Marked {
  const job = scheduleOf(scenario, workload);
  const { background, reductionDelayPs } = jobFacts(workload);
  const delayPs = reductionDelayPs > 0 ? (flow: number) => (flow < job.count ? reductionDelayPs : 0) : undefined;
  return {
    schedule: background === undefined ? job : beside(job, flowList(background)),
    classOf: scenario.dataClasses && classesOf(workload, job.count),
    jobOf: background && ((flow) => (flow < job.count ? MAIN_JOB : FIRST_BACKGROUND_JOB)),
    delayPs,
  };
}

/** Several jobs, each with a number: see `jobNumbers`. */
function jobList(scenario: Scenario, { jobs }: JobsWorkload): Marked {
  const schedules = jobs.map(({ ranks, startPs, workload }) =>
    placed(scheduleOf(scenario, workload, ranks), ranks, startPs),
  );
  const numbers = jobNumbers(jobs);
  const firstFlow = [0];
  for (const { count } of schedules) firstFlow.push(firstFlow.at(-1)! + count);
  const jobOf = Uint16Array.from({ length: firstFlow.at(-1)! });
  schedules.forEach((_, job) => {
    jobOf.fill(numbers[job]!, firstFlow[job], firstFlow[job + 1]);
  });
  const delays = jobs.map(({ workload }) => jobFacts(workload).reductionDelayPs);
  const indexOf = new Map(numbers.map((number, job) => [number, job]));
  const classOf = (flow: number) => {
    const job = indexOf.get(jobOf[flow]!)!;
    return classesOf(jobs[job]!.workload, schedules[job]!.count)(flow - firstFlow[job]!);
  };
  return {
    schedule: allBeside(schedules),
    classOf: scenario.dataClasses && classOf,
    jobOf: (flow) => jobOf[flow]!,
    delayPs: delays.some((delay) => delay > 0) ? (flow) => delays[indexOf.get(jobOf[flow]!)!]! : undefined,
  };
}

/**
 * A workload between the ranks of its job.
 * @param jobRanks ranks of the fabric by rank of the job; all of them where left out
 */
function scheduleOf(scenario: Scenario, workload: JobWorkload, jobRanks?: readonly number[]): Schedule {
  if (workload.kind === "flows") return flowList(workload.flows);
  return collectiveOf(scenario, workload, jobRanks);
}

/** A collective between the ranks of its groups, each numbered as in the job; all ranks without. */
export function collectiveOf(scenario: Scenario, workload: CollectiveWorkload, jobRanks?: readonly number[]): Schedule {
  const build = ALGORITHMS[workload.algorithm];
  if (workload.groups === undefined) {
    const members = jobRanks && { ranks: jobRanks, isRing: false };
    return build(workload, clusterOf(scenario, members)).schedule;
  }
  const schedules = workload.groups.map((group) => {
    const ranks = jobRanks === undefined ? group : group.map((rank) => jobRanks[rank]!);
    return placed(build(workload, clusterOf(scenario, { ranks, isRing: true })).schedule, group, 0);
  });
  return allBeside(schedules);
}

/** The data class of each flow of a workload, `count` of which are not of its background. */
function classesOf(workload: JobWorkload, count: number): (flow: number) => number {
  if (workload.kind === "flows") return (flow) => workload.flows[flow]!.dataClass ?? 0;
  const { dataClass = 0, background = [] } = workload;
  return (flow) => (flow < count ? dataClass : (background[flow - count]!.dataClass ?? 0));
}
