/**
 * A port: what every packet needs (hot), the rest (cold), and what optional mechanisms keep beside
 * it.
 */
import { Until, Same, List, Fixed, Result, Total, Budget, Instant, Course } from "./roles";

/**
 * What every packet of a port touches: one cache line.
 *
 *      0  busyUntilPs         8  queuedPs
 *     16  dataHead           20  dataTail      24  controlHead   28  heldBytes
 *     32  heldAccount        34  paused        35  flags         36  psPerByte
 *     40  peer               44  delayPs       48  chargedBytes  52  backlogMark
 *     56  txBytes
 */
@unmanaged
export class Port {
  /** End of the last transmission that was started; before any, -1. */
  busyUntilPs: Until<i64> = 0;
  /** Serialization of everything queued, all classes. */
  queuedPs: Same<u64> = 0;
  /** First and last record of the data queue, and first of the control queue; 0 when empty. */
  dataHead: List<u32> = 0;
  dataTail: List<u32> = 0;
  controlHead: List<u32> = 0;
  /** Accounted bytes of the packet in transmission that are still charged (release at the end). */
  heldBytes: Same<u32> = 0;
  /** Whose account they are on: local port and data class (port/lanes.ts). */
  heldAccount: Same<u16> = 0;
  /** The data class of this egress may not start: a `Hold`. */
  paused: Same<u8> = 0;
  /** `PortFlag`s. */
  flags: Fixed<u8> = 0;
  /**
   * Serialization of one byte in ps: the numerator of psPerByte / psPerByteDen, in lowest terms.
   */
  psPerByte: Fixed<u32> = 0;
  /** The peer: its device (21 bits) above its local port in its place in an inbox key (11 bits). */
  peer: Fixed<u32> = 0;
  /** From the end of a packet's transmission to its effect at the peer. */
  delayPs: Fixed<u32> = 0;
  /**
   * Lossless switch: bytes charged to this ingress outside headroom. Lossy switch, or lossy class
   * of a lossless one: data bytes at this egress.
   */
  chargedBytes: Same<u32> = 0;
  /** Largest backlog so far, in units of 1024 ps: most packets need not look further. */
  backlogMark: Result<u32> = 0;
  txBytes: Total<u64> = 0;
}

export enum PortFlag {
  /** Frames can be lost on the way: by bit errors, or because the link goes down. */
  Lossy = 1,
  /** psPerByteDen is not 1. */
  Fractional = 2,
  /** Lost frames are repeated on the link. */
  Retries = 4,
  /** The data class is sent on credit. */
  OnCredit = 8,
  /** What arrives comes on credit. */
  GivesCredit = 16,
  /** Data packets are marked when their transmission starts. */
  MarksAtStart = 32,
  /** `PortExtra.farPs` is not 0. */
  Far = 64,
  /** Pause frames take no effect. */
  Heedless = 128,
}

/** Why packets of the data class may not start at a port. */
export enum Hold {
  None = 0,
  /** The peer has paused it. */
  Paused = 1,
  /** The one in turn has too little credit, and no update has come since. */
  Credit = 2,
}

/** How ports choose between several data classes. */
@unmanaged
export class DataClass {
  /** Wire bytes that it may send in a turn. */
  turnBytes: Fixed<u32> = 0;
  /** A bit for each class of its priority. */
  peers: Fixed<u32> = 0;
  /** Share of what is free that an egress queue may hold, where tail drop decides. */
  dropAlphaNum: Fixed<u32> = 0;
  dropAlphaDen: Fixed<u32> = 0;
}

/** The queue of one of several data classes at a port. */
@unmanaged
export class ClassQueue {
  /** Serialization of what is queued. */
  queuedPs: Same<u64> = 0;
  /** Wire bytes that it may still send in its turn; below 0 what it has sent too much. */
  balance: Same<i32> = 0;
  /** Of the first class of a priority: the one of them that has the turn. */
  turn: Same<u32> = 0;
}

