/** What can go wrong, as it is after parsing. Times are on the clock of the simulation. */

/** Devices by name as `heddle topo --list` prints them: `leaf-3`, `gpu-17`. */
export interface LinkName {
  readonly from: string;
  readonly to: string;
  /** Which of several parallel links, from 0. */
  readonly index: number;
}

/** When a fault begins and ends. */
export interface Span {
  readonly startPs: number;
  /** Infinity for never. */
  readonly untilPs: number;
}

/** A link direction, or both, made worse. */
export interface DegradedLink extends LinkName {
  readonly kind: "degraded-link";
  readonly direction: "forward" | "both";
  readonly ber: number | null;
  readonly frameLossRatio: number | null;
  readonly rateBps: number | null;
  /** Left out: from the start, for ever. */
  readonly span?: Span;
}

/** A link that carries nothing from a time on. */
export interface LinkDown extends LinkName {
  readonly kind: "link-down";
  readonly startPs: number;
  /** Left out: for ever. */
  readonly untilPs?: number;
}

/** A link that goes down and comes back several times. */
export interface LinkFlap extends LinkName {
  readonly kind: "link-flap";
  /** Times at which it goes down and comes back, in order. */
  readonly outages: readonly Span[];
}

/** A value over time: linear between points, constant before the first and after the last. */
export type Profile = readonly (readonly [atPs: number, value: number])[];

/** An optic whose errors follow from its temperature, and from dirt. */
export interface OpticDrift extends LinkName {
  readonly kind: "optic-drift";
  readonly direction: "forward" | "both";
  /** Bit error ratio before correction at 25 °C, clean. */
  readonly ber: number;
  /** What the signal-to-noise ratio loses per degree, in dB. */
  readonly snrSlopeDbPerC: number;
  /** In thousandths of a degree Celsius. */
  readonly temperature: Profile;
  /** In thousandths of a decibel of light. */
  readonly contamination: Profile;
  /** Time after which the errors are looked at anew. */
  readonly stepPs: number;
}

/** A link that drops packets with more payload. */
export interface MtuMismatch extends LinkName, Span {
  readonly kind: "mtu-mismatch";
  readonly direction: "forward" | "both";
  readonly mtuBytes: number;
}

/** A switch all of whose links are down. */
export interface SwitchDown extends Span {
  readonly kind: "switch-down";
  readonly switch: string;
}

/** A switch that marks nothing. */
export interface EcnOff extends Span {
  readonly kind: "ecn-off";
  readonly switch: string;
}

/** A switch that neither sends nor heeds pauses, for the whole run. */
export interface PfcOff {
  readonly kind: "pfc-off";
  readonly switch: string;
}

/** A switch with another headroom than its links need, for the whole run. */
export interface WrongHeadroom {
  readonly kind: "wrong-headroom";
  readonly switch: string;
  readonly headroomBytes: number;
}

/** A NIC that takes no data from a time on, and pauses its leaf. */
export interface NicStallFault {
  readonly kind: "nic-stall";
  /** Name of the rank. */
  readonly host: string;
  readonly startPs: number;
  /** Infinity for ever. */
  readonly untilPs: number;
  readonly bufferBytes: number;
}

/** A NIC that sends and takes in data at a lower rate. */
export interface NicSlow extends Span {
  readonly kind: "nic-slow";
  readonly host: string;
  readonly rateBps: number;
}

/** A rank that computes slower. */
export interface Straggler extends Span {
  readonly kind: "straggler";
  readonly host: string;
  readonly factor: number;
}

/** Two cables whose far ends are plugged in at each other's places, for the whole run. */
export interface SwappedCables {
  readonly kind: "swapped-cables";
  readonly a: LinkName;
  readonly b: LinkName;
}

export type LinkFault = DegradedLink | LinkDown | LinkFlap | OpticDrift | MtuMismatch;
export type SwitchFault = SwitchDown | EcnOff | PfcOff | WrongHeadroom;
export type HostFault = NicStallFault | NicSlow | Straggler;
/** One entry of `faults`: of a link, a switch, a host, or of two cables. */
export type Fault = LinkFault | SwitchFault | HostFault | SwappedCables;
