/** The two ends of a queue pair, and the flows that it waits for. */
import { Packet, Course, Fixed, Derived, Same, List, Instant, Result, Until } from "./roles";

/** The sending half of a QP; belongs to the source's device. */
@unmanaged
export class Sender {
  /** Packet to send next, first unacknowledged, posted so far, one past the highest ever sent. */
  next: Packet<u32> = 0;
  acked: Course<u32> = 0;
  posted: Course<u32> = 0;
  highest: Packet<u32> = 0;
  packetsPerChunk: Fixed<u32> = 0;
  /** Packets left in the chunk that `next` is in, itself included. */
  leftInChunk: Derived<u32> = 0;
  /** Payload of all packets but a chunk's last, and of that. */
  payloadBytes: Fixed<u32> = 0;
  lastPayloadBytes: Fixed<u32> = 0;
  totalPackets: Fixed<u32> = 0;
  /** Its NIC, its place in the send list there, and the address of its data. */
  nic: Same<u32> = 0;
  index: Same<u32> = 0;
  destination: Same<u32> = 0;
  /** Its congestion control record. */
  congestion: Fixed<u32> = 0;
  retries: Same<u32> = 0;
  chunks: Fixed<u32> = 0;
  /** Chunks posted or about to be. */
  scheduled: Course<u32> = 0;
  upstreams: Fixed<u32> = 0;
  upstreamCount: Fixed<u32> = 0;
  started: Same<u16> = 0;
  /** Selective: borders of lost resends above `acked`; the timer has told that the QP is quiet. */
  borderCount: Same<u8> = 0;
  wasQuiet: Same<u8> = 0;
  /**
   * Selective: packets held by the receiver, packets to resend (bitmaps of `mapBits` bits), how
   * many of the latter.
   */
  held: List<u32> = 0;
  resend: List<u32> = 0;
  resendCount: Same<u32> = 0;
  highestHeld: Packet<u32> = 0;
  scanned: Packet<u32> = 0;
  /**
   * Selective: how many packets past the first unacknowledged one the receiver is known to hold.
   */
  heldCount: Same<u32> = 0;
  /** Selective: borders of lost resends (u32, falling), in runs that detect them. */
  borders: List<u32> = 0;
  /** Retransmission deadline; 0 when off. */
  deadlinePs: Instant<u64> = 0;
  /** From a delivery to the chunks that it allows, without the latency of the NIC. */
  delayPs: Fixed<u64> = 0;
  ackedPs: Result<u64> = 0;
}

/** The receiving half of a QP; belongs to the destination's device. */
@unmanaged
export class Receiver {
  expected: Packet<u32> = 0;
  leftInChunk: Derived<u32> = 0;
  packetsPerChunk: Fixed<u32> = 0;
  unanswered: Same<u32> = 0;
  /** A NACK for the packet expected now was sent. */
  nacked: Same<u16> = 0;
  /** A packet with a congestion mark has come since the last answer. */
  marked: Same<u16> = 0;
  delivered: Course<u32> = 0;
  chunks: Fixed<u32> = 0;
  /** Address of the sender: where ACKs go. */
  source: Same<u32> = 0;
  /** Selective: packets placed (bitmap), how many at or beyond `expected`. */
  placed: List<u32> = 0;
  placedCount: Same<u32> = 0;
  dependents: Fixed<u32> = 0;
  dependentCount: Fixed<u32> = 0;
  finishPs: Result<u64> = 0;
  /** No congestion notification before. */
  nextCnpPs: Until<u64> = 0;
}

/** A flow that the owner waits for. */
@unmanaged
export class Upstream {
  flow: Fixed<u32> = 0;
  lag: Fixed<i32> = 0;
}
