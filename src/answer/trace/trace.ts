/**
 * What ranks did when, as a trace that Perfetto and Holistic Trace Analysis read (docs/TRACE.md).
 * It is made part by part: a trace may be longer than what fits into memory.
 */
import type { Outcome } from "../../plan/outcome.js";
import type { RunPlan } from "../../plan/plan.js";
import type { Workload } from "../../scenario/types/scenario.js";
import { asCollective } from "../../scenario/types/workload-kinds.js";
import type { Deliveries, PathChunk } from "../path/chunks.js";
import type { CriticalPath } from "../path/document.js";
import { rankFinishPs } from "../result/ranks.js";
import { type ChunkSource, chunksPerSlice, FIRST_FLOW_TID, flowEvents } from "./chunk-slices.js";
import { processName, processOrder, slice, type Track, threadName } from "./events.js";
import { kernelArgs, kernelName } from "./kernel.js";
import { ranksToShow, type ShownRanks } from "./ranks.js";
import { receiveRates } from "./rates.js";
import { timelineEvents } from "./timelines.js";

export interface TraceInput {
  readonly heddleVersion: string;
  readonly scenarioName: string;
  readonly workload: Workload;
  readonly plan: RunPlan;
  readonly outcome: Outcome;
  /** Undefined in runs of programs, which have timelines. */
  readonly deliveries: Deliveries | undefined;
  /** Chunks of the critical path; none where the run has not finished. */
  readonly pathChunks: readonly PathChunk[];
  /** Where it was followed. */
  readonly criticalPath: CriticalPath | undefined;
  readonly logicalOf: ArrayLike<number> | undefined;
}

/** A trace of a run. */
export interface Trace extends ShownRanks {
  /** Text of a file with some of the ranks shown, or all. */
  parts(ranks?: readonly number[]): Iterable<string>;
}

/** @param asked Ranks to show; none: all, or of many a sample. */
export function traceOf(input: TraceInput, asked: readonly number[]): Trace {
  const { plan, outcome } = input;
  const programs = plan.programs;
  const shown =
    programs === undefined
      ? ranksToShow(rankFinishPs(plan, outcome), asked)
      : recordedRanks(
          plan.fabric.rankCount,
          programs.recorded.map((r) => programs.ranks.rank[r]!),
          asked,
        );
  return { ...shown, parts: (ranks = shown.ranks) => traceParts(input, ranks, shown.note) };
}

function recordedRanks(count: number, recorded: readonly number[], asked: readonly number[]): ShownRanks {
  const all = [...new Set(recorded)].sort((a, b) => a - b);
  const ranks = asked.length === 0 ? all : all.filter((rank) => asked.includes(rank));
  const note = `${ranks.length} of ${count} ranks: those that were recorded`;
  return { ranks, note: ranks.length === count ? undefined : note };
}

function* traceParts(input: TraceInput, ranks: readonly number[], note: string | undefined): Generator<string> {
  const { heddleVersion, scenarioName, plan } = input;
  const head = {
    schemaVersion: 1,
    distributedInfo: { backend: "nccl", rank: ranks[0] ?? 0, world_size: plan.fabric.rankCount },
    displayTimeUnit: "ns",
    heddle: { version: heddleVersion, scenario: scenarioName, ...(note !== undefined && { ranks: note }) },
  };
  yield `${JSON.stringify(head).slice(0, -1)},"traceEvents":[\n`;
  let isFirst = true;
  for (const event of eventsOf(input, ranks)) {
    yield isFirst ? event : `,\n${event}`;
    isFirst = false;
  }
  yield "\n]}\n";
}

function* eventsOf(input: TraceInput, ranks: readonly number[]): Generator<string> {
  const { plan, deliveries, criticalPath } = input;
  for (const [place, rank] of ranks.entries()) {
    yield processName(rank, `rank ${rank} (${plan.fabric.rankName(rank)})`);
    yield processOrder(rank, place + 1);
  }
  if (criticalPath !== undefined) yield* pathEvents(criticalPath, plan.fabric.rankCount);
  if (plan.programs !== undefined) yield* timelineEvents(plan, input.outcome, ranks);
  else if (deliveries !== undefined) yield* communication(input, deliveries, ranks);
}

