import type { TopologyCounts } from "../../build/topology/counts.js";
import type { Explanation } from "../causes/explanation.js";
import type { NetworkCost } from "../cost/bill.js";
import type { CriticalPath } from "../path/document.js";
import type { WaitTrees } from "../waits/document.js";
import type { EngineSummary } from "./document-engine.js";
import type {
  ClassSummary,
  CreditSummary,
  EcnSummary,
  FaultResult,
  LinkSummary,
  OpticResult,
  PacketSummary,
  PfcSummary,
  StepSummary,
} from "./document-network.js";
import type { ByParallelism, ProgramResult, TrainingResult } from "./document-programs.js";

/**
 * The result document, `heddle.result/1`. Units are in the names.
 *
 * Instants (`startNs`, `finishNs`, `simulatedNs`) are on the clock of the simulation, which begins
 * at 0. All other times are durations: those of the job (`jctNs`, `idealJctNs`, the explanation)
 * count from its start, those of a flow (`fctNs`, `ackedNs`) from the flow's.
 */
export const RESULT_SCHEMA = "heddle.result/1";

/** The result of a run, as `heddle run --json` prints it. Times are in ns of the simulation. */
export interface ResultDocument {
  /** Name and version of this format. */
  readonly schema: typeof RESULT_SCHEMA;
  /** The version of heddle that made the result. */
  readonly heddleVersion: string;
  /**
   * What became of the job. `stuck`: nothing moved any more. `qp-failed`: a queue pair gave up.
   * `time-limit`, `cancelled`: the run was cut off.
   */
  readonly status: "finished" | "stuck" | "qp-failed" | "time-limit" | "cancelled";
  /** Why the job could not finish. Present where the job did not finish. */
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
  /** `idealJctNs` by `jctNs`. Null where the job did not finish. */
  readonly efficiency: number | null;
  /**
   * NCCL's algorithm bandwidth: bytes of a rank by `jctNs`. Null for flow lists and several
   * jobs.
   */
  readonly algbwGBps: number | null;
  /** NCCL's bus bandwidth: `algbwGBps` times the factor of the collective. Null likewise. */
  readonly busbwGBps: number | null;
  /** How far the job came. Present where the job did not finish. */
  readonly progress?: Progress;
  readonly ranks: RankSummary;
  /** Each job of several, in the scenario's order. Present where the scenario has `jobs`. */
  readonly jobs?: readonly JobResult[];
  /**
   * Each flow, or message. Present for workloads and jobs of kind `flows`, and on request
   * (`--flows`).
   */
  readonly flows?: readonly FlowResult[];
  /**
   * How much longer messages took than alone. Present where messages are listed and one has
   * ended.
   */
  readonly fctSlowdown?: SlowdownSummary;
  /** Of collectives: mean time of a chunk, over flows. Null for other workloads. */
  readonly steps: StepSummary | null;
  readonly packets: PacketSummary;
  readonly pfc: PfcSummary;
  /** Credit of links. Present where links are on credit. */
  readonly credit?: CreditSummary;
  /** Data classes, in order of falling priority. Present where there are several. */
  readonly classes?: readonly ClassSummary[];
  readonly ecn: EcnSummary;
  readonly links: LinkSummary;
  readonly cost: CostSummary;
  /** What programs did. Present where the workload is a program. */
  readonly program?: ProgramResult;
  /**
   * What a training step consists of. Present where the workload is a training step, and it
   * finished.
   */
  readonly training?: TrainingResult;
  /**
   * What drifting optics did, those with most errors first, up to 50 directions. Present where the
   * scenario has some.
   */
  readonly optics?: readonly OpticResult[];
  /** What each fault did, in the scenario's order. Present where the scenario has faults. */
  readonly faults?: readonly FaultResult[];
  /**
   * Where the time went: causes whose shares sum to 1. Empty for programs and where the job
   * did not finish.
   */
  readonly explanation: readonly Explanation[];
  /** The critical path. Present with `--explain`, where the run finished. */
  readonly criticalPath?: CriticalPath;
  /** Where pauses and waits for credit came from. Present with `--pauses`. */
  readonly pauses?: WaitTrees;
  /** What the model is known to miss in this run. Present where there is any. */
  readonly envelope?: readonly string[];
  /** What settings that are odd together did to this run. */
  readonly notes: readonly Note[];
  readonly engine: EngineSummary;
}

