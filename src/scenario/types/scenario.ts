/**
 * A scenario after parsing: every quantity a number in the unit its name gives, every default
 * filled in. What users write (units as text, fields left out) is described by the schema beside
 * this file; nothing past the parser sees that form.
 */
import type { AlgorithmName, CollectiveName } from "../../plan/collectives.js";
import type { SizeMatrix } from "../../plan/crossings.js";
import type { LinkLevelName } from "../../plan/levels.js";
import type { OpticName } from "../../plan/parts/optics.js";
import type { RoutingPolicyName } from "../../plan/plan.js";
import type { Protocol } from "../../plan/protocols.js";
import type { TrainingStep } from "../../plan/training/step.js";
import type { AvailabilityParams, CheckpointParams } from "./availability.js";
import type { CongestionControlParams } from "./congestion-params.js";
import type { NicParams, SwitchParams, WireParams } from "./devices.js";
import type { Fault } from "./faults.js";
import type { OpticsParams } from "./optics.js";
import type { ProgramOf } from "./program.js";
import type { ReductionParams } from "./reduction.js";
import type { TraceWorkload } from "./trace.js";

export type * from "./congestion-params.js";

/** A scenario that was checked: defaults filled in, units resolved. `parseScenario` makes it. */
export interface Scenario {
  readonly version: 1;
  readonly name: string;
  readonly seed: number;
  readonly topology: Topology;
  readonly links: Links;
  readonly switch: SwitchParams;
  readonly nic: NicParams;
  readonly wire: WireParams;
  readonly routing: Routing;
  readonly flowControl: FlowControlParams;
  /** In order of falling priority; left out where all data is of one class. */
  readonly dataClasses?: readonly DataClassParams[];
  /** Null where marking is off. */
  readonly ecn: EcnParams | null;
  readonly transport: TransportParams;
  readonly placement: "packed";
  /** Present where the workload's algorithm reduces in switches. */
  readonly reduction?: ReductionParams;
  readonly workload: Workload;
  readonly faults: readonly Fault[];
  /** Left out where it is as by default. */
  readonly optics?: OpticsParams;
  readonly checkpoint: CheckpointParams;
  readonly availability: AvailabilityParams;
  /** Simulated time after which the run is cut off; Infinity for none. */
  readonly timeLimitPs: number;
}

/** The fabric: regular, custom, a dragonfly, or several sites. */
export type Topology = ClosTopology | CustomTopology | SitesTopology | DragonflyTopology;

/** The regular fabrics. */
export interface ClosTopology {
  readonly kind: "leaf-spine" | "fat-tree" | "rail-optimized" | "rail-only";
  readonly gpus: number;
  /** GPUs of a node share an NVSwitch; 1 means no scale-up network. */
  readonly gpusPerNode: number;
  /**
   * Switch ports, counted at the access rate: a port of a faster level takes the place of several.
   */
  readonly radix: number;
  /** Of `rail-only`, those of each rail. */
  readonly tiers: 1 | 2 | 3;
  /** Host-facing to spine-facing bandwidth at the leaf: 1 is non-blocking, 3 is 3:1. */
  readonly oversubscription: number;
  /** Give nodes of several GPUs a scale-up network (default true). */
  readonly scaleUp: boolean;
  /** Of two tiers; left out: the fewest that have the ports. */
  readonly spines?: number;
  /** Of a leaf at most, and of a pod; left out: what the radix allows. */
  readonly gpusPerLeaf?: number;
  readonly leavesPerPod?: number;
  /** Bandwidth below the switches of a pod to that between pods; left out: 1. */
  readonly coreOversubscription?: number;
  /** Parallel fabrics, over which the ports of a NIC are split; left out: one. */
  readonly planes?: number;
  /** Each NIC has a port to each of two leaves; left out where it has not. */
  readonly dualHomed?: boolean;
  /** NVSwitches of a node, to each of which a GPU has a port; left out: one. */
  readonly nvSwitches?: number;
}

/** Groups of routers, all linked to each other; groups, all linked to each other. */
export interface DragonflyTopology {
  readonly kind: "dragonfly";
  readonly gpusPerNode: number;
  readonly scaleUp: boolean;
  readonly nvSwitches?: number;
  /** Routers of a group. */
  readonly a: number;
  /** Hosts of a router. */
  readonly p: number;
  /** Links of a router to other groups. */
  readonly h: number;
  readonly groups: number;
  /** Data classes that each one of a lossless fabric is split into. */
  readonly lanes: 1 | 2 | 3;
}

