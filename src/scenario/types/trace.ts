/** Workloads as graphs of operations, as they come from files of other programs. */
import type { AlgorithmName, CollectiveName } from "../../plan/collectives.js";
import type { ProgramGraph } from "../../plan/program-graph.js";

/** What ranks of a trace send each other in one operation. */
export type TraceCommunicator =
  | {
      readonly kind: "message";
      readonly src: number;
      readonly dst: number;
      readonly bytes: number;
      /** The sender waits until the receiver has reached the operation. */
      readonly rendezvous: boolean;
    }
  | {
      readonly kind: "collective";
      readonly collective: CollectiveName;
      /** In the order of a ring. */
      readonly ranks: readonly number[];
      readonly bytes: number;
      /** Place in `ranks`; 0 where there is none. */
      readonly root: number;
      /** `auto`: as NCCL's model chooses, protocol included. */
      readonly algorithm: AlgorithmName | "auto";
    }
  /** A collective over one ring, exactly as it is written. */
  | {
      readonly kind: "ring";
      readonly collective: CollectiveName;
      readonly ranks: readonly number[];
      readonly bytes: number;
      /** Left out: a part of the buffer is one chunk. */
      readonly chunkBytes?: number | undefined;
      readonly nics?: TraceNics | undefined;
    }
  /** An all-reduce over a tree of all ranks; parents by rank, -1 at the root. */
  | {
      readonly kind: "tree";
      readonly parent: Int32Array;
      readonly bytes: number;
      readonly chunkBytes: number;
      readonly nics?: TraceNics | undefined;
    };

/** By rank: the NIC by which its messages to other nodes leave and come in. */
export interface TraceNics {
  readonly gpusPerNode: number;
  /** NICs that each GPU has. */
  readonly perGpu: number;
  /** The rank of the same node that the NIC is at. */
  readonly holder: Uint32Array;
  /** Which of that rank's NICs it is. */
  readonly number: Uint8Array;
}

/** What one rank does. Operands of operations are communicators, or places in `slots`. */
export interface TraceRank {
  readonly graph: ProgramGraph;
  /** Communicators of the trace, where ranks share one graph. */
  readonly slots?: readonly number[];
  /** Names of the lanes, for results; at least one. */
  readonly lanes: readonly string[];
  /** Names of the signals. */
  readonly signals: readonly string[];
}

/** What ranks do as graphs of operations. */
export interface TraceGraphs {
  readonly kind: "trace";
  readonly communicators: readonly TraceCommunicator[];
  readonly labels: readonly string[];
  /** By rank of the trace. */
  readonly ranks: readonly TraceRank[];
}

/** A trace that runs on the fabric: rank r of the trace is rank r there. */
export interface TraceWorkload extends TraceGraphs {
  readonly format: string;
  /** Tells what was read from other contents. */
  readonly digest: string;
}
