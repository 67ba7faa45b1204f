/**
 * Everything a run is made of, resolved to numbers. The loader writes it into the core; the oracle
 * runs it as it stands.
 */
import type { Change } from "./changes.js";
import type { CongestionControl } from "./congestion.js";
import type { Fabric } from "./fabric.js";
import type { FlowGraph } from "./flows.js";
import type { Programs } from "./programs.js";
import type { ReductionPlan } from "./reduction.js";
import type { TimelineEntry } from "./timeline.js";

/** Each has a row in `policies/routing.ts`, and does not compile without. */
export type RoutingPolicyName =
  | "ecmp"
  | "ecmp-qp"
  | "spray"
  | "round-robin"
  | "adaptive"
  | "adaptive-remote"
  | "flowlet"
  | "pinned"
  | "oblivious"
  | "reps"
  | "bitmap"
  | "mixed"
  | "valiant"
  | "ugal-l"
  | "ugal-g"
  | "custom";

/** Wire sizes in bytes. Gap (preamble and inter-packet gap) is on the wire but not in buffers. */
export interface WireFormat {
  readonly headerBytes: number;
  readonly gapBytes: number;
  readonly ackBytes: number;
  readonly pauseBytes: number;
  /** Class that ACK and NACK travel in. */
  readonly ackClass: "control" | "data";
  /** How a fraction of a picosecond of serialization is treated. */
  readonly serialization: "round" | "floor";
}

export interface Transport {
  readonly recovery: "go-back-n" | "selective";
  /** Packets that may be outstanding per QP; 0 for no limit (go-back-n only). */
  readonly windowPackets: number;
  readonly ackEvery: number;
  /** A packet with a congestion mark is answered at once. */
  readonly ackMarked: boolean;
  /** Retransmission timeout at first. */
  readonly rtoPs: number;
  /** It doubles with each timeout in a row, up to this; null: it is always `rtoPs`. */
  readonly mostRtoPs: number | null;
  readonly retryLimit: number;
  /** Selective: a hole this many packets below the highest held one counts as lost. */
  readonly reorderPackets: number;
  /** Selective: whether answers to resends tell of lost resends, or the timer alone does. */
  readonly lostResends: "timeout" | "detect";
  /** `detect`: all that is not held is lost after so long without packet or answer; 0: never. */
  readonly quietPs: number;
  /** Null: only the window limits a sender. */
  readonly congestionControl: CongestionControl | null;
  /**
   * Its parameters by link class of the sending NIC (index as in `Fabric.linkClasses`), where they
   * follow from the rate of the NIC. All agree in what does not: kind, times, what receivers use.
   * Left out where they are the same for all; empty never.
   */
  readonly controlByClass?: readonly CongestionControl[];
}

/** Parameters of congestion control of the QPs whose NIC sends over a link of a class. */
export function controlOf(transport: Transport, linkClass: number): CongestionControl | null {
  return transport.controlByClass?.[linkClass] ?? transport.congestionControl;
}

/** Routing policy and its parameters. */
export interface RoutingParams {
  readonly policy: RoutingPolicyName;
  /**
   * `adaptive`, `adaptive-remote`, `flowlet` and `custom` compare backlogs in units of
   * 2^quantumShift ps.
   */
  readonly quantumShift: number;
  /** Entropy values of a QP that sprays; a power of two. */
  readonly entropies: number;
  /** `reps` draws no new ones for so long after a timeout. */
  readonly freezePs: number;
  /**
   * `flowlet`: the shortest pause after which a QP may change paths, and QPs that a switch can tell
   * apart.
   */
  readonly flowletGapPs: number;
  readonly flowletEntries: number;
  /**
   * `adaptive-remote`: addresses that share advertised queues, and groups of them that a switch
   * port can tell apart.
   */
  readonly groupDivisor: number;
  readonly remoteEntries: number;
  /** `adaptive-remote`: the least quanta of a queue that is advertised, and how often at most. */
  readonly noticeQuanta: number;
  readonly noticeIntervalPs: number;
  /** Present with `custom`. */
  readonly custom?: CustomRouting;
  /** Present with `ugal-l` and `ugal-g`. */
  readonly ugal?: UgalRules;
}

