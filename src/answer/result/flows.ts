import type { Fabric } from "../../plan/fabric.js";
import { classOfFlow, type FlowGraph, isMeasured, jobOfFlow } from "../../plan/flows.js";
import type { Outcome } from "../../plan/outcome.js";
import type { RunPlan } from "../../plan/plan.js";
import { percentile } from "../../util/stats/percentile.js";
import { flowBoundPs } from "../ideal/flow-bound.js";
import type { PlanView } from "../ideal/view.js";
import { usualName } from "../text/names.js";
import type { FlowResult } from "./document.js";
import type { StepSummary } from "./document-network.js";

/** What flows are called, and which of them are listed. */
export interface FlowListing {
  /**
   * By flow of the plan: flow of the workload that it is a part of, as several QPs may share one.
   * Left out where they are one to one.
   */
  readonly logicalOf?: ArrayLike<number> | undefined;
  readonly classNames?: readonly string[] | undefined;
  /** Names of jobs by number in the flow graph; left out where there is one job. */
  readonly jobNames?: ReadonlyMap<number, string> | undefined;
  /** Jobs whose flows are messages, of one chunk: such a flow starts when it may be sent. */
  readonly hasMessages: (job: number) => boolean;
  /** Jobs whose flows are listed. */
  readonly isListed: (job: number) => boolean;
}

/**
 * Flows as the workload lists them. The bytes of the parts of one add up; it starts with the first
 * and ends with the last.
 */
export function flowResults(view: PlanView, outcome: Outcome, listing: FlowListing): readonly FlowResult[] {
  const { flows } = view.plan;
  const parts: number[][] = [];
  for (let flow = 0; flow < flows.count; flow++) {
    if (!listing.isListed(jobOfFlow(flows, flow))) continue;
    const logical = listing.logicalOf?.[flow] ?? flow;
    parts[logical] ??= [];
    parts[logical].push(flow);
  }
  return parts.filter((part) => part !== undefined).map((part) => flowResult(view, outcome, listing, part));
}

function flowResult(view: PlanView, outcome: Outcome, listing: FlowListing, part: readonly number[]): FlowResult {
  const { flows, fabric } = view.plan;
  const ns = (ps: number) => (Number.isNaN(ps) ? null : ps / 1000);
  const job = jobOfFlow(flows, part[0]!);
  const mayWait = listing.hasMessages(job);
  const startPs = Math.min(...part.map((flow) => (mayWait ? freePs(flows, outcome, flow) : outcome.startPs[flow]!)));
  const finishPs = Math.max(...part.map((flow) => outcome.finishPs[flow]!));
  const ackedPs = Math.max(...part.map((flow) => outcome.ackedPs[flow]!));
  const src = fabric.nics.rank[flows.srcNic[part[0]!]!]!;
  const dstOf = (flow: number) => fabric.nics.rank[flows.dstNic[flow]!]!;
  // What a relay passes on comes in by the last parts.
  const dst = dstOf(part.at(-1)!);
  const last = part.filter((flow) => dstOf(flow) === dst);
  const boundPs = mayWait ? flowBoundPs(view, part) : undefined;
  const fctPs = finishPs - startPs;
  return {
    src,
    dst,
    ...namesOf(fabric, src, dst),
    bytes: last.reduce((sum, flow) => sum + flows.chunkBytes[flow]! * flows.chunks[flow]!, 0),
    startNs: startPs / 1000,
    finishNs: ns(finishPs),
    fctNs: ns(fctPs),
    ackedNs: ns(ackedPs - startPs),
    ...(boundPs !== undefined && {
      idealFctNs: boundPs / 1000,
      slowdown: Number.isNaN(fctPs) ? null : boundPs === 0 ? 1 : fctPs / boundPs,
    }),
    ...(listing.classNames && { class: listing.classNames[classOfFlow(flows, part[0]!)]! }),
    ...(listing.jobNames && { job: listing.jobNames.get(job)! }),
    ...(isMeasured(job) ? {} : { background: true }),
  };
}

/**
 * When a message may be sent: at its start, and once those that it waits for have been delivered.
 * Its start where they were not.
 */
function freePs({ startPs, upFirst, upFlow }: FlowGraph, outcome: Outcome, flow: number): number {
  let atPs = startPs[flow]!;
  for (let edge = upFirst[flow]!; edge < upFirst[flow + 1]!; edge++) {
    const upPs = outcome.finishPs[upFlow[edge]!]!;
    if (upPs > atPs) atPs = upPs;
  }
  return atPs;
}

function namesOf({ rankName }: Fabric, src: number, dst: number): Pick<FlowResult, "srcName" | "dstName"> {
  const [srcName, dstName] = [rankName(src), rankName(dst)];
  if (srcName === usualName(src) && dstName === usualName(dst)) return {};
  return { srcName, dstName };
}

/**
 * Mean time per chunk of each finished flow, and its nearest-rank percentiles over flows; null
 * where none has finished.
 */
export function stepSummary({ flows }: RunPlan, outcome: Outcome): StepSummary | null {
  const stepsNs = outcome.finishPs
    .map((finishPs, flow) => (finishPs - flows.startPs[flow]!) / flows.chunks[flow]! / 1000)
    .filter((ns) => !Number.isNaN(ns))
    .sort();
  if (stepsNs.length === 0) return null;
  return { p50Ns: percentile(stepsNs, 50), p99Ns: percentile(stepsNs, 99), maxNs: stepsNs.at(-1)! };
}
