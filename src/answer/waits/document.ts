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
  /** The link direction. */
  readonly link: string;
  /** Its number, in order of falling priority. Present where there are several classes. */
  readonly dataClass?: number;
  /** Time paused. */
  readonly pausedNs: number;
  /** Time waited for credit. */
  readonly creditWaitNs: number;
  /** The port that held its packets for longest; null where the root did itself. */
  readonly behind: string | null;
}

/** A flow that waited at ports of the tree. */
export interface WaitingFlow {
  /** Its number. */
  readonly flow: number;
  /** Rank that sends. */
  readonly src: number;
  /** Rank that receives. */
  readonly dst: number;
  /** Over all its queue pairs and all ports of the tree. */
  readonly waitedNs: number;
}

/** Pauses and waits for credit with one root. */
export interface WaitTree {
  /** A link, or a rank whose NIC it is. */
  readonly root: string;
  /** Why the root holds others up. */
  readonly cause: WaitCause;
  /** Time that its ports were paused. */
  readonly pausedNs: number;
  /** Time that its ports waited for credit. */
  readonly creditWaitNs: number;
  /** Its ports, the longest waits first. */
  readonly ports: readonly WaitingPort[];
  /** Further ports. Present where there are more than 200. */
  readonly portsLeftOut?: number;
  /** Flows that waited although no packet of theirs can come by the root; the longest first. */
  readonly victims: readonly WaitingFlow[];
  /** Further victims. Present where there are more than 100. */
  readonly victimsLeftOut?: number;
  /** Flows that waited, and that may use the root. */
  readonly users: number;
}

/** All pauses and waits for credit, by their roots. */
export interface WaitTrees {
  /** Pauses of all ports and data classes. The trees, with those left out, sum to it exactly. */
  readonly pausedNs: number;
  /** Waits for credit, likewise. */
  readonly creditWaitNs: number;
  /** The longest first. */
  readonly trees: readonly WaitTree[];
  /** Further trees. Present where there are more than 50. */
  readonly treesLeftOut?: {
    /** How many. */
    readonly count: number;
    /** Time that their ports were paused. */
    readonly pausedNs: number;
    /** Time that their ports waited for credit. */
    readonly creditWaitNs: number;
  };
}