/** Collectives, chunks and rates of ranks. */
function* communication(input: TraceInput, deliveries: Deliveries, ranks: readonly number[]): Generator<string> {
  const { plan, outcome, logicalOf } = input;
  const { out, into } = flowsByRank(plan, ranks);
  const tracks = new Map<number, Track>();
  for (const rank of ranks) {
    for (const [i, flow] of out.get(rank)!.entries()) tracks.set(flow, { pid: rank, tid: FIRST_FLOW_TID + i });
  }
  const critical = new Map<number, Set<number>>();
  for (const { flow, chunk } of input.pathChunks) critical.set(flow, (critical.get(flow) ?? new Set()).add(chunk));
  const source: ChunkSource = {
    plan,
    deliveries,
    delivered: outcome.chunksDelivered,
    critical,
    perSlice: chunksPerSlice(plan, [...tracks.keys()]),
    trackOf: (flow) => tracks.get(flow),
    nameOf: (flow) => logicalOf?.[flow] ?? flow,
  };
  let arrows = 0;
  const ids = () => ++arrows;
  const span = { fromPs: plan.flows.startPs.reduce((a, b) => Math.min(a, b), Infinity), toPs: outcome.endPs };
  for (const rank of ranks) {
    yield* kernelEvents(input, rank, out.get(rank)!, into.get(rank)!);
    for (const flow of out.get(rank)!) {
      const dst = plan.fabric.nics.rank[plan.flows.dstNic[flow]!]!;
      yield threadName(tracks.get(flow)!, `flow ${source.nameOf(flow)} to rank ${dst}`);
      yield* flowEvents(source, flow, ids);
    }
    yield* receiveRates(plan, deliveries, outcome.chunksDelivered, { number: rank, flowsIn: into.get(rank)! }, span);
  }
}

/** The collective as one kernel on stream 0 of a rank: until its last delivery. */
function* kernelEvents(
  { workload: whole, plan, outcome }: TraceInput,
  rank: number,
  out: readonly number[],
  into: readonly number[],
): Generator<string> {
  const workload = asCollective(whole);
  if (workload === undefined || out.length + into.length === 0) return;
  const { startPs } = plan.flows;
  const fromPs = Math.min(...[...out, ...into].map((flow) => startPs[flow]!));
  // What receives nothing is done when its peers have all of it.
  const ends = (into.length > 0 ? into : out).map((flow) => outcome.finishPs[flow]!);
  const toPs = ends.reduce((most, ps) => Math.max(most, ps), fromPs);
  const track = { pid: rank, tid: 0 };
  yield threadName(track, "stream 0");
  const isDone = !Number.isNaN(toPs);
  const group = workload.groups?.find((members) => members.includes(rank));
  yield slice(track, "kernel", kernelName(workload), fromPs, isDone ? toPs : outcome.endPs, {
    stream: 0,
    device: 0,
    correlation: rank + 1,
    ...kernelArgs(workload, group?.length ?? plan.fabric.rankCount),
    "Process Group Name": group === undefined ? "default_pg" : `group ${workload.groups!.indexOf(group)}`,
    "Process Group Description": workload.algorithm,
    rank,
    ...(!isDone && { unfinished: true }),
  });
}

/** The critical path as a process of its own, a slice for each segment. */
function* pathEvents({ segments }: CriticalPath, pid: number): Generator<string> {
  const track = { pid, tid: 0 };
  yield processName(pid, "critical path");
  yield processOrder(pid, 0);
  yield threadName(track, "causes");
  for (const { fromNs, toNs, kind, ...args } of segments) {
    yield slice(track, "critical_path", kind, fromNs * 1000, toNs * 1000, { ...args, critical: true });
  }
}

/** Flows that ranks send, and that they receive, in order. */
function flowsByRank({ flows, fabric }: RunPlan, ranks: readonly number[]) {
  const out = new Map<number, number[]>(ranks.map((rank) => [rank, []]));
  const into = new Map<number, number[]>(ranks.map((rank) => [rank, []]));
  for (let flow = 0; flow < flows.count; flow++) {
    out.get(fabric.nics.rank[flows.srcNic[flow]!]!)?.push(flow);
    into.get(fabric.nics.rank[flows.dstNic[flow]!]!)?.push(flow);
  }
  return { out, into };
}
