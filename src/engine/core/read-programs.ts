/** Reads out of the core's memory what programs did. */
import type { RunPlan } from "../../plan/plan.js";
import {
  type LabelTimes,
  MAX_WAITING,
  type ProgramOutcome,
  type StreamState as State,
  type Timeline as TimelineOf,
  type WaitingStream,
} from "../../plan/program-outcome.js";
import { type Programs, programFlows } from "../../plan/programs.js";
import type { CoreInstance } from "./instance.js";
import {
  type Field,
  LABELTOTAL_BYTES,
  LabelTotal,
  MEMBER_BYTES,
  Member,
  PROGRAMFLOW_BYTES,
  PROGRAMRANK_BYTES,
  PROGRAMSTREAM_BYTES,
  ProgramFlow,
  ProgramRank,
  ProgramStream,
  Run,
  StreamState,
  TIMELINE_BYTES,
  TIMELINEENTRY_BYTES,
  Timeline,
  TimelineEntry,
} from "./layout.js";
import { readWaitingGraph } from "./read-graphs.js";

const STATES: Readonly<Record<number, State>> = {
  [StreamState.Ready]: "starting",
  [StreamState.Computing]: "computing",
  [StreamState.Operation]: "operation",
  [StreamState.Waiting]: "waiting",
  [StreamState.Ended]: "ended",
};

export function readPrograms(core: CoreInstance, programs: Programs): ProgramOutcome {
  const { memory, header } = core;
  const { count } = programs.ranks;
  const ranks = {
    finishPs: new Float64Array(count).fill(Number.NaN),
    computePs: new Float64Array(count),
    exposedPs: new Float64Array(count),
  };
  const records = recordsByRank(core, programs);
  records.forEach((record, r) => {
    if (memory.get(record, ProgramRank.running) === 0) ranks.finishPs[r] = memory.get(record, ProgramRank.finishPs);
    ranks.computePs[r] = memory.get(record, ProgramRank.computePs);
    ranks.exposedPs[r] = memory.get(record, ProgramRank.exposedPs);
  });
  const timelines = memory.get(header, Run.timelines);
  return {
    ranks,
    labels: programs.labels.map((_, label) => labelTimes(core, label)),
    timelines: programs.recorded.map((rank, i) => readTimeline(core, rank, timelines + i * TIMELINE_BYTES)),
    waiting: readWaiting(core, programs, records),
  };
}

/** Address of each program rank's record: they lie in the order of devices. */
function recordsByRank({ memory, header }: CoreInstance, { ranks, roles }: Programs): number[] {
  const first = memory.get(header, Run.programRanks);
  const rankOfStream = new Map<number, number>();
  let stream = 0;
  for (let r = 0; r < ranks.count; r++) {
    rankOfStream.set(stream, r);
    stream += roles[ranks.role[r]!]!.streams.length;
  }
  const records = new Array<number>(ranks.count);
  for (let place = 0; place < ranks.count; place++) {
    const record = first + place * PROGRAMRANK_BYTES;
    records[rankOfStream.get(memory.get(record, ProgramRank.firstStream))!] = record;
  }
  return records;
}

/** Sums over all ranks may be beyond 2^53, so threads are added up exactly. */
function labelTimes({ memory, header }: CoreInstance, label: number): LabelTimes {
  const labels = memory.get(header, Run.labelCount);
  const first = memory.get(header, Run.labelTotals);
  const threads = Array.from({ length: memory.get(header, Run.threadCount) }, (_, thread) => {
    return first + (thread * labels + label) * LABELTOTAL_BYTES;
  });
  const sum = (field: Field) => threads.reduce((total, at) => total + memory.getBig(at, field), 0n);
  return {
    count: Number(sum(LabelTotal.count)),
    totalPs: sum(LabelTotal.totalPs),
    mostPs: Math.max(...threads.map((at) => memory.get(at, LabelTotal.mostPs))),
    exposedPs: sum(LabelTotal.exposedPs),
  };
}

function readTimeline({ memory }: CoreInstance, programRank: number, at: number): TimelineOf {
  const count = memory.get(at, Timeline.count);
  const kept = Math.min(count, memory.get(at, Timeline.limit));
  const entries = Array.from({ length: kept }, (_, i) => {
    const entry = memory.get(at, Timeline.entries) + i * TIMELINEENTRY_BYTES;
    return {
      stream: memory.get(entry, TimelineEntry.stream),
      label: memory.get(entry, TimelineEntry.label),
      startPs: memory.get(entry, TimelineEntry.startPs),
      endPs: memory.get(entry, TimelineEntry.endPs),
    };
  });
  return { programRank, entries, dropped: count - kept };
}

function readWaiting(core: CoreInstance, programs: Programs, records: readonly number[]): WaitingStream[] {
  const { memory, header } = core;
  const { ranks, roles } = programs;
  const waiting: WaitingStream[] = [];
  for (let r = 0; r < ranks.count && waiting.length < MAX_WAITING; r++) {
    if (memory.get(records[r]!, ProgramRank.running) === 0) continue;
    const streams = memory.get(records[r]!, ProgramRank.streams);
    if (roles[ranks.role[r]!]!.graph !== undefined) {
      waiting.push(...readWaitingGraph(core, programs, r, records[r]!));
      continue;
    }
    roles[ranks.role[r]!]!.streams.forEach((_, stream) => {
      const at = streams + stream * PROGRAMSTREAM_BYTES;
      const state = STATES[memory.get(at, ProgramStream.state)]!;
      if (state === "ended") return;
      const isBusy = state === "computing" || state === "operation";
      const hasOperand = state === "operation" || state === "waiting";
      const operand = hasOperand ? memory.get(at, ProgramStream.operand) : -1;
      const member = memory.get(header, Run.members) + (ranks.slotFirst[r]! + operand) * MEMBER_BYTES;
      waiting.push({
        programRank: r,
        stream,
        state,
        label: isBusy ? memory.get(at, ProgramStream.label) : -1,
        operand,
        operation: state === "operation" ? memory.get(member, Member.reached) - 1 : -1,
      });
    });
  }
  return waiting.slice(0, MAX_WAITING);
}

/** When flows started: as given, or when their first operation was reached. */
export function readStarts({ memory, header }: CoreInstance, { flows, programs }: RunPlan): Float64Array {
  const starts = flows.startPs.slice();
  const [first, end] = programFlows(programs!);
  for (let flow = first; flow < end; flow++) {
    const at = memory.get(header, Run.programFlows) + flow * PROGRAMFLOW_BYTES;
    const startPs = memory.get(at, ProgramFlow.startPs);
    starts[flow] = startPs >= 2 ** 63 ? Number.NaN : startPs;
  }
  return starts;
}