/** Which scenario it was. */
export interface ScenarioSummary {
  /** Its name; `scenario` where it has none. */
  readonly name: string;
  /** Seed of everything random. */
  readonly seed: number;
  /** Hash of all settings, defaults included. */
  readonly digest: string;
  /** The scenario as it was written, overrides applied. Absent where a program made it. */
  readonly document?: unknown;
}

/** What the fabric is made of. */
export type TopologySummary = TopologyCounts;

/** What the fabric had to carry. */
export type WorkloadSummary =
  | {
      /** What kind of workload it is. */
      readonly kind: "collective";
      /** Name of the collective. */
      readonly collective: string;
      /** Name of the algorithm. */
      readonly algorithm: string;
      /** NCCL's protocol. Present where its latency and bandwidth hold. */
      readonly protocol?: string;
      /** True. Present where NCCL's model has chosen both. */
      readonly isChosen?: true;
      /** Bytes of each rank's buffer. */
      readonly sizeBytes: number;
      /** Groups of ranks that each do it. Absent where all ranks do it together. */
      readonly groups?: number;
      /** Rank that data comes from or goes to. Absent where there is none. */
      readonly root?: number;
      /** How often it is done. Absent for once. */
      readonly repeat?: number;
      /** Traffic that the completion time does not wait for. Present where there is some. */
      readonly background?: FlowTotal;
    }
  | ({ readonly kind: "flows" } & FlowTotal)
  | { readonly kind: "program"; readonly roles: readonly RoleSummary[] }
  | {
      readonly kind: "training-step";
      /** Name of the model. */
      readonly model: string;
      /** Ranks of each kind of parallelism. */
      readonly parallel: ByParallelism;
      /** Steps that are simulated. */
      readonly steps: number;
    }
  | {
      readonly kind: "trace";
      /** Format of the file. */
      readonly format: string;
      /** Ranks of the file. */
      readonly ranks: number;
    }
  | {
      readonly kind: "jobs";
      /** How many jobs. */
      readonly jobs: number;
    };

/** A role of a program. */
export interface RoleSummary {
  /** Its name. */
  readonly name: string;
  /** How many ranks have it. */
  readonly ranks: number;
}

/** What a job does. */
export type JobSummary = Exclude<WorkloadSummary, { readonly kind: "jobs" }>;

/** A job of several. Its times count from its own start. */
export interface JobResult {
  /** Its name. */
  readonly name: string;
  /** Ranks that take part. */
  readonly ranks: number;
  /** What it does. */
  readonly workload: JobSummary;
  /** Start of its first flow, on the clock of the simulation. */
  readonly startNs: number;
  /** From its own start to its last delivery. Null where it did not finish. */
  readonly jctNs: number | null;
  /** What nothing can beat with the fabric to itself. */
  readonly idealJctNs: number;
  /** `idealJctNs` by `jctNs`. Null where it did not finish. */
  readonly efficiency: number | null;
  /** NCCL's algorithm bandwidth; null for flow lists and programs. */
  readonly algbwGBps: number | null;
  /** NCCL's bus bandwidth; null for flow lists and programs. */
  readonly busbwGBps: number | null;
  /** `jctNs` by that of the job alone. Null where one is not known. Present with `--slowdowns`. */
  readonly slowdown?: number | null;
  /** True. Present where the run does not wait for it. */
  readonly background?: true;
  /** What programs did. Present where the job is a program, a training step or a trace. */
  readonly program?: ProgramResult;
  /** What the steps consist of. Present where the job is training steps that finished. */
  readonly training?: TrainingResult;
}

/** How much longer flows took than with the network to themselves. */
export interface SlowdownSummary {
  /** All flows together. */
  readonly all: Omit<SlowdownBin, "fromBytes" | "toBytes">;
  /** By size, smallest first; sizes without a flow are left out. */
  readonly bins: readonly SlowdownBin[];
  /** Flows that did not come to their end, and are left out. */
  readonly unfinished: number;
}

/** Slowdowns of flows, by nearest rank. */
export interface SlowdownBin {
  /** Flows of more than this size. */
  readonly fromBytes: number;
  /** Flows of at most this size; null for no limit. */
  readonly toBytes: number | null;
  /** How many. */
  readonly flows: number;
  /** Mean slowdown: time by the time alone. */
  readonly mean: number;
  /** Median. */
  readonly p50: number;
  /** Slowdown that 95 % of the flows are not above. */
  readonly p95: number;
  /** Slowdown that 99 % of the flows are not above. */
  readonly p99: number;
  /** Largest slowdown. */
  readonly max: number;
}

