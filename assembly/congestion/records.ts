/** State and parameters of each congestion control. */
import { Course, Same, Fixed, Until, Instant, Packet } from "../memory/structs/roles";
import { Tag } from "../memory/structs/tag";

/** The tag where receivers grant credit. All in quanta since the QP's beginning. */
@unmanaged
export class CreditTag extends Tag {
  /** What the sender has spent, this packet included. */
  spent: Course<u64> = 0;
  /** What it would have spent once everything posted has been sent. */
  wanted: Course<u64> = 0;
  /** What it had been granted; on the way back, what the receiver has granted. */
  granted: Course<u64> = 0;
}

/** What every congestion control policy keeps of a QP; its own state follows. */
@unmanaged
export class Congestion {
  /** Payload bytes that may be under way. */
  windowBytes: Same<f64> = 0;
  /** Payload of a full packet. */
  packetBytes: Fixed<f64> = 0;
  /** Serialization of one byte on the NIC's link: the line rate. */
  linePsPerByte: Fixed<f64> = 0;
  /** The next packet starts no sooner. */
  nextSendPs: Until<u64> = 0;
  /** It waits for that time, in its NIC's heap. */
  paced: Same<u32> = 0;
  /** Address of the parameters that hold at the rate of its NIC. */
  parameters: Fixed<u32> = 0;
}

/** The table of parameters: from one record to the next, whatever the policy. */
export enum ControlTable {
  RecordBytes = 256,
}

/** Rates are in bytes per picosecond. */
@unmanaged
export class Dcqcn extends Congestion {
  currentRate: Same<f64> = 0;
  targetRate: Same<f64> = 0;
  alpha: Same<f64> = 0;
  /** When alpha decays and when the rate increases next; all ones before the first notification. */
  alphaAtPs: Instant<u64> = 0;
  increaseAtPs: Instant<u64> = 0;
  /** Expiries of the timer and of the byte counter since the last decrease. */
  timerStage: Same<u32> = 0;
  byteStage: Same<u32> = 0;
  sentBytes: Same<f64> = 0;
  /**
   * No decrease before; where notifications are counted by the period, the next decrease, all ones
   * while none is due.
   */
  nextDecreasePs: Instant<u64> = 0;
  /** The first notification, at which the periods of decreases begin. */
  firstPs: Instant<u64> = 0;
  /** Notified since alpha's timer went off. */
  alphaNotified: Same<u64> = 0;
}


@unmanaged
export class DcqcnParameters {
  /** Weight of a notification in alpha. */
  gain: Fixed<f64> = 0;
  initialAlpha: Fixed<f64> = 0;
  alphaPeriodPs: Fixed<u64> = 0;
  decreaseIntervalPs: Fixed<u64> = 0;
  timerPs: Fixed<u64> = 0;
  /** Bytes between increases; 0 switches the counter off. */
  byteCounterBytes: Fixed<f64> = 0;
  /** Expiries up to which increases are fast recovery. */
  fastRecovery: Fixed<u32> = 0;
  /** 1: a decrease makes the rate so far the target. 0: only the first in a row does. */
  clampTarget: Fixed<u32> = 0;
  /** 1: what came in a period counts once, at its end. */
  periodic: Fixed<u64> = 0;
  additiveRate: Fixed<f64> = 0;
  hyperRate: Fixed<f64> = 0;
  leastRate: Fixed<f64> = 0;
}


@unmanaged
export class Swift extends Congestion {
  /** The last round trip. */
  delayPs: Same<f64> = 0;
  /** No decrease before. */
  nextDecreasePs: Until<u64> = 0;
}


@unmanaged
export class SwiftParameters {
  /** Round trip aimed at by a large window. */
  baseTargetPs: Fixed<f64> = 0;
  /** What a small window adds to it: scale / sqrt(window in packets) + offset, from 0 to range. */
  flowScalePs: Fixed<f64> = 0;
  flowOffsetPs: Fixed<f64> = 0;
  flowRangePs: Fixed<f64> = 0;
  /** Packets that the window gains in a round trip. */
  additiveIncrease: Fixed<f64> = 0;
  /** Weight of the excess delay in a decrease, and the largest decrease. */
  beta: Fixed<f64> = 0;
  mostDecrease: Fixed<f64> = 0;
  /** In packets. */
  leastWindow: Fixed<f64> = 0;
  firstWindow: Fixed<f64> = 0;
  mostWindow: Fixed<f64> = 0;
}


@unmanaged
export class Nscc extends Congestion {
  /** Moving average of the queueing delay. */
  averagePs: Same<f64> = 0;
  /**
   * Increase that is due, in bytes times bytes of window, and payload acknowledged since the last
   * one was made.
   */
  increase: Same<f64> = 0;
  sinceBytes: Same<f64> = 0;
  adjustedAtPs: Instant<u64> = 0;
  nextDecreasePs: Until<u64> = 0;
  /** Payload acknowledged with hardly any queue in a row. */
  clearBytes: Same<f64> = 0;
  /** Quick adapt: end of the period, payload acknowledged in it, and whether a packet was lost. */
  periodEndPs: Instant<u64> = 0;
  achievedBytes: Same<f64> = 0;
  /**
   * Bytes under way at the last quick adapt, whose marks say nothing new, and how many of them were
   * acknowledged.
   */
  staleBytes: Same<f64> = 0;
  ignoredBytes: Same<f64> = 0;
  lost: Same<u32> = 0;
  padding1: u32 = 0;
}