/** Sites, each a Clos of its own, that are joined by long links. */
export interface SitesTopology {
  readonly kind: "multi-datacenter";
  /** In the order of their ranks. */
  readonly sites: readonly Site[];
  readonly between: readonly LongLinks[];
}

export interface Site {
  readonly name: string;
  readonly topology: ClosTopology;
}

/** Links side by side between the border switches of two sites. */
export interface LongLinks {
  readonly a: string;
  readonly b: string;
  readonly count: number;
  readonly link: LinkLevel;
}

/** A fabric listed link by link. Routing takes all ways of the least cost. */
export interface CustomTopology {
  readonly kind: "custom";
  /** Host names in the order of ranks. Each host is one rank, with a NIC for each of its links. */
  readonly hosts: readonly string[];
  /** Hosts of a node, in rank order, that share NVSwitches; left out where there are no nodes. */
  readonly gpusPerNode?: number;
  /** Left out: true where there are nodes. */
  readonly scaleUp?: boolean;
  readonly nvSwitches?: number;
  readonly switches: readonly CustomSwitch[];
  /** Ports of a device are numbered in the order in which the links name it. */
  readonly links: readonly CustomLink[];
}

export interface CustomSwitch {
  readonly name: string;
  /** Null: as the scenario's `switch`. */
  readonly latencyPs: number | null;
  readonly bufferBytes: number | null;
}

export interface CustomLink {
  readonly a: string;
  readonly b: string;
  /** For finding the cheapest ways; left out: 1. */
  readonly cost?: number;
  readonly rateBps: number;
  readonly propagationPs: number;
  readonly fecPs: number;
  /** Pre-FEC bit error ratio of either direction; 0 for none. */
  readonly ber: number;
  /** Share of packets that either direction loses whatever their size. */
  readonly frameLossRatio: number;
  /** Link-level retry. */
  readonly retries: boolean;
  /** As of a level. */
  readonly optic: OpticName | null;
  readonly lengthMm: number;
}

/**
 * By level, each link as it is built. Levels that only some topologies have are there with them.
 */
export type Links = Readonly<Record<"scaleUp" | "access" | "fabric" | "core", LinkLevel>> &
  Readonly<Partial<Record<LinkLevelName, LinkLevel>>>;

export interface LinkLevel {
  readonly rateBps: number;
  /** Of the ports of switches, where it is another; how many switches there are follows from it. */
  readonly portRateBps?: number;
  /** One-way latency of the medium: given, or 5 ns/m times the length. */
  readonly propagationPs: number;
  readonly fecPs: number;
  /** Pre-FEC bit error ratio of every direction of the level; 0 for none. */
  readonly ber: number;
  /** Share of packets that every direction of the level loses whatever their size. */
  readonly frameLossRatio: number;
  /** Link-level retry. */
  readonly retries: boolean;
  /** Part at the ends, for the bill of materials; null where no part has the rate and length. */
  readonly optic: OpticName | null;
  /** Of a cable: written, or what light goes in the latency. 0 inside a node. */
  readonly lengthMm: number;
  /** Links that share a port of the switch above them, and its module. */
  readonly breakout: number;
  /**
   * Largest payload of a packet at this level; null for the transport's MTU. Only `scaleUp` may
   * differ.
   */
  readonly cellBytes: number | null;
}

/** The routing policy and its parameters. */
export interface Routing {
  readonly policy: RoutingPolicyName;
  /** Step in which policies compare queues, in bytes at the rate of the fabric level. */
  readonly quantumBytes: number;
  /** Entropy values of a QP that sprays. */
  readonly entropies: number;
  readonly freezePs: number;
  /** `flowlet`: the shortest pause of a QP that lets it change paths; 0 for other policies. */
  readonly flowletGapPs: number;
  /**
   * `adaptive-remote`: queues from this size on are advertised, so often at most; 0 for other
   * policies.
   */
  readonly noticeBytes: number;
  readonly noticeIntervalPs: number;
  /** `ugal-l` and `ugal-g`: by how much they prefer the short way; 0 is left out. */
  readonly biasBytes?: number;
  /** Present with `ugal-g`: how often routers take samples of their queues. */
  readonly samplePs?: number;
  /** Present with `custom`. */
  readonly custom?: CustomPolicy;
  /** Left out: routing tables do not change. */
  readonly convergence?: Convergence;
}

/** How long after a link goes down, or comes back, routing follows. */
export interface Convergence {
  /** At the switches at its ends. */
  readonly localPs: number;
  /** Everywhere; Infinity for never. */
  readonly globalPs: number;
}

