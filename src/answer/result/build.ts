import { isMeasured } from "../../plan/flows.js";
import type { ClassCounters, Outcome, Totals } from "../../plan/outcome.js";
import type { RunPlan } from "../../plan/plan.js";
import { planClassNames } from "../../resolve/lanes.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { asTraining, collectiveOf, jobNumbers, jobsOf, listsFlows } from "../../scenario/types/workload-kinds.js";
import { healthyBounds, healthyView } from "../causes/faults.js";
import { networkCost } from "../cost/bill.js";
import { boundsOf } from "../ideal/ideal.js";
import { type PlanView, viewPlan } from "../ideal/view.js";
import { creditSummary } from "./credit.js";
import { diagnose, type StuckPort } from "./diagnose.js";
import {
  type CostSummary,
  type FlowResult,
  type JobResult,
  type PolicySummary,
  RESULT_SCHEMA,
  type ResultDocument,
  type TopologySummary,
} from "./document.js";
import type { EngineSummary } from "./document-engine.js";
import type { ClassSummary, PacketSummary } from "./document-network.js";
import { envelopeOf } from "./envelope.js";
import { explain } from "./explain.js";
import { faultResults } from "./faults.js";
import { flowResults, stepSummary } from "./flows.js";
import { bandwidthOf, jobResults, recordOf } from "./jobs.js";
import { linkSummary } from "./links.js";
import { noteMixes } from "./notes.js";
import { opticResults } from "./optics.js";
import { pfcSummary } from "./pauses.js";
import { programResult } from "./programs.js";
import { progressOf, rankSummary } from "./ranks.js";
import { slowdownSummary } from "./slowdowns.js";
import { observedPs } from "./span.js";
import { timesOf } from "./times.js";
import { trainingResult } from "./training.js";
import { workloadSummary } from "./workload.js";

export interface ResultInput {
  readonly heddleVersion: string;
  readonly scenario: Scenario;
  /** Of the scenario after parsing, for telling runs apart. */
  readonly scenarioDigest: string;
  /** What the scenario was parsed from. */
  readonly scenarioDocument?: unknown;
  readonly plan: RunPlan;
  readonly outcome: Outcome;
  readonly counts: TopologySummary;
  readonly engine: EngineSummary;
  /**
   * By flow of the plan: flow of the workload that it is a part of. Left out where they are one to
   * one.
   */
  readonly logicalFlows?: ArrayLike<number>;
  /** Name of the custom routing policy. */
  readonly policyName?: string;
  /** List flows for a collective as well. */
  readonly withFlows?: boolean;
  /** What held packets when the run got stuck. */
  readonly stuckPorts?: readonly StuckPort[];
}

/** The summary with its speeds, which follow from its times. */
export function withSpeeds(
  engine: Omit<EngineSummary, "packetHopsPerSecond" | "simulatedPacketHopsPerSecond">,
): EngineSummary {
  const { wallMs, runMs, packetHops, fastForward } = engine;
  const perSecond = (hops: number, ms: number) => (ms > 0 ? (1000 * hops) / ms : 0);
  return {
    ...engine,
    packetHopsPerSecond: perSecond(packetHops, wallMs),
    simulatedPacketHopsPerSecond: perSecond(packetHops - fastForward.skippedPacketHops, runMs),
  };
}

/** What the programs of a run did; undefined where jobs have their own. */
function wholeProgram({ scenario: { workload }, plan, outcome }: ResultInput) {
  if (jobsOf(workload) !== undefined) return undefined;
  return programResult(plan, outcome, recordOf(workload));
}

/**
 * Bound of jobs of which some are programs, in ps from their start: that of all flows at once knows
 * neither starts nor dependencies.
 */
function besidePrograms({ programs }: RunPlan, jobs: readonly JobResult[] | undefined, startPs: number): number {
  if (programs === undefined || jobs === undefined) return 0;
  const ends = jobs.filter(({ background }) => background !== true).map((job) => job.startNs + job.idealJctNs);
  return Math.floor(1000 * Math.max(...ends) - startPs);
}

