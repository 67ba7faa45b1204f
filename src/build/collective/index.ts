import type { Fabric } from "../../plan/fabric.js";
import { FIRST_BACKGROUND_JOB, MAIN_JOB } from "../../plan/flows.js";
import type { CollectiveWorkload, JobSpec, PlainWorkload, Scenario } from "../../scenario/types/scenario.js";
import { asFlows, backgroundOf, isProgrammed, jobNumbers, jobsOf } from "../../scenario/types/workload-kinds.js";
import { rankLayout } from "../ranks.js";
import { allBeside, placed } from "./beside.js";
import { clusterOf, type Members } from "./cluster.js";
import { type ConnectedFlows, connect, type FlowAttributes } from "./connections.js";
import { flowList } from "./flows.js";
import { type Delayed, withProtocol } from "./protocol.js";
import { ALGORITHMS } from "./registry.js";
import type { Schedule } from "./schedule.js";
import { type WayTimes, wayTimes } from "./way.js";

/**
 * The flow graph of a scenario's workload on its fabric, and what its flows are parts of. Flows of
 * the background are jobs of their own, which nothing waits for.
 */
export function buildFlows(scenario: Scenario, fabric: Fabric): ConnectedFlows {
  const { workload, topology, transport } = scenario;
  const layout = rankLayout(topology, fabric);
  const site: Site = { scenario, wayPs: wayTimes(fabric, layout, scenario.nic) };
  const jobs = jobsOf(workload);
  const parts = jobs === undefined ? workloadParts(site, workload as PlainWorkload) : jobParts(site, jobs);
  const { schedule, ...attributes } = joined(parts, scenario.dataClasses !== undefined);
  return connect(schedule, layout, fabric, transport.qpsPerConnection, attributes);
}

/** What jobs are built on. */
export interface Site {
  readonly scenario: Scenario;
  /** Between ranks of the fabric. */
  readonly wayPs: WayTimes;
}

/** Flows of one job. */
interface Part extends Delayed {
  /** Number of the job. */
  readonly job: number;
  readonly classOf: (flow: number) => number;
}

/** A workload by itself, and its background. */
function workloadParts(site: Site, workload: PlainWorkload): Part[] {
  const job = partOf(site, workload, MAIN_JOB);
  const background = backgroundOf(workload);
  if (background === undefined) return [job];
  return [job, partOf(site, { kind: "flows", flows: background }, FIRST_BACKGROUND_JOB)];
}

/** Jobs on their ranks, but for those that programs drive. */
function jobParts(site: Site, jobs: readonly JobSpec[]): Part[] {
  const numbers = jobNumbers(jobs);
  return jobs.flatMap(({ ranks, startPs, workload }, i) => {
    if (isProgrammed(workload)) return [];
    const part = partOf(site, workload, numbers[i]!, ranks);
    return [{ ...part, schedule: placed(part.schedule, ranks, startPs) }];
  });
}

/** Flows of jobs that no programs drive; undefined where these drive all. */
export function plainFlows(
  site: Site,
  jobs: readonly JobSpec[],
): (FlowAttributes & { schedule: Schedule }) | undefined {
  const parts = jobParts(site, jobs);
  return parts.length === 0 ? undefined : joined(parts, site.scenario.dataClasses !== undefined);
}

/** @param jobRanks ranks of the fabric by rank of the job; all of them where left out */
function partOf(site: Site, workload: PlainWorkload, job: number, jobRanks?: readonly number[]): Part {
  const flows = asFlows(workload)?.flows;
  if (flows !== undefined) {
    return { schedule: flowList(flows), delayPs: undefined, job, classOf: (flow) => flows[flow]!.dataClass ?? 0 };
  }
  const collective = workload as CollectiveWorkload;
  const { dataClass = 0 } = collective;
  return { ...collectiveOf(site, collective, jobRanks), job, classOf: () => dataClass };
}

/** A collective between the ranks of its groups, each numbered as in the job; all ranks without. */
export function collectiveOf(
  { scenario, wayPs }: Site,
  workload: CollectiveWorkload,
  jobRanks?: readonly number[],
): Delayed {
  const build = (members?: Members) => {
    const cluster = clusterOf(scenario, members);
    const onFabric = (rank: number) => members?.ranks[rank] ?? rank;
    return withProtocol(ALGORITHMS[workload.algorithm](workload, cluster).schedule, workload, {
      cluster,
      scenario,
      wayPs: (from, to) => wayPs(onFabric(from), onFabric(to)),
    });
  };
  if (workload.groups === undefined) return build(jobRanks && { ranks: jobRanks, ring: "whole-nodes" });
  const groups = workload.groups.map((group) => {
    const ranks = jobRanks === undefined ? group : group.map((rank) => jobRanks[rank]!);
    const { schedule, delayPs } = build({ ranks, ring: workload.channels > 1 ? "rails" : "written" });
    return { schedule: placed(schedule, group, 0), delayPs };
  });
  return { schedule: allBeside(groups.map(({ schedule }) => schedule)), delayPs: delaysOf(groups) };
}

/** All parts as one graph, and the facts of its flows that not all of them share. */
function joined(parts: readonly Part[], hasClasses: boolean): FlowAttributes & { readonly schedule: Schedule } {
  const partOfFlow: Part[] = [];
  const firstFlow = new Map<Part, number>();
  for (const part of parts) {
    firstFlow.set(part, partOfFlow.length);
    for (let flow = 0; flow < part.schedule.count; flow++) partOfFlow.push(part);
  }
  const delayPs = delaysOf(parts);
  const classOf = (flow: number) => partOfFlow[flow]!.classOf(flow - firstFlow.get(partOfFlow[flow]!)!);
  return {
    schedule: allBeside(parts.map(({ schedule }) => schedule)),
    classOf: hasClasses ? classOf : undefined,
    jobOf: parts.length > 1 || parts[0]?.job !== MAIN_JOB ? (flow) => partOfFlow[flow]!.job : undefined,
    delayPs: delayPs && ((flow) => delayPs[flow]!),
  };
}

/** Delays of the flows of several graphs, one after the other; undefined where there are none. */
function delaysOf(graphs: readonly Delayed[]): Float64Array | undefined {
  if (graphs.every(({ delayPs }) => delayPs === undefined)) return undefined;
  const delays = new Float64Array(graphs.reduce((sum, { schedule }) => sum + schedule.count, 0));
  let first = 0;
  for (const { schedule, delayPs } of graphs) {
    if (delayPs !== undefined) delays.set(delayPs, first);
    first += schedule.count;
  }
  return delays;
}