export interface CustomPolicy {
  /** Path of the policy's file, relative to the scenario's; null where it is given otherwise. */
  readonly module: string | null;
  /** Of the policy's content, once that is known. */
  readonly digest: string | null;
  /** Words of state of each switch. */
  readonly stateWords: number;
  readonly parameters: readonly number[];
}

/** A class of data that ports queue, pause and give credit by itself. */
export interface DataClassParams {
  readonly name: string;
  /** What is of a higher one goes first. */
  readonly priority: number;
  /** Share among those of its priority. */
  readonly weight: number;
  /** Present where some class of the scenario has rules of its own. */
  readonly rules?: ClassRuleParams;
}

/** What a data class has in place of what all have. */
export interface ClassRuleParams {
  /** Dropped rather than paused where switches have PFC. */
  readonly isLossy: boolean;
  readonly flowControl: FlowControlParams;
  readonly ecn: EcnParams | null;
}

/** What keeps buffers from overflowing: PFC, credit, or nothing. */
export interface FlowControlParams {
  readonly kind: "pfc" | "credit" | "none";
  /** When a packet's bytes leave the buffer. */
  readonly release: "start" | "end";
  /** From a pause frame's last bit to its effect. */
  readonly responsePs: number;
  readonly reserveBytes: number;
  /**
   * Bytes kept per ingress port for what arrives after a pause was sent; "auto" computes it per
   * link; "ns3" is 3 x rate x delay.
   */
  readonly headroom: number | "auto" | "ns3";
  readonly threshold: PauseThreshold;
  /** XON: resume when this many bytes below the threshold. */
  readonly resumeOffsetBytes: number;
  /** Time that a pause lasts, in quanta of 512 bit times; null: until it is taken back. */
  readonly quanta: number | null;
  /** A pause is refreshed after this share of its time; null: never. */
  readonly refreshShare: number | null;
  readonly watchdog: WatchdogParams | null;
  /** `none`: cut what does not fit to its header. */
  readonly trim: boolean;
  /**
   * Which packet is dropped, or cut: the one that comes; with even odds that one, or the one that
   * waits last; or by the same chance one of all that compete for the same room.
   */
  readonly victim: "arriving" | "random" | "fair";
  /** `pfc`: share of a buffer that lossy classes have to themselves; left out without any. */
  readonly lossyShare?: number;
  /** `none`: limits of each egress queue, by its link's rate and in bytes; null for none. */
  readonly queueTimePs: number | null;
  readonly queueSizeBytes: number | null;
  /** Tail drop (`kind: none`): an egress queue may hold alpha times the free buffer. */
  readonly dropAlpha: { readonly num: number; readonly den: number };
  /** Null for other kinds. */
  readonly credit: CreditParams | null;
}

/** Credit on links; see `LinkCredit`. */
export interface CreditParams {
  readonly blockBytes: number;
  /** Of each receive buffer; "auto" takes what full rate needs, by link. */
  readonly bufferBytes: number | "auto";
  /**
   * Freed bytes that an update tells of at least; "auto" is two full packets, or fewer where the
   * buffer is small.
   */
  readonly updateEveryBytes: number | "auto";
  /** An update on the wire. */
  readonly updateWireBytes: number;
  /** From an update's last bit to its effect. */
  readonly responsePs: number;
}

/** What switches do about ports that stay paused, as SONiC's do. */
export interface WatchdogParams {
  readonly detectPs: number;
  readonly restorePs: number;
  readonly action: "drop" | "forward";
}

export type PauseThreshold =
  | { readonly kind: "static"; readonly xoffBytes: number }
  /**
   * alpha = 2^-shift; "ns3" lowers 3 by one for each halving that takes the port's rate down to the
   * hosts' rate.
   */
  | { readonly kind: "dynamic"; readonly alphaShift: number | "ns3" };

/** When switches mark packets: by bytes of the queue, or by its time. */
export type EcnParams = EcnThresholds | EcnByRoundTrip;

interface EcnMarks {
  /**
   * When a packet is queued, by the backlog it meets, or when its transmission starts, by the queue
   * it leaves behind.
   */
  readonly at: "enqueue" | "dequeue";
  /** Probability of a mark just below the upper threshold. */
  readonly pmax: number;
}

/** Thresholds in what a port sends in a base round trip. */
export interface EcnByRoundTrip extends EcnMarks {
  readonly kminRtts: number;
  readonly kmaxRtts: number;
}

