/** A workload of programs: what the ranks of each role compute and communicate, in which order. */
import type { OperationEnd, TimelineRecord } from "../../plan/programs.js";

/** @typeParam C a collective workload */
export interface ProgramOf<C> {
  readonly kind: "program";
  readonly communicators: readonly CommunicatorOf<C>[];
  readonly roles: readonly RoleSpec[];
  /** Ranks whose computations and operations are kept one by one, and how many of each. */
  readonly record: TimelineRecord;
}

/** Its operations are one collective over each of its groups, or one message of each pair. */
export type CommunicatorOf<C> = CollectiveCommunicator<C> | PairCommunicator;

export interface CollectiveCommunicator<C> {
  readonly kind: "collective";
  readonly name: string;
  readonly collective: C;
}

export interface PairCommunicator {
  readonly kind: "pairs";
  readonly name: string;
  /** Sender and receiver. */
  readonly pairs: readonly (readonly [src: number, dst: number])[];
  readonly sizeBytes: number;
  /** A sender waits until the receiver has reached the operation. */
  readonly rendezvous: boolean;
  readonly dataClass?: number;
}

/** Ranks that run one program. */
export interface RoleSpec {
  readonly name: string;
  readonly ranks: readonly number[];
  readonly startPs: number;
  readonly computeFactor: number;
  readonly jitter: number;
  readonly streams: readonly { readonly name: string; readonly steps: readonly StepSpec[] }[];
}

export type StepSpec =
  | { readonly kind: "compute"; readonly durationPs: number; readonly label: string }
  | OperationSpec
  | { readonly kind: "signal" | "wait"; readonly signal: string }
  | { readonly kind: "loop"; readonly count: number; readonly steps: readonly StepSpec[] };

export interface OperationSpec {
  readonly kind: "operation";
  readonly communicator: string;
  /** Of a communicator of pairs: which end of a pair the rank is. */
  readonly side: "all" | "sender" | "receiver";
  /** Null: that of the communicator. */
  readonly sizeBytes: number | null;
  readonly ends: OperationEnd;
  readonly label: string;
}
