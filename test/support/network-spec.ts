import type { RangeRouting } from "../../src/plan/fabric.js";
import type {
  EcnMarking,
  FlowControl,
  RoutingPolicyName,
  Transport,
  Watchdog,
  WireFormat,
} from "../../src/plan/plan.js";
import type { Role } from "../../src/plan/programs.js";

/** Dynamic PFC threshold instead of a static `xoffBytes`. */
export const DYNAMIC_XOFF = 0xffffffff;

/** A host: one rank. Its links, in order, are its NICs. */
export type HostId = number;

/** Rules of a switch's ports; a link may override them at its own ports. */
export interface BufferRules {
  readonly reserveBytes: number;
  readonly headroomBytes: number;
  readonly xoffBytes: number;
  readonly alphaShift: number;
  readonly resumeOffsetBytes: number;
  /** Of a lossy switch's egress queue. */
  readonly queueLimitBytes: number;
}

export interface NetworkSwitch extends Partial<BufferRules> {
  readonly id: number;
  /**
   * Its links are on credit, both ways: data class bytes of each receive buffer, and freed bytes
   * that an update tells of. Goes before `lossless`.
   */
  readonly credit?: { readonly bufferBytes: number; readonly updateBytes: number };
  readonly latencyPs?: number;
  readonly bufferBytes?: number;
  /** With PFC: bytes of the buffer that lossy classes have to themselves. */
  readonly lossyBytes?: number;
  /** PFC (default) or tail drop. */
  readonly lossless?: boolean;
  /** Without PFC: pause frames take no effect at its ports. */
  readonly heedless?: boolean | undefined;
  readonly pinDivisor?: number;
  /** Without range routing: seed of what `pinned` takes by address, in place of the divisor. */
  readonly pinSeed?: number | undefined;
  /** Range routing; without it a table of all shortest paths is made. */
  readonly range?: RangeRouting;
}

/** Thresholds in ps of backlog, the same on every link. */
export interface NetworkMarks {
  readonly kminPs: number;
  readonly kmaxPs: number;
  readonly pmax: number;
}

/** A data class, and what it has in place of the rules of all. */
export interface NetworkClass {
  readonly priority: number;
  readonly weight: number;
  readonly rules?: Partial<BufferRules> & {
    /** Where switches with PFC have bytes for such classes. */
    readonly isLossy: boolean;
    readonly dropAlphaNum?: number;
    readonly dropAlphaDen?: number;
    /** In runs with marks. */
    readonly ecn?: NetworkMarks | undefined;
  };
}

/** What a direction is made of. */
export interface NetworkDirection {
  readonly rateBps: number;
  readonly propagationPs: number;
  readonly fecPs?: number;
  readonly mtuBytes?: number;
  /** Expected losses per wire byte; a packet's hazard is this times its size. */
  readonly hazardPerByte?: number;
  readonly retries?: boolean;
  /** When it goes down; never where left out. */
  readonly downAtPs?: number;
}

export interface NetworkLink extends NetworkDirection {
  readonly a: number;
  readonly b: number;
  /** Where the direction from `b` to `a` differs. */
  readonly back?: Partial<NetworkDirection>;
  readonly buffers?: Partial<BufferRules>;
  /** The NIC at its host end is a scale-up NIC: addresses of these are counted apart. */
  readonly isScaleUp?: boolean;
}

export interface NetworkFlow {
  readonly src: HostId;
  readonly dst: HostId;
  /** Bytes of a chunk. */
  readonly bytes: number;
  readonly startPs?: number;
  /** Which NIC of the host, from 0. */
  readonly srcNic?: number;
  readonly dstNic?: number;
  readonly chunks?: number;
  /** Flow's own number where left out. */
  readonly connection?: number;
  /** Between a delivery and the chunks that it allows. */
  readonly delayPs?: number;
  /** 0 where left out. */
  readonly dataClass?: number;
  readonly after?: readonly { readonly flow: number; readonly lag: number }[];
}

/** Communicators, roles and program ranks. */
export interface NetworkPrograms {
  /** Flows of an operation; `after` counts among them. */
  readonly communicators: readonly { readonly flows: readonly NetworkFlow[] }[];
  readonly labels: readonly string[];
  readonly roles: readonly Role[];
  readonly ranks: readonly NetworkProgramRank[];
  /** Program ranks whose timelines are kept, and entries of each. */
  readonly recorded?: readonly number[];
  readonly recordLimit?: number;
}

