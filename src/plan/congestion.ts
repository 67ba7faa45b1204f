/**
 * Congestion control of a plan: the policy and its parameters, in picoseconds, bytes, and bytes per
 * picosecond.
 */
import { CREDIT_QUANTUM_SHIFT } from "./limits.js";

/** DCQCN (Zhu et al., SIGCOMM 2015). */
export interface DcqcnControl {
  readonly kind: "dcqcn";
  /** A receiver notifies a QP's sender at most once in this time. */
  readonly cnpIntervalPs: number;
  /** From the processing of a marked packet to its notification. */
  readonly cnpDelayPs: number;
  /** Weight of a notification in alpha, and of its absence. */
  readonly gain: number;
  readonly initialAlpha: number;
  /** Alpha decays after each such time without a notification. */
  readonly alphaPeriodPs: number;
  /** Least time between two decreases. */
  readonly decreaseIntervalPs: number;
  /** Time and bytes between increases; 0 bytes switches that counter off. */
  readonly timerPs: number;
  readonly byteCounterBytes: number;
  /** Increases up to which the rate goes back half way to its target. */
  readonly fastRecovery: number;
  /** 1: every decrease makes the rate so far the target; 0: only one that follows an increase. */
  readonly clampTarget: number;
  /**
   * 1: notifications of a period count once, at its end, and hyper increase does not grow; 0: each
   * at once.
   */
  readonly periodic: number;
  readonly additiveRate: number;
  readonly hyperRate: number;
  readonly leastRate: number;
}

/** Swift (Kumar et al., SIGCOMM 2020). Windows in packets. */
export interface SwiftControl {
  readonly kind: "swift";
  readonly cnpIntervalPs: 0;
  /** Round trip aimed at by a large window. */
  readonly baseTargetPs: number;
  /**
   * A window of w packets adds flowScalePs / sqrt(w) + flowOffsetPs to it, from 0 to flowRangePs.
   */
  readonly flowScalePs: number;
  readonly flowOffsetPs: number;
  readonly flowRangePs: number;
  readonly additiveIncrease: number;
  readonly beta: number;
  readonly mostDecrease: number;
  readonly leastWindow: number;
  readonly firstWindow: number;
  readonly mostWindow: number;
}

/** NSCC (UEC 1.0). Windows in bytes of payload. */
export interface NsccControl {
  readonly kind: "nscc";
  readonly cnpIntervalPs: 0;
  readonly baseRttPs: number;
  /** Queueing delay aimed at, and below which a queue counts as none. */
  readonly targetPs: number;
  readonly clearPs: number;
  readonly mostWindowBytes: number;
  /** Increase per acknowledged byte, in bytes of window: per ps below the target, and above it. */
  readonly proportional: number;
  readonly fair: number;
  /** Share of the acknowledged bytes that the window gains while there is no queue. */
  readonly fastShare: number;
  readonly eta: number;
  readonly adjustBytes: number;
  readonly adjustPeriodPs: number;
  readonly gamma: number;
  readonly mostDecrease: number;
  readonly delayGain: number;
  readonly adaptDelayPs: number;
  readonly adaptShare: number;
}

/** HPCC (Li et al., SIGCOMM 2019). */
export interface HpccControl {
  readonly kind: "hpcc";
  readonly cnpIntervalPs: 0;
  /** Round trip on an empty network. */
  readonly baseRttPs: number;
  /** The share of a link's rate that is aimed at. */
  readonly utilisation: number;
  /** Additive increases in a row, after which the window is set by what was measured. */
  readonly maxStage: number;
  /** What a round trip adds to the window, as a share of the window at line rate. */
  readonly additiveShare: number;
  readonly leastRate: number;
}

/** RCCC (UEC 1.0): credit from the receiver, counted in wire bytes. */
export interface RcccControl {
  readonly kind: "rccc";
  readonly cnpIntervalPs: 0;
  /** Round trip on an empty network. */
  readonly baseRttPs: number;
  /**
   * Credit that a sender has until it hears from the receiver, in what its link carries in
   * `baseRttPs`.
   */
  readonly speculativeShare: number;
  /** Credit that a sender may ask for beyond what it has spent; likewise. */
  readonly underWayShare: number;
  /** Most credit of one pull, in quanta of 256 bytes. */
  readonly pullQuanta: number;
}

/** Wire bytes that credit is counted in. */
export const CREDIT_QUANTUM_BYTES = 2 ** CREDIT_QUANTUM_SHIFT;

/**
 * Switch ports that a packet can carry the state of: more than a three-tier fabric has on any path.
 */
export const TELEMETRY_HOPS = 6;

export type CongestionControl = DcqcnControl | SwiftControl | NsccControl | HpccControl | RcccControl;
