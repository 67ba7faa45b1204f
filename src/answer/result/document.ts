import type { TopologyCounts } from "../../build/topology/counts.js";
import type { Explanation } from "../causes/explanation.js";
import type { NetworkCost } from "../cost/bill.js";
import type { CriticalPath } from "../path/document.js";
import type { WaitTrees } from "../waits/document.js";

/**
 * The result document, `heddle.result/1`. Units are in the names.
 *
 * Instants (`startNs`, `finishNs`, `simulatedNs`) are on the clock of the simulation, which begins
 * at 0. All other times are durations: those of the job (`jctNs`, `idealJctNs`, the explanation)
 * count from its start, those of a flow (`fctNs`, `ackedNs`) from the flow's.
 */
export const RESULT_SCHEMA = "heddle.result/1";

export interface ResultDocument {
  readonly schema: typeof RESULT_SCHEMA;
  readonly heddleVersion: string;
  /** `finished`, or why not. */
  readonly status: "finished" | "stuck" | "qp-failed" | "time-limit" | "cancelled";
  /** Present where the job could not finish. */
  readonly diagnosis?: Diagnosis;
  readonly scenario: ScenarioSummary;
  readonly topology: TopologySummary;
  readonly workload: WorkloadSummary;
  readonly policies: PolicySummary;
  /** The job's start: that of its first flow. */
  readonly startNs: number;
  /**
   * Job completion time, from the job's start to its last delivery. Null where it did not finish.
   */
  readonly jctNs: number | null;
  /**
   * What no algorithm can beat on this fabric, slower links by faults aside; the `bound` of the
   * explanation.
   */
  readonly idealJctNs: number;
  readonly efficiency: number | null;
  /** NCCL's definitions; null for flow lists and several jobs. */
  readonly algbwGBps: number | null;
  readonly busbwGBps: number | null;
  /** Present where the job did not finish. */
  readonly progress?: Progress;
  readonly ranks: RankSummary;
  /** Present where the scenario has `jobs`, in its order. */
  readonly jobs?: readonly JobResult[];
  /** Of workloads and jobs of kind `flows`, and on request of others. */
  readonly flows?: readonly FlowResult[];
  /** Present where messages are listed and one has come to its end. */
  readonly fctSlowdown?: SlowdownSummary;
  readonly steps: StepSummary | null;
  readonly packets: PacketSummary;
  readonly pfc: PfcSummary;
  /** Present where links are on credit. */
  readonly credit?: CreditSummary;
  /** Present where there are several data classes: in order of falling priority. */
  readonly classes?: readonly ClassSummary[];
  readonly ecn: { readonly marked: number; readonly cnps: number };
  readonly links: LinkSummary;
  readonly cost: CostSummary;
  /** Present where the workload is a program. */
  readonly program?: ProgramResult;
  /** Present where the workload is a training step, and it finished. */
  readonly training?: TrainingResult;
  /** Present where the scenario has faults: one entry for each, in its order. */
  readonly faults?: readonly FaultResult[];
  readonly explanation: readonly Explanation[];
  /** Present on request, where the run finished. */
  readonly criticalPath?: CriticalPath;
  /** Present on request: where pauses and waits for credit came from. */
  readonly pauses?: WaitTrees;
  /** Present where this run leaves what the model is known to be accurate for. */
  readonly envelope?: readonly string[];
  /** What settings that are odd together did to this run. */
  readonly notes: readonly Note[];
  readonly engine: EngineSummary;
}

export interface ScenarioSummary {
  readonly name: string;
  readonly seed: number;
  readonly digest: string;
  /** As it was written, overrides applied; absent where a program made the scenario. */
  readonly document?: unknown;
}

/** What the fabric is made of. */
export type TopologySummary = TopologyCounts;

export type WorkloadSummary =
  | {
      readonly kind: "collective";
      readonly collective: string;
      readonly algorithm: string;
      /** NCCL's, where its latency and bandwidth hold. */
      readonly protocol?: string;
      /** NCCL's model has chosen both. */
      readonly isChosen?: true;
      /** Bytes of each rank's buffer. */
      readonly sizeBytes: number;
      /** Groups of ranks that each do it; absent where all ranks do it together. */
      readonly groups?: number;
      /** Rank that data comes from or goes to; absent where there is none. */
      readonly root?: number;
      /** How often it is done; absent for once. */
      readonly repeat?: number;
      /** Traffic beside it, which the completion time does not wait for. */
      readonly background?: FlowTotal;
    }
  | ({ readonly kind: "flows" } & FlowTotal)
  /** Roles with the number of their ranks. */
  | { readonly kind: "program"; readonly roles: readonly { readonly name: string; readonly ranks: number }[] }
  | {
      readonly kind: "training-step";
      readonly model: string;
      readonly parallel: Readonly<Record<"tp" | "cp" | "pp" | "ep" | "dp", number>>;
      readonly steps: number;
    }
  | { readonly kind: "trace"; readonly format: string; readonly ranks: number }
  /** How many. */
  | { readonly kind: "jobs"; readonly jobs: number };

