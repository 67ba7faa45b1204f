/** A NIC and the lists of what it will do. */
import { Fixed, Same, List, Derived, Instant } from "./roles";

/** QPs of one of several data classes that send from a NIC. */
@unmanaged
export class NicClass {
  /** In the NIC's send list: the first, and one past the last. */
  first: Fixed<u32> = 0;
  end: Fixed<u32> = 0;
  /** The one served last; `end - 1` at first. */
  lastServed: Same<u32> = 0;
  padding0: u32 = 0;
}


@unmanaged
export class Nic {
  /** Address of its `Port`. */
  port: Fixed<u32> = 0;
  device: Fixed<u32> = 0;
  latencyPs: Fixed<u32> = 0;
  /** Its `Stall`; 0 for none. */
  stall: Fixed<u32> = 0;
  /** Time of a QP for each message. */
  messageOverheadPs: Fixed<u32> = 0;
  padding0: u32 = 0;
  /**
   * QPs that send from here at some time (u32 flow numbers, ascending), and the bitmap of those
   * that are here and sendable.
   */
  sendList: Fixed<u32> = 0;
  sendCount: Fixed<u32> = 0;
  sendable: List<u32> = 0;
  sendableCount: Same<u32> = 0;
  /** Index in the send list of the QP served last; `sendCount - 1` at first. */
  lastServed: Same<u32> = 0;
  /**
   * Flow starts in order of time, up to `endStarts`: the next to start, and the next whose first
   * chunks become sendable.
   */
  nextStart: Same<u32> = 0;
  nextFirstPost: Same<u32> = 0;
  endStarts: Fixed<u32> = 0;
  /** Posts that wait for their time: a queue of `Post` records. */
  postHead: List<u32> = 0;
  postTail: List<u32> = 0;
  postCount: Same<u32> = 0;
  /** Bit of this NIC in its device's bitmap. */
  index: Fixed<u32> = 0;
  /** Heap of the QPs that wait for the time of their next packet (`Paced`), and their number. */
  paced: List<u32> = 0;
  pacedCount: Same<u32> = 0;
  /** No later than the earliest retransmission deadline of its QPs. */
  timerAtPs: Derived<u64> = 0;
  /**
   * The earliest of start, post, what pauses need (nic/pauses.ts), timer, paced QP, CNP and grant.
   */
  nextEventPs: Derived<u64> = 0;
}

export enum StallState {
  Before = 0,
  Stalled = 1,
  Over = 2,
}

/** A time in which a NIC takes no packets of the data class. All ones for never. */
@unmanaged
export class Stall {
  fromPs: Fixed<u64> = 0;
  untilPs: Fixed<u64> = 0;
  /** From one pause frame to the next, and when that is due. */
  refreshPs: Fixed<u64> = 0;
  refreshAtPs: Instant<u64> = 0;
  /** The port falls free then, and a frame waits for it. */
  frameAtPs: Instant<u64> = 0;
  /** A `StallState`. */
  state: Same<u32> = 0;
  /** Address of the `Nic`. */
  nic: Fixed<u32> = 0;
  /** Packets that have come meanwhile: first and last record, and their number. */
  heldHead: List<u32> = 0;
  heldTail: List<u32> = 0;
  heldCount: Same<u32> = 0;
  /** Accounted bytes of these, and how many there may be. */
  heldBytes: Same<u32> = 0;
  bufferBytes: Fixed<u32> = 0;
  padding0: u32 = 0;
}

/** CNPs of a NIC that wait for their time: a queue of `DueCnp` records. */
@unmanaged
export class DueCnps {
  head: List<u32> = 0;
  tail: List<u32> = 0;
  count: Same<u32> = 0;
  padding0: u32 = 0;
}

/** A CNP to the sender of a flow. The tag of the packet that caused it lies beside the record. */
@unmanaged
export class DueCnp {
  timePs: Instant<u64> = 0;
  flow: Same<u32> = 0;
  padding0: u32 = 0;
}

/** A QP that waits for the time of its next packet. */
@unmanaged
export class Paced {
  timePs: Instant<u64> = 0;
  /** Place of the QP among those of its NIC: breaks ties. */
  index: Same<u32> = 0;
  flow: Same<u32> = 0;
}


@unmanaged
export class Start {
  timePs: Fixed<u64> = 0;
  flow: Fixed<u32> = 0;
  /** Chunks that were allowed when the flow started. */
  chunks: Same<u32> = 0;
}

/** Chunks of a flow that become sendable at a time. */
@unmanaged
export class Post {
  timePs: Instant<u64> = 0;
  flow: Same<u32> = 0;
  chunks: Same<u32> = 0;
}
