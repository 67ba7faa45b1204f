/** Parameters of congestion control, after parsing. */
export type CongestionControlParams =
  | { readonly kind: "none" }
  | DcqcnParams
  | SwiftParams
  | NsccParams
  | HpccParams
  | RcccParams;

/** Swift; see `SwiftControl`. Null: from the fabric. */
export interface SwiftParams {
  readonly kind: "swift";
  readonly baseRttPs: number | null;
  readonly targetPs: number | null;
  readonly flowRangePs: number | null;
  /** Windows, in packets, at which flow scaling is at its most and at nothing. */
  readonly leastScaled: number;
  readonly mostScaled: number;
  readonly additiveIncrease: number;
  readonly beta: number;
  readonly mostDecrease: number;
  readonly leastWindow: number;
}

/** NSCC; see `NsccControl`. Null: from the fabric. */
export interface NsccParams {
  readonly kind: "nscc";
  readonly baseRttPs: number | null;
  readonly targetPs: number | null;
  /** In bandwidth-delay products. */
  readonly mostWindow: number;
  readonly gamma: number;
  readonly mostDecrease: number;
  readonly delayGain: number;
  readonly adaptShare: number;
}

/** DCQCN; see `DcqcnControl`. */
export interface DcqcnParams {
  readonly kind: "dcqcn";
  readonly cnpIntervalPs: number;
  /** From the processing of a marked packet to its notification. */
  readonly cnpDelayPs: number;
  readonly gain: number;
  readonly initialAlpha: number;
  readonly alphaPeriodPs: number;
  readonly decreaseIntervalPs: number;
  readonly timerPs: number;
  /** 0 for no byte counter. */
  readonly byteCounterBytes: number;
  readonly fastRecovery: number;
  readonly clampTarget: boolean;
  /** Null: a share of the line rate. */
  readonly additiveIncreaseBps: number | null;
  readonly hyperIncreaseBps: number | null;
  readonly leastRateBps: number;
  /** "nic": what came in a period counts once, at its end. */
  readonly variant: "paper" | "nic";
}

/** HPCC; see `HpccControl`. */
export interface HpccParams {
  readonly kind: "hpcc";
  readonly utilisation: number;
  readonly maxStage: number;
  /** Flows that may share a link. */
  readonly flows: number;
  /** Null: the fabric's longest. */
  readonly baseRttPs: number | null;
  readonly leastRateBps: number;
}

/** RCCC; see `RcccControl`. */
export interface RcccParams {
  readonly kind: "rccc";
  /** Null: the fabric's longest. */
  readonly baseRttPs: number | null;
  /** Shares of a bandwidth-delay product. */
  readonly speculative: number;
  readonly underWay: number;
  readonly pullPackets: number;
}
