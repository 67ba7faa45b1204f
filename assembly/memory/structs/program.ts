/**
 * Programs that ranks run (docs/MODEL.md §11). Fast-forward skips only what changes none of these
 * records, so the roles of their fields are not looked at.
 */
import { Course, Fixed, Result, Same, Total } from "./roles";

export enum InstructionKind {
  /** The stream ends. */
  Stop = 0,
  Compute = 1,
  /** `operand`: the slot; `count`: an `OperationEnd`. */
  Operation = 2,
  /** `operand`: the signal. */
  Signal = 3,
  Wait = 4,
  /** Sets the loop counter of `depth` to `count`. */
  Loop = 5,
  /** Goes back to the instruction at address `operand` until the counter of `depth` is used up. */
  Repeat = 6,
}

/** When an operation ends at a rank. */
export enum OperationEnd {
  Delivered = 0,
  Sent = 1,
  Acked = 2,
}

export enum StreamState {
  /** It has not begun, or executes now. */
  Ready = 0,
  Computing = 1,
  Operation = 2,
  Waiting = 3,
  Ended = 4,
}

/** A step of a program. */
@unmanaged
export class Instruction {
  durationPs: Fixed<u64> = 0;
  /** An `InstructionKind`. */
  kind: Fixed<u32> = 0;
  depth: Fixed<u32> = 0;
  label: Fixed<u32> = 0;
  operand: Fixed<u32> = 0;
  count: Fixed<u32> = 0;
  padding0: u32 = 0;
}

/** One stream of a program rank. Streams of a rank are consecutive. */
@unmanaged
export class ProgramStream {
  /** When it goes on by itself; all ones for never. */
  untilPs: Course<u64> = 0;
  /** Beginning of its computation or operation. */
  sincePs: Course<u64> = 0;
  /** The next `Instruction`. */
  next: Course<u32> = 0;
  /** A `StreamState`. */
  state: Course<u32> = 0;
  label: Course<u32> = 0;
  /** Slot of the operation that it is in, or signal that it waits for. */
  operand: Course<u32> = 0;
  /** Draws that it has made. */
  draws: Course<u32> = 0;
  padding0: u32 = 0;
  /** Rounds that are left of each loop that it is in: `MAX_PROGRAM_LOOPS` counters. */
  loop0: Course<u32> = 0;
  loop1: Course<u32> = 0;
  loop2: Course<u32> = 0;
  loop3: Course<u32> = 0;
  loop4: Course<u32> = 0;
  loop5: Course<u32> = 0;
  loop6: Course<u32> = 0;
  loop7: Course<u32> = 0;
}

/** A rank of a job. Those of one device are consecutive. */
@unmanaged
export class ProgramRank {
  /** Address of its `ProgramHost`. */
  host: Fixed<u32> = 0;
  /** Its first `ProgramStream`, and how many it has. */
  streams: Fixed<u32> = 0;
  streamCount: Fixed<u32> = 0;
  /** Number of its first stream among all of the run. */
  firstStream: Fixed<u32> = 0;
  /** u32 by slot: address of its `Member`. */
  slots: Fixed<u32> = 0;
  /** u32 by signal: the counts. */
  signals: Fixed<u32> = 0;
  /** u32 by signal: the lowest stream whose program signals it; all ones for none. */
  signallers: Fixed<u32> = 0;
  /** A bit for each stream that is ready. */
  ready: Same<u32> = 0;
  /** Streams that have not ended, and those that compute. */
  running: Same<u32> = 0;
  computing: Same<u32> = 0;
  /** Its `Timeline`; 0 where it is not recorded. */
  timeline: Fixed<u32> = 0;
  /** Its `Graph`; 0 where it has streams of instructions. Streams are lanes then. */
  graph: Fixed<u32> = 0;
  /** Of a graph, u32 by node: what it waits for that has not come. */
  waits: Fixed<u32> = 0;
  /** Nodes that are ready, as a heap of u32. `running` counts nodes that have not ended, and 1. */
  due: Fixed<u32> = 0;
  dueCount: Course<u32> = 0;
  /** Nodes that wait at each gate, as heaps, and their number by gate. */
  gateHeaps: Fixed<u32> = 0;
  gateCounts: Fixed<u32> = 0;
  /** The `Member`s whose operations are under way, in the order in which they began; 0 for none. */
  firstBusy: Course<u32> = 0;
  lastBusy: Course<u32> = 0;
  padding0: u32 = 0;
  computeFactor: Fixed<f64> = 0;
  jitter: Fixed<f64> = 0;
  /** Time up to which the next two are counted. */
  countedPs: Course<u64> = 0;
  computePs: Total<u64> = 0;
  exposedPs: Total<u64> = 0;
  finishPs: Result<u64> = 0;
}