/** When a packet takes a detour (MODEL §9). */
export interface UgalRules {
  /** The excess that the queue of the short way may have, in quanta. */
  readonly biasQuanta: number;
  /** `ugal-g`: how often routers take samples of their queues; else 0. */
  readonly samplePs: number;
}

/** What a custom policy finds besides the decision; the policy itself is given to the run. */
export interface CustomRouting {
  /** Words of state of each switch. */
  readonly stateWords: number;
  /** At most 16 numbers of 32 bits. */
  readonly parameters: readonly number[];
  /** 32 bits that tell this policy, with these parameters, from another. */
  readonly identity: number;
}

/** Of a queue that may hold what tail drop lets it. */
export const NO_QUEUE_LIMIT = 0xffffffff;

/**
 * Buffer rules of one switch port, as an ingress (PFC) and as an egress (ECN), for each data class.
 * Bytes are accounted bytes.
 */
export interface PortBuffers {
  /** Per global port; zero at host ports. */
  readonly reserveBytes: Uint32Array;
  readonly headroomBytes: Uint32Array;
  /** Static XOFF threshold above the reserve; 0xffffffff selects the dynamic one. */
  readonly xoffBytes: Uint32Array;
  /** Dynamic threshold: alpha = 2^-shift. */
  readonly alphaShift: Uint8Array;
  /** Resume when used + this many bytes are at most the threshold. */
  readonly resumeOffsetBytes: Uint32Array;
  /**
   * Of a lossy switch: most that an egress queue may hold; `NO_QUEUE_LIMIT` for what tail drop lets
   * it.
   */
  readonly queueLimitBytes: Uint32Array;
}

/** How long pauses last, by global port. */
export interface PauseTimes {
  /** As an egress: a pause lapses so long after it took effect, in ps; Infinity for never. */
  readonly lastsPs: Float64Array;
  /**
   * As an ingress: from one pause frame to the next while it pauses its peer, in ps; Infinity where
   * it sends but one.
   */
  readonly refreshPs: Float64Array;
}

/** What a switch does about ports that stay paused. */
export interface Watchdog {
  /** By switch number: 1 where it looks after the switch's ports. */
  readonly guarded: Uint8Array;
  /** Time for which a port is paused, with data that waits, before it storms. */
  readonly detectPs: number;
  /** Time without a pause after which it is as before. */
  readonly restorePs: number;
  /** Whether a port that storms drops its data, or sends it in spite of the pause. */
  readonly action: "drop" | "forward";
}

/**
 * Credit-based flow control of links: what may be sent is what the buffer at the other end has room
 * for.
 */
export interface LinkCredit {
  /** Accounted bytes of a block, in which credit is counted. */
  readonly blockBytes: number;
  /** A credit update on the wire, all in all. */
  readonly updateBytes: number;
  /** From an update's arrival to its effect. */
  readonly responsePs: number;
  /**
   * Per global port and data class: blocks of the receive buffer of what arrives there, 0 where
   * that needs no credit; and least freed blocks that an update tells of. All ports of a switch
   * have a buffer, or none; none of a switch with PFC has.
   */
  readonly bufferBlocks: Uint32Array;
  readonly updateBlocks: Uint32Array;
}

/** A NIC that takes no data for a time, and pauses its peer meanwhile. */
export interface NicStall {
  readonly nic: number;
  readonly fromPs: number;
  /** Infinity for ever. */
  readonly untilPs: number;
  /** Accounted bytes that it has room for. */
  readonly bufferBytes: number;
}