/** Flows of one kind, counted. */
export interface FlowTotal {
  /** How many flows. */
  readonly flows: number;
  /** Bytes of all of them. */
  readonly totalBytes: number;
}

/** The network's bill of materials, and what a GB/s of bus bandwidth takes. */
export interface CostSummary extends NetworkCost {
  /** Cost and power of a GB/s of bus bandwidth. Null where there is none. */
  readonly perBusbwGBps: {
    /** Lower end of the price. */
    readonly lowUsd: number;
    /** Upper end of the price. */
    readonly highUsd: number;
    /** Power, middle of the range. */
    readonly watts: number;
  } | null;
}

/** What was set, by the names that scenarios use. */
export interface PolicySummary {
  /** How switches choose among equal paths. */
  readonly routing: string;
  /** Name of the policy. Present with custom routing. */
  readonly module?: string;
  /** How links keep buffers from overflowing. */
  readonly flowControl: string;
  /** How transports repair losses. */
  readonly recovery: string;
  /** Whether switches mark packets. */
  readonly ecn: boolean;
}

/** How far a job came that did not finish. */
export interface Progress {
  /** Chunks that came to their receivers. */
  readonly chunksDelivered: number;
  /** Chunks of the job. */
  readonly chunks: number;
  /** Ranks that received all that is for them. */
  readonly ranksFinished: number;
  /** Ranks that receive anything. */
  readonly ranks: number;
}

/** When ranks had all their data. */
export interface RankSummary {
  /** Over all ranks that receive anything, by nearest rank. Null where one has not finished. */
  readonly finishNs: RankSpread | null;
  /** The last ten to finish, the last one first. */
  readonly slowest: readonly RankFinish[];
}

/** When ranks finished, in ns of the simulation. */
export interface RankSpread {
  /** The first rank. */
  readonly min: number;
  /** The median. */
  readonly p50: number;
  /** 99 % of the ranks are not later. */
  readonly p99: number;
  /** The last rank. */
  readonly max: number;
}

/** When a rank had received all that it waits for. */
export interface RankFinish {
  /** Its number, from 0. */
  readonly rank: number;
  /** Name of its host. */
  readonly name: string;
  /** Its last delivery, on the clock of the simulation. */
  readonly finishNs: number;
}

/** A flow: its ends, its bytes, and when it was delivered. */
export interface FlowResult {
  /** Rank that sends. */
  readonly src: number;
  /** Rank that receives. */
  readonly dst: number;
  /**
   * Name of the host that sends. Present where hosts are not `gpu-` and the rank: in custom
   * topologies.
   */
  readonly srcName?: string;
  /** Name of the host that receives. Present where `srcName` is. */
  readonly dstName?: string;
  /** Its size. */
  readonly bytes: number;
  /** When it may be sent: at its start, and after the flows that it waits for. */
  readonly startNs: number;
  /** Its last delivery: `startNs + fctNs`. Null where it did not finish. */
  readonly finishNs: number | null;
  /** From its start to its last delivery. */
  readonly fctNs: number | null;
  /** From its start to the last acknowledgement at the sender. */
  readonly ackedNs: number | null;
  /** What it cannot beat with the network to itself. Present for messages. */
  readonly idealFctNs?: number;
  /** `fctNs` by `idealFctNs`. Present for messages. */
  readonly slowdown?: number | null;
  /** Name of its job. Present where there are several jobs. */
  readonly job?: string;
  /** Name of its data class. Present where there are several classes. */
  readonly class?: string;
  /** True. Present where the job does not wait for it. */
  readonly background?: true;
}

/** A mix of settings that is allowed but odd, and what came of it in this run, with figures. */
export interface Note {
  /** Paths of the settings. */
  readonly settings: readonly string[];
  /** What they did, as a sentence. */
  readonly text: string;
}

/** Why a job did not finish. */
export interface Diagnosis {
  /** What kept it from its end. */
  readonly kind: "deadlock" | "partition" | "qp-failed" | "time-limit" | "cancelled" | "stuck";
  /** What happened, with places and times. */
  readonly text: string;
  /** Cycle of ports, in order, such as `leaf-0 -> spine-1`. Empty where there is none. */
  readonly ports: readonly string[];
}