export interface NetworkProgramRank {
  readonly host: HostId;
  readonly role: number;
  /** Communicator by slot. */
  readonly slots: readonly number[];
  readonly job?: number;
  readonly startPs?: number;
  readonly computeFactor?: number;
  readonly jitter?: number;
}

/** A NIC that takes no data for a time. */
export interface NetworkStall {
  readonly host: HostId;
  /** Which NIC of the host, from 0. */
  readonly nic?: number;
  readonly fromPs: number;
  readonly untilPs: number;
  readonly bufferBytes: number;
}

/** One of the two directions of a link, by the link's place. */
interface ChangedDirection {
  readonly link: number;
  /** That from `b` to `a`. */
  readonly back: boolean;
}

/** What changes in the middle of a run. */
export type NetworkChange =
  | ({
      readonly kind: "link";
      readonly atPs: number;
      readonly rateBps?: number;
      readonly hazardPerByte?: number;
    } & ChangedDirection)
  | ({ readonly kind: "up"; readonly atPs: number; readonly downAtPs: number } & ChangedDirection)
  | {
      /** A switch with a table goes on with some of the ports to an address: bits of `mask`. */
      readonly kind: "route";
      readonly atPs: number;
      /** By place among the switches. */
      readonly switchNumber: number;
      readonly address: number;
      readonly mask: number;
    }
  | { readonly kind: "compute"; readonly atPs: number; readonly programRank: number; readonly factor: number };

/** A small network and what runs on it, as JSON. Everything left out takes a default. */
export interface NetworkSpec {
  readonly hosts: readonly HostId[];
  readonly switches: readonly NetworkSwitch[];
  /** Ports are numbered per device in the order in which the links name it. */
  readonly links: readonly NetworkLink[];
  readonly flows: readonly NetworkFlow[];
  readonly programs?: NetworkPrograms;
  readonly seed?: number;
  /** Consecutive hosts that share a device; 1 where left out. No result depends on it. */
  readonly hostsPerDevice?: number;
  readonly switchesFirst?: boolean;
  readonly wire?: Partial<WireFormat>;
  readonly transport?: Partial<Transport>;
  /**
   * Rates of congestion control by link class of the sender, in turn, relative to those of the
   * transport.
   */
  readonly controlScales?: readonly number[] | undefined;
  readonly routing?: { readonly policy?: RoutingPolicyName; readonly quantumShift?: number };
  readonly flowControl?: Partial<BufferRules> & {
    readonly release?: "start" | "end";
    readonly pauseResponsePs?: number;
    /** A pause lasts the time of these bytes on the direction that it stops. */
    readonly pauseBytes?: number;
    /** Share of that after which it is refreshed; never where 0 or left out. */
    readonly refreshShare?: number;
    /** At all switches with PFC. */
    readonly watchdog?: Omit<Watchdog, "guarded"> | undefined;
    readonly trim?: boolean;
    readonly victim?: FlowControl["victim"];
    readonly dropAlphaNum?: number;
    readonly dropAlphaDen?: number;
    /** Of links on credit: block, update on the wire, and from its arrival to its effect. */
    readonly credit?: { readonly blockBytes: number; readonly updateBytes: number; readonly responsePs: number };
  };
  /** One where left out. Weights are in largest packets. */
  readonly dataClasses?: readonly NetworkClass[];
  readonly ecn?: Pick<EcnMarking, "at"> & NetworkMarks;
  /** Of every NIC, or by host in the order of `hosts`. */
  readonly nicLatencyPs?: number | readonly number[];
  /** Of all NICs, for each message. */
  readonly messageOverheadPs?: number;
  readonly stalls?: readonly NetworkStall[];
  readonly changes?: readonly NetworkChange[];
  /** Infinity where left out. */
  readonly timeLimitPs?: number;
}

/**
 * Parameters of a link in the form of the reference networks: ends, bits per second, one-way delay
 * in ps.
 */
export function link(a: number, b: number, rateBps: number, propagationPs: number): NetworkLink {
  return { a, b, rateBps, propagationPs };
}