@unmanaged
export class NsccParameters {
  baseRttPs: Fixed<f64> = 0;
  /** Queueing delay aimed at. */
  targetPs: Fixed<f64> = 0;
  /** Below this a queue counts as none. */
  clearPs: Fixed<f64> = 0;
  mostWindowBytes: Fixed<f64> = 0;
  /**
   * Proportional increase per byte and ps below the target, fair increase per byte, in bytes of
   * window.
   */
  proportional: Fixed<f64> = 0;
  fair: Fixed<f64> = 0;
  /** Share of the acknowledged bytes that the window gains while there is no queue. */
  fastShare: Fixed<f64> = 0;
  /** Bytes that the window gains in each adjustment period. */
  eta: Fixed<f64> = 0;
  adjustBytes: Fixed<f64> = 0;
  adjustPeriodPs: Fixed<u64> = 0;
  /** Weight of the excess delay in a decrease, and the largest decrease. */
  gamma: Fixed<f64> = 0;
  mostDecrease: Fixed<f64> = 0;
  delayGain: Fixed<f64> = 0;
  /**
   * Quick adapt: queueing delay that triggers it, and the largest achieved share of the window at
   * which it acts.
   */
  adaptDelayPs: Fixed<f64> = 0;
  adaptShare: Fixed<f64> = 0;
}

/** `Run.telemetryHops` of `Hop` follow: what the ports of the path said last. */
@unmanaged
export class Hpcc extends Congestion {
  /** The window that it is reckoned from for a round trip, in bytes. */
  referenceBytes: Same<f64> = 0;
  /** Bytes per picosecond. */
  rate: Same<f64> = 0;
  /** Bytes under way relative to what the path holds without a queue. */
  inflight: Same<f64> = 0;
  /** Additive increases since the last multiplicative one. */
  stage: Same<u32> = 0;
  /** An answer that acknowledges more than this ends a round trip. */
  roundEnd: Packet<u32> = 0;
  hopCount: Same<u32> = 0;
  /** An answer has come. */
  started: Same<u32> = 0;
}


@unmanaged
export class HpccParameters {
  /** Round trip on an empty network. */
  baseRttPs: Fixed<f64> = 0;
  /** The share of a link's rate that is aimed at. */
  utilisation: Fixed<f64> = 0;
  /** Additive increases in a row. */
  maxStage: Fixed<u32> = 0;
  padding0: u32 = 0;
  /** What a round trip adds to the window, as a share of the window at line rate. */
  additiveShare: Fixed<f64> = 0;
  /** Bytes per picosecond. */
  leastRate: Fixed<f64> = 0;
}

/** `windowBytes` is 0 while the QP has no credit, and without limit while it has. */
@unmanaged
export class Rccc extends Congestion {
  /** Wire bytes sent so far, and what was forfeited. */
  spentBytes: Course<u64> = 0;
  /** In quanta since the QP's beginning. */
  granted: Course<u64> = 0;
  /** Of that, credit that nobody granted; it ends when the receiver is heard first. */
  speculative: Fixed<u64> = 0;
  /** More is never asked for beyond what was spent. */
  mostWantedBytes: Fixed<u64> = 0;
}


@unmanaged
export class RcccParameters {
  /** Round trip on an empty network. */
  baseRttPs: Fixed<f64> = 0;
  /**
   * What a sender may have unasked, and what a receiver has under way, in baseRttPs of the line
   * rate.
   */
  speculativeShare: Fixed<f64> = 0;
  underWayShare: Fixed<f64> = 0;
}

/** How a NIC grants credit to the QPs that send to it. */
@unmanaged
export class Granter {
  /** When it grants next; all ones while it has nobody or nothing to grant. */
  turnPs: Instant<u64> = 0;
  /** Its grants so far take its link until then. */
  paidPs: Until<u64> = 0;
  /** Packets that were sent unasked may take it until then. */
  bookedPs: Until<u64> = 0;
  /** Of these, in quanta, and how much of it makes grants wait. */
  stillToCome: Same<u64> = 0;
  mostUnderWay: Fixed<u64> = 0;
  /** Granted to a QP beyond what it wants, at most. */
  spare: Fixed<u64> = 0;
  quantumPs: Fixed<f64> = 0;
  /**
   * Queues of QPs, first and last as number + 1: those that want credit, and those that may get
   * some to spare.
   */
  wantingFirst: Same<u32> = 0;
  wantingLast: Same<u32> = 0;
  sparingFirst: Same<u32> = 0;
  sparingLast: Same<u32> = 0;
}

/** The credit of a QP as its receiver sees it, in quanta since the QP's beginning. */
@unmanaged
export class Grant {
  spent: Course<u64> = 0;
  wanted: Course<u64> = 0;
  granted: Course<u64> = 0;
  /** The sender's speculative credit, once a packet of the QP was heard of. */
  unasked: Course<u64> = 0;
  /** The QP behind it in either queue, as number + 1, and whether it is in that queue. */
  wantingNext: Same<u32> = 0;
  sparingNext: Same<u32> = 0;
  isWanting: Same<u32> = 0;
  isSparing: Same<u32> = 0;
  /** Whether a packet of the QP was heard of. */
  isHeard: Same<u32> = 0;
  padding0: u32 = 0;
}
