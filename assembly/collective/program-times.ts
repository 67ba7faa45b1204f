/** Times of programs: of computations, of ranks and labels, and what sampled ranks did. */
import { own } from "../memory/arena";
import {
  GraphNode,
  Graph,
  LabelTotal,
  Member,
  ProgramRank,
  StreamState,
  Timeline,
  TimelineEntry,
} from "../memory/structs/program";
import { draw, keyOf, Purpose } from "../random/hash";
import { streamAt } from "../nic/program-flows";

const NOBODY: u32 = u32.MAX_VALUE;


@inline
function totalOf(label: u32): LabelTotal {
  return changetype<LabelTotal>(own.labelTotals + label * offsetof<LabelTotal>());
}

/** Attributes the time since the last event of a rank. */
export function countTime(rank: ProgramRank, nowPs: u64): void {
  const passedPs = nowPs - rank.countedPs;
  if (passedPs == 0) return;
  rank.countedPs = nowPs;
  if (rank.computing != 0) {
    rank.computePs += passedPs;
    return;
  }
  const label = blamed(rank);
  if (label == NOBODY) return;
  rank.exposedPs += passedPs;
  totalOf(label).exposedPs += passedPs;
}

/** Time that a computation takes in a stream, or lane. */
export function durationOf(rank: ProgramRank, index: u32, asGivenPs: u64): u64 {
  let scale = rank.computeFactor;
  if (rank.jitter != 0.0) {
    const key = keyOf(Purpose.Durations, rank.firstStream + index);
    const share = <f64>draw(key, streamAt(rank, index).draws++) / 4294967296.0;
    scale *= 1.0 + rank.jitter * (2.0 * share - 1.0);
  }
  return <u64>Math.floor(<f64>asGivenPs * scale + 0.5);
}

/** The program of a rank has ended. */
export function endProgram(rank: ProgramRank, nowPs: u64): void {
  rank.finishPs = nowPs;
  own.programsEnded++;
  own.endPs = max(own.endPs, nowPs);
}

/** The label of the operation that holds the rank up, or `NOBODY`. */
function blamed(rank: ProgramRank): u32 {
  if (rank.graph != 0) return blamedInGraph(rank);
  let index = firstIn(rank, StreamState.Ended, false);
  for (let step: u32 = 0; step <= rank.streamCount && index < rank.streamCount; step++) {
    const stream = streamAt(rank, index);
    if (stream.state == StreamState.Operation) return stream.label;
    if (stream.state != StreamState.Waiting) break;
    index = load<u32>(rank.signallers + stream.operand * 4);
  }
  index = firstIn(rank, StreamState.Operation, true);
  return index < rank.streamCount ? streamAt(rank, index).label : NOBODY;
}

/** Of the operations under way the one that began first. */
function blamedInGraph(rank: ProgramRank): u32 {
  if (rank.firstBusy == 0) return NOBODY;
  const nodes = changetype<Graph>(rank.graph).nodes;
  return changetype<GraphNode>(nodes + changetype<Member>(rank.firstBusy).node * offsetof<GraphNode>()).label;
}

/** The lowest stream that is (or is not) in a state; the number of streams where none is. */
function firstIn(rank: ProgramRank, state: StreamState, isIn: bool): u32 {
  let index: u32 = 0;
  while (index < rank.streamCount && (streamAt(rank, index).state == state) != isIn) index++;
  return index;
}

/** A computation or operation has ended. */
export function recordEnd(rank: ProgramRank, index: u32, label: u32, startPs: u64, endPs: u64): void {
  const total = totalOf(label);
  total.count++;
  total.totalPs += endPs - startPs;
  total.mostPs = max(total.mostPs, endPs - startPs);
  if (rank.timeline == 0) return;
  const timeline = changetype<Timeline>(rank.timeline);
  const place = timeline.count++;
  if (place >= timeline.limit) return;
  const entry = changetype<TimelineEntry>(timeline.entries + <u32>place * offsetof<TimelineEntry>());
  entry.startPs = startPs;
  entry.endPs = endPs;
  entry.label = label;
  entry.stream = index;
}