export interface EcnThresholds extends EcnMarks {
  readonly kminBytes: number;
  readonly kmaxBytes: number;
  /**
   * Rate of a port that the thresholds are meant for: they scale with it. Null: the same
   * everywhere.
   */
  readonly rateBps: number | null;
}

/** A retransmission timeout that doubles with each timeout in a row. */
export interface AdaptiveTimeout {
  readonly kind: "adaptive";
  readonly firstPs: number;
  readonly mostPs: number;
}

/** The transport of the NICs: packets, windows, acknowledgements, recovery. */
export interface TransportParams {
  readonly kind: "roce";
  readonly mtuBytes: number;
  /** 0 for no limit. */
  readonly windowBytes: number;
  readonly ackEvery: number;
  readonly ackMarked: boolean;
  readonly qpsPerConnection: number;
  readonly recovery: "go-back-n" | "selective";
  readonly rtoPs: number | AdaptiveTimeout;
  readonly retryLimit: number;
  readonly reorderPackets: number;
  readonly lostResends: "timeout" | "detect";
  readonly congestionControl: CongestionControlParams;
}

/** What ranks do: the workload of one job, or those of several. */
export type Workload = JobWorkload | JobsWorkload;

/** Steps of training a model, over all ranks. */
export interface TrainingWorkload extends TrainingStep {
  readonly kind: "training-step";
}

/** A workload of programs. */
export type ProgramWorkload = ProgramOf<CollectiveWorkload>;

/** A collective or messages: what starts by itself. */
export type PlainWorkload = CollectiveWorkload | FlowsWorkload;

/** What a single job may be. */
export type JobWorkload = PlainWorkload | ProgrammedWorkload;

/** What programs of ranks drive. */
export type ProgrammedWorkload = ProgramWorkload | TrainingWorkload | TraceWorkload;

/** Several jobs on one fabric. */
export interface JobsWorkload {
  readonly kind: "jobs";
  readonly jobs: readonly JobSpec[];
}

export interface JobSpec {
  readonly name: string;
  /** Ranks of the fabric, by rank of the job. */
  readonly ranks: readonly number[];
  readonly startPs: number;
  /** The run does not wait for it. */
  readonly background: boolean;
  /** Its ranks are those of the job. */
  readonly workload: JobWorkload;
}

export type Algorithm = AlgorithmName;

export interface CollectiveWorkload {
  readonly kind: "collective";
  readonly collective: CollectiveName;
  readonly algorithm: Algorithm;
  /** Of NCCL, whose latency and bandwidth hold; left out for none. */
  readonly protocol?: Protocol;
  /** NCCL's model has chosen algorithm and protocol. */
  readonly isChosen?: true;
  /**
   * Bytes of each rank's buffer, the larger one where that for sending and that for receiving
   * differ. 0 of a barrier.
   */
  readonly sizeBytes: number;
  /** Rank that data comes from or goes to; 0 where there is none. */
  readonly root: number;
  /** Of an all-to-all of unequal sizes; `sizeBytes` is the most that a rank sends then. */
  readonly sizes?: SizeMatrix;
  /** How often it is done, one after the other. */
  readonly repeat: number;
  /** Chunk of its pipeline; null chooses one. */
  readonly chunkBytes: number | null;
  /** Parallel rings of `ring`, each over another NIC of the node; 1 for other algorithms. */
  readonly channels: number;
  /** From a delivery to the chunks that it allows. */
  readonly reductionDelayPs: number;
  /**
   * Groups of ranks that each do it, at the same time, in the order of a ring. Left out: all ranks
   * in order.
   */
  readonly groups?: readonly (readonly number[])[];
  /** Index of its data class; left out for the only one. */
  readonly dataClass?: number;
  /** Traffic beside the collective, which the completion time does not wait for. */
  readonly background?: readonly FlowSpec[];
  /** Where the background came from a file: what tells its content from that of others. */
  readonly backgroundDigest?: string;
}

export interface FlowsWorkload {
  readonly kind: "flows";
  readonly flows: readonly FlowSpec[];
  readonly flowsDigest?: string; // As `backgroundDigest`.
}

/** Ranks are numbers; in custom topologies host names are resolved to them. */
export interface FlowSpec {
  readonly src: number;
  readonly dst: number;
  readonly bytes: number;
  readonly startPs: number;
  /** Flows of the list that it waits for; each ends where this one starts. */
  readonly after?: readonly number[];
  /** Index of its data class; left out for the only one. */
  readonly dataClass?: number;
}

export type { Fault } from "./faults.js";
