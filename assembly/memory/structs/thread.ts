/** What each thread of a run has of its own. */
import { Total, Course, Result, Derived, Fixed } from "./roles";

/**
 * One thread's counters and the places of what it alone writes. The sums over all threads are those
 * of the run.
 */
@unmanaged
export class Thread {
  hops: Total<u64> = 0;
  dataHops: Total<u64> = 0;
  dataSent: Total<u64> = 0;
  retransmitted: Total<u64> = 0;
  dataDelivered: Total<u64> = 0;
  acksSent: Total<u64> = 0;
  acksReceived: Total<u64> = 0;
  nacksSent: Total<u64> = 0;
  timeouts: Total<u64> = 0;
  droppedCongestion: Total<u64> = 0;
  droppedCrc: Total<u64> = 0;
  droppedOrdering: Total<u64> = 0;
  pausesSent: Total<u64> = 0;
  resumesSent: Total<u64> = 0;
  ecnMarked: Total<u64> = 0;
  cnpsSent: Total<u64> = 0;
  cnpsReceived: Total<u64> = 0;
  /** Data packets cut to their headers, and those headers received. */
  trimmed: Total<u64> = 0;
  trimmedReceived: Total<u64> = 0;
  replays: Total<u64> = 0;
  pullsSent: Total<u64> = 0;
  pullsReceived: Total<u64> = 0;
  droppedLinkDown: Total<u64> = 0;
  /** Data packets that came while an earlier one was missing. */
  outOfOrder: Total<u64> = 0;
  refreshesSent: Total<u64> = 0;
  pausesLapsed: Total<u64> = 0;
  storms: Total<u64> = 0;
  droppedWatchdog: Total<u64> = 0;
  creditUpdatesSent: Total<u64> = 0;
  noticesSent: Total<u64> = 0;
  noticesReceived: Total<u64> = 0;
  chunksDelivered: Total<u64> = 0;
  flowsAcked: Total<u64> = 0;
  /** Programs that ended. */
  programsEnded: Total<u64> = 0;
  /** Sum of the hashes of its deliveries; the order of summation does not matter. */
  deliveryHash: Course<u64> = 0;
  /** Time of its last delivery or acknowledgement. */
  endPs: Course<u64> = 0;
  /** Device-windows stepped with the event-exact switch step, and with the fast one. */
  exactSteps: Result<u64> = 0;
  fastSteps: Result<u64> = 0;
  /** The first QP that failed here, by time, then number. */
  failedAtPs: Course<u64> = 0;
  failedFlow: Course<u32> = 0;
  /** What failed: FAILED_QP, FAILED_POLICY (arena.ts). */
  failed: Course<u32> = 0;
  /** The device that it steps. */
  device: Derived<u32> = 0;
  /** It is inside a custom routing policy: a trap is the policy's. */
  deciding: Derived<u32> = 0;
  /** Set when the time limit cut an arrival off that this thread had gathered. */
  cutOff: Derived<u32> = 0;

  // Free chunks and blocks of the pool.
  free: Derived<u32> = 0;
  freeCount: Derived<u32> = 0;
  spare: Derived<u32> = 0;
  spareCount: Derived<u32> = 0;
  freeBlock: Derived<u32> = 0;
  freeBlockCount: Derived<u32> = 0;
  spareBlock: Derived<u32> = 0;
  spareBlockCount: Derived<u32> = 0;
  fresh: Derived<u32> = 0;
  freshEnd: Derived<u32> = 0;

  /** Sum of the hashes of the deliveries of periods that are to be skipped. */
  repeatedHash: Course<u64> = 0;

  // Places.
  /** Inboxes that it fills, by window slot and device. */
  boxes: Fixed<u32> = 0;
  /** A bit by window slot, in 64-bit words: it woke a device for then. */
  marks: Fixed<u32> = 0;
  scratch: Fixed<u32> = 0;
  /** Its `LabelTotal`s. */
  labelTotals: Fixed<u32> = 0;
  /** u32 numbers of the 64-device words, in the order in which it looks for work. */
  visits: Fixed<u32> = 0;

  // The window barrier.
  /** Windows that it was asked to join; written by the first thread. All ones: leave. */
  turn: Derived<u32> = 0;
  asleep: Derived<u32> = 0;
  padding2: u64 = 0;
  padding4: u64 = 0;
}
