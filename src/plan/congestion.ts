/** Congestion control of a plan: the policy and its parameters, in picoseconds, bytes, and bytes per picosecond. */

/** DCQCN (Zhu et al., SIGCOMM 2015). */
export interface DcqcnControl {
  readonly kind: "dcqcn";
  /** A receiver notifies a QP's sender at most once in this time. */
  readonly cnpIntervalPs: number;
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
  readonly additiveRate: number;
  readonly hyperRate: number;
  readonly leastRate: number;
}

export type CongestionControl = DcqcnControl;