/** Means over all ranks and steps, in ns of a step. */
export interface TrainingResult {
  readonly stepNs: number;
  /** At least one stream of a GPU computes. */
  readonly computeNs: number;
  /** Waiting that the schedule of the pipeline has with free communication and equal GPUs. */
  readonly bubbleNs: number;
  /** A GPU computes nothing, and waits for communication of this kind. */
  readonly exposedNs: Readonly<Record<TrainingKind, number>>;
  /** Communication beside computation. */
  readonly overlappedNs: Readonly<Record<TrainingKind, number>>;
  /** `computeNs` by `stepNs`. */
  readonly gpuUtilisation: number;
  /** FLOPs of the model, without what is computed again, by the peak of all GPUs. */
  readonly mfu: number;
  /** What a step consists of. */
  readonly items: "tokens" | "images";
  /** Tokens, or images, of all ranks. */
  readonly tokensPerSecond: number;
  /** With `gpuUtilisation` the shares of all causes sum to 1. */
  readonly idle: readonly { readonly cause: TrainingKind | "bubble" | "other"; readonly share: number }[];
  /** Of the steps at the rank that ends last. */
  readonly steps: { readonly p50Ns: number; readonly p99Ns: number; readonly maxNs: number };
  /** Of the GPU that holds most. */
  readonly memoryBytes: Readonly<
    Record<"parameters" | "gradients" | "optimizer" | "activations" | "total" | "capacity", number>
  >;
}

export type TrainingKind = "tp" | "cp" | "pp" | "dp" | "ep";

/** What programs did. */
export interface ProgramResult {
  readonly roles: readonly RoleResult[];
  /** By label, in the order in which the scenario first names them. */
  readonly operations: readonly OperationResult[];
  /** Of the ranks that were to be recorded. */
  readonly timelines?: readonly TimelineResult[];
}

/** Means over the ranks of a role: each of them computes, waits for an operation, or is idle. */
export interface RoleResult {
  readonly name: string;
  readonly ranks: number;
  /** The last one, on the clock of the simulation; null where one has not ended. */
  readonly finishNs: number | null;
  readonly computeNs: number;
  readonly exposedNs: number;
  readonly idleNs: number;
}

/** Sums over all ranks. */
export interface OperationResult {
  readonly name: string;
  readonly count: number;
  readonly meanNs: number;
  readonly maxNs: number;
  readonly totalNs: number;
  /** Time in which a rank computed nothing and waited for it. */
  readonly exposedNs: number;
}

export interface TimelineResult {
  readonly rank: number;
  readonly entries: readonly {
    readonly stream: string;
    readonly name: string;
    readonly startNs: number;
    readonly endNs: number;
  }[];
  /** Entries beyond the limit. */
  readonly dropped: number;
}

/** What a job does. */
export type JobSummary = Exclude<WorkloadSummary, { readonly kind: "jobs" }>;

/** A job of several. Its times count from its own start. */
export interface JobResult {
  readonly name: string;
  readonly ranks: number;
  readonly workload: JobSummary;
  /** Its first flow, on the clock of the simulation. */
  readonly startNs: number;
  /** Null where it did not finish. */
  readonly jctNs: number | null;
  /** What nothing can beat with the fabric to itself. */
  readonly idealJctNs: number;
  readonly efficiency: number | null;
  readonly algbwGBps: number | null;
  readonly busbwGBps: number | null;
  /** JCT by that of the job alone on the fabric; on request, null where one is not known. */
  readonly slowdown?: number | null;
  /** Present where the run does not wait for it. */
  readonly background?: true;
  /** Of a program, a training step or a trace. */
  readonly program?: ProgramResult;
  /** Of training steps that finished. */
  readonly training?: TrainingResult;
}

