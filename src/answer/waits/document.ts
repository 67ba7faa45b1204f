/** What a result says of where pauses and waits for credit came from (docs/MODEL.md §14). */

/** Why a root holds others up. */
export type WaitCause =
  /** A NIC that takes in no data for a time. */
  | "stalled-nic"
  /** The link to a NIC, which is slower than those to others. */
  | "slow-receiver"
  /** A port that sends all the time, and for which more comes than it can send. */
  | "hot-egress"
  /** Credit comes back too late: the buffer is small for the length of the link. */
  | "credit-loop"
  /** Ports that wait for each other in a circle. */
  | "deadlock";

/** A port that waited, and for what. */
export interface WaitingPort {
  readonly link: string;
  /** Its number, in order of falling priority; where there are several. */
  readonly dataClass?: number;
  readonly pausedNs: number;
  readonly creditWaitNs: number;
  /** The port that held its packets for longest; null where the root did itself. */
  readonly behind: string | null;
}

/** A flow that waited at ports of the tree. */
export interface WaitingFlow {
  readonly flow: number;
  readonly src: number;
  readonly dst: number;
  /** Over all its queue pairs and all ports of the tree. */
  readonly waitedNs: number;
}

export interface WaitTree {
  /** A link, or a rank whose NIC it is. */
  readonly root: string;
  readonly cause: WaitCause;
  readonly pausedNs: number;
  readonly creditWaitNs: number;
  /** The longest first. */
  readonly ports: readonly WaitingPort[];
  readonly portsLeftOut?: number;
  /** Flows that waited although no packet of theirs can come by the root; the longest first. */
  readonly victims: readonly WaitingFlow[];
  readonly victimsLeftOut?: number;
  /** Flows that waited, and that may use the root. */
  readonly users: number;
}

export interface WaitTrees {
  /** Of all ports and data classes. The trees, with those left out, sum to it exactly. */
  readonly pausedNs: number;
  readonly creditWaitNs: number;
  /** The longest first. */
  readonly trees: readonly WaitTree[];
  readonly treesLeftOut?: { readonly count: number; readonly pausedNs: number; readonly creditWaitNs: number };
}