/** What a port needs seldom. */
@unmanaged
export class PortExtra {
  psPerByteDen: Fixed<u32> = 0;
  controlTail: List<u32> = 0;
  /**
   * From the end of the transmission of a pause frame, or credit update, to its effect at the peer.
   */
  pauseDelayPs: Fixed<u32> = 0;
  /** As an ingress: bytes in headroom. */
  headroomUsed: Same<u32> = 0;
  /** This ingress has told its peer to pause. */
  pausing: Same<u32> = 0;
  /** Pause and resume frames that wait for the port, which alternate; or the one credit update. */
  framesWaiting: Same<u32> = 0;
  firstFrameIsPause: Same<u32> = 0;
  /** Most accounted bytes that can arrive here in one window. */
  windowBytes: Fixed<u32> = 0;
  maxBacklogPs: Result<u64> = 0;
  reserveBytes: Fixed<u32> = 0;
  headroomBytes: Fixed<u32> = 0;
  /** Static XOFF above the reserve; all ones selects the dynamic threshold. */
  xoffBytes: Fixed<u32> = 0;
  alphaShift: Fixed<u32> = 0;
  resumeOffsetBytes: Fixed<u32> = 0;
  ecnDraws: Same<u32> = 0;
  ecnKminPs: Fixed<f64> = 0;
  ecnKmaxPs: Fixed<f64> = 0;
  ecnSlope: Fixed<f64> = 0;
  /** Hazard left until the next lost frame, in units of 2^-58. */
  lossBudget: Budget<u64> = 0;
  lossDraws: Same<u32> = 0;
  /** From the end of a lost frame to its repetition. */
  retryPs: Fixed<u32> = 0;
  victimDraws: Same<u32> = 0;
  /** Address of the hazard (u64, units of 2^-58) by wire bytes; 0 where there is none. */
  hazard: Fixed<u32> = 0;
  pausedSincePs: Instant<u64> = 0;
  pausedPs: Total<u64> = 0;
  longestPausePs: Result<u64> = 0;
  ecnMarked: Total<u64> = 0;
  droppedCrc: Total<u64> = 0;
  droppedCongestion: Total<u64> = 0;
  pausesSent: Total<u64> = 0;
  /** The direction goes down then; all ones for never. */
  downAtPs: Fixed<u64> = 0;
  droppedLinkDown: Total<u64> = 0;
  /** End of the transmission during which packets found no room here, and how many did. */
  contestEndPs: Until<u64> = 0;
  contenders: Same<u32> = 0;
  /**
   * As an egress of a lossy switch: most bytes that its queue may hold; all ones where tail drop
   * decides alone.
   */
  queueLimitBytes: Fixed<u32> = 0;
  /** One-way delay of the medium beyond what `Port.delayPs`, `pauseDelayPs` and `retryPs` hold. */
  farPs: Fixed<u64> = 0;
  /** End of the transmission of the first frame that `droppedCrc` counts; 0 while there is none. */
  firstCrcPs: Result<u64> = 0;
}

/** When pauses end or are gone on with, and what a watchdog knows of them. All ones for never. */
@unmanaged
export class PauseClock {
  /** As an egress: how long a pause lasts, and when the one that is on lapses. */
  lastsPs: Fixed<u64> = 0;
  lapsesAtPs: Instant<u64> = 0;
  /** As an ingress: from one pause frame to the next, and when that is due. */
  refreshPs: Fixed<u64> = 0;
  refreshAtPs: Instant<u64> = 0;
  /** Watchdog: when the port storms, and when it is restored. */
  stormAtPs: Instant<u64> = 0;
  restoreAtPs: Instant<u64> = 0;
  droppedWatchdog: Total<u64> = 0;
  storming: Same<u32> = 0;
  /** While it storms: its peer wants it paused. */
  peerPauses: Same<u32> = 0;
}

/** Of a port in runs with links on credit. Blocks are counted since the beginning. */
@unmanaged
export class LinkCredit {
  /** As a sender: blocks sent, and how many may have been. */
  sentBlocks: Course<u64> = 0;
  limitBlocks: Course<u64> = 0;
  /** As a receiver: the same for the peer, and what it was told of that. */
  allowedBlocks: Course<u64> = 0;
  toldBlocks: Course<u64> = 0;
  /** Least blocks that an update tells of. */
  updateBlocks: Fixed<u32> = 0;
  padding0: u32 = 0;
  waitingSincePs: Instant<u64> = 0;
  waitPs: Total<u64> = 0;
  longestWaitPs: Result<u64> = 0;
}