/** How much longer flows took than with the network to themselves. */
export interface SlowdownSummary {
  readonly all: Omit<SlowdownBin, "fromBytes" | "toBytes">;
  /** By size, smallest first; sizes without a flow are left out. */
  readonly bins: readonly SlowdownBin[];
  /** Flows that did not come to their end, and are left out. */
  readonly unfinished: number;
}

export interface SlowdownBin {
  /** Flows of more than the first size and at most the second; null for no limit. */
  readonly fromBytes: number;
  readonly toBytes: number | null;
  readonly flows: number;
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

export interface FlowTotal {
  readonly flows: number;
  readonly totalBytes: number;
}

/** The network's bill of materials, and what a GB/s of bus bandwidth takes; null without one. */
export interface CostSummary extends NetworkCost {
  readonly perBusbwGBps: { readonly lowUsd: number; readonly highUsd: number; readonly watts: number } | null;
}

/** What was set, by the names that scenarios use. */
export interface PolicySummary {
  readonly routing: string;
  /** Present with custom routing: the name of the policy. */
  readonly module?: string;
  readonly flowControl: string;
  readonly recovery: string;
  readonly ecn: boolean;
}

/** How far a job came that did not finish. */
export interface Progress {
  readonly chunksDelivered: number;
  readonly chunks: number;
  readonly ranksFinished: number;
  /** Ranks that receive anything. */
  readonly ranks: number;
}

export interface RankSummary {
  readonly finishNs: { readonly min: number; readonly p50: number; readonly p99: number; readonly max: number } | null;
  readonly slowest: readonly { readonly rank: number; readonly name: string; readonly finishNs: number }[];
}

export interface FlowResult {
  /** Ranks. */
  readonly src: number;
  readonly dst: number;
  /** Names of their hosts, where those are not `gpu-` and the rank: in custom topologies. */
  readonly srcName?: string;
  readonly dstName?: string;
  readonly bytes: number;
  /** When it may be sent: at its start, and after the flows that it waits for. */
  readonly startNs: number;
  /** Its last delivery: `startNs + fctNs`. */
  readonly finishNs: number | null;
  /** From its start to its last delivery, and to the last acknowledgement at the sender. */
  readonly fctNs: number | null;
  readonly ackedNs: number | null;
  /** Of messages: what it cannot beat with the network to itself, and `fctNs` by that. */
  readonly idealFctNs?: number;
  readonly slowdown?: number | null;
  /** Name of its job, where there are several. */
  readonly job?: string;
  /** Name of its data class, where there are several. */
  readonly class?: string;
  /** Present where the job does not wait for it. */
  readonly background?: true;
}

/** Time between consecutive chunk deliveries of a flow, averaged per flow. */
export interface StepSummary {
  readonly p50Ns: number;
  readonly p99Ns: number;
  readonly maxNs: number;
}

export interface PacketSummary {
  readonly sent: number;
  readonly delivered: number;
  readonly retransmitted: number;
  /**
   * Data packets that came to their receivers while an earlier one was missing, lost or overtaken.
   */
  readonly outOfOrder: number;
  readonly trimmed: number;
  /** Repetitions of frames by links with retry. */
  readonly replayed: number;
  readonly dropped: {
    readonly congestion: number;
    readonly crc: number;
    readonly linkDown: number;
    readonly ordering: number;
    readonly watchdog: number;
  };
  readonly hops: number;
  readonly dataHops: number;
  readonly acks: number;
  readonly nacks: number;
  readonly timeouts: number;
  /** Advertisements of queues between switches. */
  readonly notices: number;
}

export interface PfcSummary {
  readonly pauses: number;
  readonly pausedNs: number;
  readonly longestPauseNs: number;
  /** Frames that went on with a pause, and pauses that lapsed without one. */
  readonly refreshes: number;
  readonly lapsed: number;
  /** Ports that the watchdog found paused for too long. */
  readonly storms: number;
  /** Trees of pauses: a port paused by a switch that was paused itself. Worst first. */
  readonly cascades: readonly { readonly root: string; readonly ports: number; readonly pausedNs: number }[];
}

/** What held a data class back, over all ports. */
export interface ClassSummary {
  readonly name: string;
  readonly pausedNs: number;
  readonly creditWaitNs: number;
}

export interface CreditSummary {
  /** Credit updates sent. */
  readonly updates: number;
  /** Time that ports waited for credit. */
  readonly waitedNs: number;
  readonly longestWaitNs: number;
  /** Trees of waits: a port waited for a device that waited itself. Worst first. */
  readonly cascades: readonly { readonly root: string; readonly ports: number; readonly waitedNs: number }[];
  /** Receive buffers by level of links: the smallest and the largest. */
  readonly buffers: readonly { readonly level: string; readonly leastBytes: number; readonly mostBytes: number }[];
}

/** Over all directions of the scale-out links; the percentile by nearest rank. */
export interface Spread {
  readonly mean: number;
  readonly p99: number;
  readonly max: number;
}

export interface LinkSummary {
  /**
   * Time over which utilisation is taken: from the first start of any flow to the end of the last
   * transmission or, where the run was cut off, of the simulation.
   */
  readonly observedNs: number;
  readonly utilisation: Spread;
  /** The most that was ever queued at each switch port, in wire bytes. */
  readonly maxQueueBytes: Spread;
  readonly hottest: readonly LinkResult[];
}

/** What a fault did. */
export interface FaultResult {
  readonly kind: string;
  /** The link (`leaf-1 <-> spine-0`, `->` for one direction) or the rank whose NIC it is. */
  readonly where: string;
  /** Carried by the directions that it concerns; of a NIC, sent to it. Wire bytes. */
  readonly txBytes: number;
  /** By its cause, on its link. */
  readonly packetsLost: number;
  /** Its link was paused for so long; of a NIC, by it. */
  readonly pausedNs: number;
  /** Share of full packets that its bit error ratio and loss ratio come to; the worse direction. */
  readonly frameLossRatio?: number;
  readonly hitTraffic: boolean;
  readonly text: string;
}

export interface LinkResult {
  readonly from: string;
  readonly to: string;
  /** Which of several parallel links, from 0; absent where there is one. */
  readonly index?: number;
  readonly utilisation: number;
  readonly txBytes: number;
  readonly maxQueueBytes: number;
  readonly pausedNs: number;
  /** Waiting for credit. */
  readonly creditWaitNs: number;
  readonly ecnMarked: number;
  readonly droppedCrc: number;
  readonly droppedLinkDown: number;
  readonly droppedWatchdog: number;
  readonly droppedCongestion: number;
}

/** A mix of settings that is allowed but odd, and what came of it in this run, with figures. */
export interface Note {
  /** Paths of the settings. */
  readonly settings: readonly string[];
  readonly text: string;
}

export interface Diagnosis {
  readonly kind: "deadlock" | "partition" | "qp-failed" | "time-limit" | "cancelled" | "stuck";
  readonly text: string;
  /** Cycle of ports, in order, where there is one: `leaf-0 -> spine-1`. */
  readonly ports: readonly string[];
}

export interface EngineSummary {
  /** Time from the scenario to the result: building, simulating and summing up. */
  readonly wallMs: number;
  /** Time spent on simulating alone. */
  readonly runMs: number;
  /** All of the run's, those that were skipped included. */
  readonly packetHops: number;
  /** `packetHops` by `wallMs`. */
  readonly packetHopsPerSecond: number;
  /** Packet-hops that were simulated, not skipped, by `runMs`. */
  readonly simulatedPacketHopsPerSecond: number;
  readonly windows: number;
  readonly threads: number;
  /** Of the core, and what fast-forward has kept beside it. */
  readonly peakMemoryBytes: number;
  /** Up to where the run was simulated: the last transmission or delivery, or the time limit. */
  readonly simulatedNs: number;
  /** Present where a custom routing policy is JavaScript: what asking it has cost. */
  readonly policy?: PolicyCost;
  readonly fastForward: FastForwardSummary;
  /** Hash over every delivery (time, flow, chunk) and every counter, 16 hex digits. */
  readonly digest: string;
}

/**
 * Sampled while the run goes on; the calls of this and of an earlier process that it was resumed
 * from.
 */
export interface PolicyCost {
  readonly calls: number;
  readonly nsPerCall: number;
  /** Share of the run's time, in all threads. */
  readonly shareOfRun: number;
}

/**
 * What was not simulated because it was sure to be like what had been. The rest of the result does
 * not depend on it.
 */
export interface FastForwardSummary {
  /** How often a repetition was found and skipped. */
  readonly cycles: number;
  readonly skippedNs: number;
  readonly skippedPacketHops: number;
  /** Parts of the fabric that were simulated once for several. */
  readonly replicas: number;
  /** Why nothing could be skipped. */
  readonly off?: string;
}
