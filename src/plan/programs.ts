/**
 * Jobs as programs: what each rank computes, and which collectives it takes part in, in which
 * order. MODEL.md has the meaning. Ranks of one role share one program, and what differs between
 * them stands in the communicators that their slots are bound to. So memory is proportional to
 * ranks and to the length of programs, never to the operations that are executed.
 */
import type { Fabric } from "./fabric.js";
import type { FlowGraph } from "./flows.js";

import { NODE_ENDS, NodeKind, type ProgramGraph } from "./program-graph.js";

/**
 * When an operation ends at a rank: when all that it sends to this rank was delivered; or not
 * before the rank's own data was also sent, or acknowledged.
 */
export type OperationEnd = "delivered" | "sent" | "acked";

/** One step of a stream. Streams run them in order. */
export type Instruction =
  | { readonly kind: "compute"; readonly durationPs: number; readonly label: number }
  | { readonly kind: "operation"; readonly slot: number; readonly ends: OperationEnd; readonly label: number }
  /** Adds 1 to a signal of the rank. */
  | { readonly kind: "signal"; readonly signal: number }
  /** Goes on when the signal is above 0, and takes 1 from it. */
  | { readonly kind: "wait"; readonly signal: number }
  /** `count` is at least 1. */
  | { readonly kind: "loop"; readonly count: number; readonly body: readonly Instruction[] };

export interface ProgramStream {
  readonly name: string;
  readonly instructions: readonly Instruction[];
}

/** A program that ranks share. */
export interface Role {
  readonly name: string;
  /** 1 to 32. The first one is the one whose waiting counts as the rank's. */
  readonly streams: readonly ProgramStream[];
  /** Signals are numbered from 0. */
  readonly signalCount: number;
  /** Their names, for messages. */
  readonly signals?: readonly string[];
  readonly slotCount: number;
  /**
   * What it does, in place of instructions: then each stream is a lane of the graph, without any.
   */
  readonly graph?: ProgramGraph;
}

/** Columns by program rank: a rank of a job. Several may be on one rank of the fabric. */
export interface ProgramRanks {
  readonly count: number;
  /** The rank of the fabric. */
  readonly rank: Uint32Array;
  readonly job: Uint16Array;
  readonly role: Uint32Array;
  readonly startPs: Float64Array;
  /** What durations are multiplied by: above 1 for a straggler. Positive. */
  readonly computeFactor: Float64Array;
  /** Durations vary by this share up and down, from 0 to 1. */
  readonly jitter: Float64Array;
  /**
   * Communicators of the slots of program rank `r`: entries `slotFirst[r] … slotFirst[r+1] - 1`.
   */
  readonly slotFirst: Uint32Array;
  readonly slots: Uint32Array;
}

/**
 * A set of ranks and a flow graph between them, whose QPs last over all its operations. A flow of
 * the plan's flow graph has `chunks / operations` chunks in each operation; lags count within one.
 */
export interface Communicators {
  readonly count: number;
  /** Flows of communicator `c` are `firstFlow[c] … firstFlow[c+1] - 1`. */
  readonly firstFlow: Uint32Array;
  /** Operations that any of its ranks takes part in, at most; at least 1. */
  readonly operations: Uint32Array;
  /**
   * By flow of a communicator, from the first one on: entries of the ranks' `slots` that bind it at
   * its source, and at its destination. Left out where communicator and rank say it: then a rank
   * has one slot for a communicator at most. A smaller run that stands for others needs it.
   */
  readonly ends?: FlowEnds;
}

/** Columns by flow of a communicator, from the first one on. */
export interface FlowEnds {
  readonly source: Uint32Array;
  readonly destination: Uint32Array;
}

export interface Programs {
  /** Names by number of the job. */
  readonly jobs: readonly string[];
  /** Names of computations and operations, by number: what times are told by. */
  readonly labels: readonly string[];
  readonly roles: readonly Role[];
  readonly ranks: ProgramRanks;
  readonly communicators: Communicators;
  /** Program ranks whose computations and operations are kept one by one, ascending. */
  readonly recorded: readonly number[];
  /** How many of each recorded rank are kept, from the first on. */
  readonly recordLimit: number;
}

/** Timelines that a job asks for. */
export interface TimelineRecord {
  readonly ranks: readonly number[];
  /** Entries of each. */
  readonly limit: number;
}

/** First flow that belongs to no communicator, and one past the last one that does. */
export function programFlows({ communicators }: Programs): readonly [first: number, end: number] {
  const { firstFlow, count } = communicators;
  return [firstFlow[0]!, firstFlow[count]!];
}

/** Entries of the ranks' `slots` that bind each flow of a communicator at its ends. */
export function flowEnds({ communicators, ranks }: Programs, { nics }: Fabric, flows: FlowGraph): FlowEnds {
  if (communicators.ends !== undefined) return communicators.ends;
  const { count, firstFlow } = communicators;
  const bound = Array.from({ length: count }, () => new Map<number, number>());
  for (let r = 0; r < ranks.count; r++) {
    for (let i = ranks.slotFirst[r]!; i < ranks.slotFirst[r + 1]!; i++) bound[ranks.slots[i]!]!.set(ranks.rank[r]!, i);
  }
  const [first, end] = [firstFlow[0]!, firstFlow[count]!];
  const [source, destination] = [new Uint32Array(end - first), new Uint32Array(end - first)];
  for (let c = 0; c < count; c++) {
    for (let f = firstFlow[c]!; f < firstFlow[c + 1]!; f++) {
      source[f - first] = bound[c]!.get(nics.rank[flows.srcNic[f]!]!)!;
      destination[f - first] = bound[c]!.get(nics.rank[flows.dstNic[f]!]!)!;
    }
  }
  return { source, destination };
}

/** Chunks of each flow of a communicator in one operation, from the first one on. */
export function chunksPerOperation({ communicators }: Programs, { chunks }: FlowGraph): Uint32Array {
  const { count, firstFlow, operations } = communicators;
  const first = firstFlow[0]!;
  const counts = new Uint32Array(firstFlow[count]! - first);
  for (let c = 0; c < count; c++) {
    for (let f = firstFlow[c]!; f < firstFlow[c + 1]!; f++) counts[f - first] = chunks[f]! / operations[c]!;
  }
  return counts;
}

/** How often a program executes an operation on each slot, by slot. */
export function operationsPerSlot({ streams, slotCount, graph }: Role): Float64Array {
  const counts = new Float64Array(slotCount);
  for (let n = 0; n < (graph?.count ?? 0); n++) {
    if (graph!.kind[n] === NodeKind.operation) counts[graph!.operand[n]!]! += 1;
  }
  const add = (instructions: readonly Instruction[], times: number) => {
    for (const instruction of instructions) {
      if (instruction.kind === "operation") counts[instruction.slot]! += times;
      else if (instruction.kind === "loop") add(instruction.body, times * instruction.count);
    }
  };
  for (const { instructions } of streams) add(instructions, 1);
  return counts;
}

/** Whether a program waits for its own data to be sent anywhere. */
export function awaitsSends({ streams, graph }: Role): boolean {
  if (graph?.ends.includes(NODE_ENDS.indexOf("sent")) === true) return true;
  const inside = (instructions: readonly Instruction[]): boolean =>
    instructions.some((instruction) => {
      if (instruction.kind === "loop") return inside(instruction.body);
      return instruction.kind === "operation" && instruction.ends === "sent";
    });
  return streams.some(({ instructions }) => inside(instructions));
}