/** The program ranks of a device: by device number, with no ranks where it has none. */
@unmanaged
export class ProgramHost {
  /** When a stream goes on next by itself; all ones for never. */
  nextPs: Course<u64> = 0;
  /** The first `ProgramRank`, and how many there are. */
  ranks: Fixed<u32> = 0;
  rankCount: Fixed<u32> = 0;
  /** Flows of its ranks whose last packet of an operation is awaited to be sent. */
  awaitedSends: Same<u32> = 0;
  device: Fixed<u32> = 0;
}

/** A program rank in a communicator. */
@unmanaged
export class Member {
  rank: Fixed<u32> = 0;
  /** Lists of flow numbers (u32, ascending) that end, and start, at the rank. */
  arriving: Fixed<u32> = 0;
  arrivingCount: Fixed<u32> = 0;
  leaving: Fixed<u32> = 0;
  leavingCount: Fixed<u32> = 0;
  /** Stream, or lane of a graph, that is in the operation. */
  stream: Same<u32> = 0;
  /** Operations that the rank has reached. */
  reached: Course<u32> = 0;
  /** Flows that the operation still waits for; 0 when none is under way. */
  left: Same<u32> = 0;
  /** End of the last transmission that was awaited. */
  sentPs: Course<u64> = 0;
  /** Of a graph: when the operation under way began, its node, and its neighbours in order. */
  sincePs: Course<u64> = 0;
  node: Course<u32> = 0;
  before: Course<u32> = 0;
  after: Course<u32> = 0;
  padding0: u32 = 0;
}

export enum NodeKind {
  Compute = 0,
  Operation = 1,
  Signal = 2,
  Wait = 3,
}

/** A node of a graph, which ranks of a role share. */
@unmanaged
export class GraphNode {
  durationPs: Fixed<u64> = 0;
  /** A `NodeKind`. */
  kind: Fixed<u32> = 0;
  /** The slot, or the gate that is given 1. */
  operand: Fixed<u32> = 0;
  /** An `OperationEnd`. */
  ends: Fixed<u32> = 0;
  /** Gate that it passes; all ones for none. */
  gate: Fixed<u32> = 0;
  label: Fixed<u32> = 0;
  /** What it waits for. */
  waits: Fixed<u32> = 0;
  /** u32: nodes that wait for its beginning, then those that wait for its end. */
  dependents: Fixed<u32> = 0;
  onStart: Fixed<u32> = 0;
  onEnd: Fixed<u32> = 0;
  padding0: u32 = 0;
}

/** The graph of a role. */
@unmanaged
export class Graph {
  /** The first `GraphNode`, and how many there are. */
  nodes: Fixed<u32> = 0;
  nodeCount: Fixed<u32> = 0;
  /** Gates below this number are passed by one node at a time: lanes, and others. */
  exclusive: Fixed<u32> = 0;
  /** u32 by gate: where its heap begins among `gateHeaps`. */
  heapFirst: Fixed<u32> = 0;
}

/** What a flow of a communicator has besides; by flow. */
@unmanaged
export class ProgramFlow {
  /** `Member`s at its ends; 0 for flows of no communicator. */
  source: Fixed<u32> = 0;
  destination: Fixed<u32> = 0;
  chunksPerOperation: Fixed<u32> = 0;
  /** Packets that must have been acknowledged, or sent, before the operation ends; 0 for none. */
  awaitedAcks: Course<u32> = 0;
  awaitedSends: Course<u32> = 0;
  padding0: u32 = 0;
  /** When its first operation was reached; all ones before. */
  startPs: Result<u64> = 0;
  /** When the last of its chunks that are allowed becomes sendable: none overtakes another. */
  postedPs: Course<u64> = 0;
}

/** Sums over the computations or operations of a label; by thread, then label. */
@unmanaged
export class LabelTotal {
  count: Total<u64> = 0;
  totalPs: Total<u64> = 0;
  mostPs: Result<u64> = 0;
  exposedPs: Total<u64> = 0;
}

/** What is kept of a recorded rank. */
@unmanaged
export class Timeline {
  /** Its `TimelineEntry` records, how many fit, and how many there would be. */
  entries: Fixed<u32> = 0;
  limit: Fixed<u32> = 0;
  count: Course<u64> = 0;
}

/** A computation or operation that has ended. */
@unmanaged
export class TimelineEntry {
  startPs: Result<u64> = 0;
  endPs: Result<u64> = 0;
  label: Result<u32> = 0;
  stream: Result<u32> = 0;
}