/** Turns what a run yields into the document that people and programs read. */
export function buildResult(input: ResultInput): ResultDocument {
  const { scenario, plan, outcome, counts, engine } = input;
  const { workload } = scenario;
  const view = viewPlan(plan);
  const { job, finishPs, jctPs } = timesOf(workload, plan, outcome);
  const jobView = { ...view, plan: job.plan };
  const bounds = boundsOf(scenario, jobView);
  const healthy = healthyView(scenario, jobView);
  const jobs = jobResults(workload, view, outcome);
  const alonePs = healthyBounds(scenario, healthy, bounds).idealPs;
  const idealPs = Math.max(alonePs, besidePrograms(plan, jobs, job.startPs));
  const isFinished = outcome.status === "finished";
  const links = linkSummary(view, outcome.ports, observedPs(plan, outcome, engine.simulatedNs * 1000));
  const diagnosis = diagnose(view, outcome, input.stuckPorts);
  const speed = bandwidthOf(workload, plan.fabric.rankCount, jctPs);
  const classNames = planClassNames(scenario);
  const flows = listFlows(input, view, classNames);
  const slowdowns = flows && slowdownSummary(flows);
  const optics = opticResults(view, scenario, outcome);
  const envelope = envelopeOf(scenario, plan, jctPs);
  const program = wholeProgram(input);
  const trained = isFinished ? asTraining(workload) : undefined;
  const training = trained && trainingResult(trained, plan, outcome);
  return {
    schema: RESULT_SCHEMA,
    heddleVersion: input.heddleVersion,
    status: outcome.status,
    ...(diagnosis === undefined ? {} : { diagnosis }),
    scenario: {
      name: scenario.name,
      seed: scenario.seed,
      digest: input.scenarioDigest,
      ...(input.scenarioDocument === undefined ? {} : { document: input.scenarioDocument }),
    },
    topology: counts,
    workload: workloadSummary(workload),
    policies: policySummary(scenario, input.policyName),
    startNs: job.startPs / 1000,
    jctNs: jctPs === null ? null : jctPs / 1000,
    idealJctNs: idealPs / 1000,
    efficiency: jctPs === null ? null : jctPs === 0 ? 1 : idealPs / jctPs,
    ...speed,
    ...(jobs && { jobs }),
    ...(program && { program }),
    ...(training && { training }),
    ...(isFinished ? {} : { progress: progressOf(plan, outcome, finishPs) }),
    ranks: rankSummary(plan, finishPs, job.startPs),
    ...(flows && { flows }),
    ...(slowdowns && { fctSlowdown: slowdowns }),
    steps: collectiveOf(workload) === null ? null : stepSummary(job.plan, job.outcome),
    packets: packetSummary(outcome.totals),
    pfc: pfcSummary(view, outcome),
    ...creditSummary(view, outcome),
    ...(classNames && outcome.classes && { classes: classSummaries(classNames, outcome.classes) }),
    ecn: { marked: outcome.totals.ecnMarked, cnps: outcome.totals.cnpsSent },
    links,
    cost: costSummary(scenario, plan, speed.busbwGBps),
    ...(optics && { optics }),
    ...faultResults(view, scenario.faults, outcome, optics),
    explanation:
      isFinished && plan.programs === undefined
        ? explain({ scenario, view: jobView, outcome: job.outcome, bounds, healthy, wholePlan: plan })
        : [],
    ...(envelope.length > 0 && { envelope }),
    notes: noteMixes(scenario, plan, outcome),
    engine,
  };
}

/**
 * Flows of workloads that are lists of flows, and others on request. Undefined where none is to be
 * listed.
 */
function listFlows(
  { scenario: { workload }, outcome, logicalFlows: logicalOf, withFlows }: ResultInput,
  view: PlanView,
  classNames: readonly string[] | undefined,
): readonly FlowResult[] | undefined {
  const listing = { logicalOf, classNames };
  const jobs = jobsOf(workload);
  if (jobs === undefined) {
    const isList = listsFlows(workload);
    if (!isList && withFlows !== true) return undefined;
    return flowResults(view, outcome, {
      ...listing,
      hasMessages: (job) => isList || !isMeasured(job),
      isListed: () => true,
    });
  }
  const numbers = jobNumbers(jobs);
  const lists = new Set(numbers.filter((_, i) => listsFlows(jobs[i]!.workload)));
  if (lists.size === 0 && withFlows !== true) return undefined;
  return flowResults(view, outcome, {
    ...listing,
    jobNames: new Map(numbers.map((number, i) => [number, jobs[i]!.name])),
    hasMessages: (job) => lists.has(job),
    isListed: (job) => withFlows === true || lists.has(job),
  });
}

function classSummaries(names: readonly string[], classes: readonly ClassCounters[]): ClassSummary[] {
  const ns = (ps: Float64Array) => ps.reduce((sum, each) => sum + each, 0) / 1000;
  return classes.map(({ pausedPs, creditWaitPs }, i) => ({
    name: names[i]!,
    pausedNs: ns(pausedPs),
    creditWaitNs: ns(creditWaitPs),
  }));
}

function costSummary(scenario: Scenario, { fabric }: RunPlan, busbwGBps: number | null): CostSummary {
  const cost = networkCost(scenario, fabric);
  const { lowUsd, highUsd } = cost.total;
  const per = (value: number) => value / busbwGBps!;
  const perBusbwGBps =
    busbwGBps === null ? null : { lowUsd: per(lowUsd), highUsd: per(highUsd), watts: per(cost.watts) };
  return { ...cost, perBusbwGBps };
}

function policySummary({ routing, flowControl, transport, ecn }: Scenario, module?: string): PolicySummary {
  return {
    routing: routing.policy,
    ...(module === undefined ? {} : { module }),
    flowControl: flowControl.kind,
    recovery: transport.recovery,
    ecn: ecn !== null,
  };
}

function packetSummary(totals: Totals): PacketSummary {
  return {
    sent: totals.dataSent,
    delivered: totals.dataDelivered,
    retransmitted: totals.retransmitted,
    outOfOrder: totals.outOfOrder,
    trimmed: totals.trimmed,
    replayed: totals.replays,
    dropped: {
      congestion: totals.droppedCongestion,
      crc: totals.droppedCrc,
      linkDown: totals.droppedLinkDown,
      ordering: totals.droppedOrdering,
      watchdog: totals.droppedWatchdog,
    },
    hops: totals.hops,
    dataHops: totals.dataHops,
    // The simulator counts NACKs among the ACKs.
    acks: totals.acksSent - totals.nacksSent,
    nacks: totals.nacksSent,
    timeouts: totals.timeouts,
    notices: totals.noticesSent,
  };
}