export interface FlowControl {
  /**
   * By switch number: true for PFC, false for tail drop, and for switches whose ports have buffers
   * on credit.
   */
  readonly lossless: Uint8Array;
  /**
   * By switch number: bytes of the buffer that are for lossy classes alone; 0 where none is lossy.
   * Left out where no switch has any. Only switches with PFC do.
   */
  readonly lossyBytes?: Float64Array;
  /** By switch number: 1 where pause frames take no effect. Left out where there is none. */
  readonly heedless?: Uint8Array;
  readonly release: "start" | "end";
  readonly pauseResponsePs: number;
  readonly ports: PortBuffers;
  /** Null where a pause holds until it is taken back. */
  readonly pauses: PauseTimes | null;
  readonly watchdog: Watchdog | null;
  /** Tail drop: what does not fit is cut to its header and goes on in the control class. */
  readonly trim: boolean;
  /**
   * Which packet is dropped, or cut: the one that comes; with even odds that one, or the one that
   * waits last; or by the same chance one of all that compete for the same room.
   */
  readonly victim: "arriving" | "random" | "fair";
  /** Tail drop: an egress queue may hold alpha of what is free. */
  readonly dropAlphaNum: number;
  readonly dropAlphaDen: number;
  /** Null where no link is on credit. */
  readonly credit: LinkCredit | null;
}

/**
 * ECN marking by backlog, per link class (index as in `Fabric.linkClasses`), in ps of backlog; null
 * where off.
 */
export interface EcnMarking extends EcnThresholds {
  /**
   * When a packet is queued, by the backlog it meets, or when its transmission starts, by the queue
   * it leaves behind.
   */
  readonly at: "enqueue" | "dequeue";
}

/** By link class, in ps of backlog; Infinity where nothing is marked. */
export interface EcnThresholds {
  readonly kminPs: Float64Array;
  readonly kmaxPs: Float64Array;
  /** Probability gained per ps between the two: pmax / (kmaxPs - kminPs). */
  readonly slope: Float64Array;
}

/**
 * Loss hazard -ln(1 - FLR) by wire size in bytes, per link class; null where a class has no loss.
 */
export type HazardTables = readonly (Float64Array | null)[];

/** A data class: of a virtual lane on links with credit, of a priority of PFC on others. */
export interface DataClass {
  /** A port sends of a lower one only what those above leave. */
  readonly priority: number;
  /**
   * Wire bytes that it may send before others of its priority have a turn: its weight times the
   * largest packet.
   */
  readonly turnBytes: number;
  /** Present in all classes, or in none. */
  readonly rules?: ClassRules;
}

/** What a data class has in place of the rules that all have. Those of a lane are its class's. */
export interface ClassRules {
  /** It is dropped rather than paused: at the switches that `FlowControl.lossyBytes` names. */
  readonly isLossy: boolean;
  /** In place of `FlowControl.ports`. */
  readonly ports: PortBuffers;
  /** In place of what `FlowControl` has. */
  readonly dropAlphaNum: number;
  readonly dropAlphaDen: number;
  /** In place of those of `RunPlan.ecn`; null where that has none. */
  readonly ecn: EcnThresholds | null;
}

export interface RunPlan {
  readonly seed: number;
  readonly fabric: Fabric;
  readonly flows: FlowGraph;
  readonly wire: WireFormat;
  readonly transport: Transport;
  readonly routing: RoutingParams;
  readonly flowControl: FlowControl;
  /** One to eight, in order of falling priority; which one a flow is of, it says itself. */
  readonly dataClasses: readonly DataClass[];
  readonly ecn: EcnMarking | null;
  readonly hazards: HazardTables;
  /** What ranks do besides what the flow graph says by itself; left out where there is nothing. */
  readonly programs?: Programs;
  /** By NIC: latency of each direction. */
  readonly nicLatencyPs: Float64Array;
  /** Operations that switches reduce and copy; left out where there are none. */
  readonly reduction?: ReductionPlan;
  /** By NIC: time of a QP for each message; left out where there is none. */
  readonly messageOverheadPs?: Float64Array;
  /**
   * What happens to links and NICs, in the order of the scenario. It is folded into the classes of
   * links and into `stalls`, which is what the core reads.
   */
  readonly timeline: readonly TimelineEntry[];
  /** In the order of their instants; left out where there are none. */
  readonly changes?: readonly Change[];
  /** At most one of each NIC. */
  readonly stalls: readonly NicStall[];
  /** The run is cut off here; Infinity for none. */
  readonly timeLimitPs: number;
}
