/** What a run records for the critical path and for the causes of waits (MODEL.md §13, §14). */
import { Derived, Fixed } from "./roles";

/** What a run watches. */
export enum WatchMode {
  Off = 0,
  /** Deliveries of chunks, of every flow. */
  Deliveries = 1,
  /** Pauses and waits for credit of every lane, what holds them, and who waits. */
  Waits = 2,
  /** Some flows, each for some time, and in that time one packet on its way. */
  Flows = 3,
  /** What some ports do, each for some time. */
  Ports = 4,
}

export enum WatchKind {
  /**
   * A transmission from `startPs` to `endPs`; `detail` is the packet's type, in its bits, `state`
   * its wire bytes, with `MARKED`. Of a frame `state` is the first word (port/lanes.ts).
   */
  Transmission = 2,
  /** A data packet was routed to a port (`place`) of a switch; `detail` is the port it came by. */
  Entry = 3,
  /** A data packet was lost at a port; `detail`: a `WatchedLoss`, `state`: 1 if it waited there. */
  Loss = 4,
  /** Something happened to a QP: `detail` is a `QpEvent`, `state` the `QpState` after it. */
  Qp = 5,
  /**
   * A QP begins to send again from packet `number` on (go-back-n) or what is missing from there on
   * (selective); `detail` is 1 where its timer expired.
   */
  Turn = 8,
  /** The data class of a lane (`place`) was paused, or may go on. */
  Pause = 6,
  Resume = 7,
  /** A lane begins to wait for credit, unless it waits already, or may go on. */
  CreditWait = 9,
  CreditEnd = 10,
  /**
   * What holds the packets of an ingress lane (`place`): an egress lane (`number`). `detail` is 0
   * where nothing else waits there.
   */
  Holder = 11,
  /** A packet of a flow waits at a lane that may go on now. */
  Held = 12,
  /** Go-back-n: a receiver refused a data packet, as one before it was missing. */
  Refusal = 13,
}

export enum WatchedLoss {
  Crc = 1,
  LinkDown = 2,
  Congestion = 3,
  Watchdog = 4,
  Trimmed = 5,
}

export enum QpEvent {
  /** It sends packet `number`, from `startPs` to `endPs`, for the first time or again. */
  Sent = 1,
  Resent = 6,
  Posted = 2,
  /** An answer, or what only congestion control is to know. */
  Answered = 3,
  TimerExpired = 4,
  /** The time of its next packet has come. */
  Released = 5,
}

export enum QpState {
  Sendable = 0,
  /** All that is posted was sent. */
  Empty = 1,
  /** Congestion control holds it, or the time that its NIC takes for a message. */
  Held = 2,
  /** `windowPackets` packets are under way. */
  WindowFull = 3,
}

/**
 * Beside a `QpState`, with selective recovery: the packet that is followed is queued to be sent
 * again.
 */
export const QUEUED_AGAIN: u32 = 8;
/** Beside the wire bytes of a transmission: the packet has a congestion mark. */
export const MARKED: u32 = 0x80000000;
/** No flow: of a frame. */
export const NO_FLOW: u32 = 0xffffffff;
/** Most packets, or queue pairs, that are looked at where something waits: those that go next. */
export const MAX_HELD: u32 = 64;

/** One record; a thread's buffer has its count and whether it ran over in 8 bytes before them. */
@unmanaged
export class WatchRecord {
  startPs: Derived<u64> = 0;
  endPs: Derived<u64> = 0;
  /** Of a transmission: its serialization. The rest are repetitions by the link. */
  takesPs: Derived<u64> = 0;
  kind: Derived<u32> = 0;
  place: Derived<u32> = 0;
  flow: Derived<u32> = 0;
  number: Derived<u32> = 0;
  detail: Derived<u32> = 0;
  state: Derived<u32> = 0;
}

/** A stretch of time for which a flow or port is watched. Those of one do not overlap, and rise. */
@unmanaged
export class WatchSlice {
  fromPs: Fixed<u64> = 0;
  toPs: Fixed<u64> = 0;
  /** Of a flow: the packet that is followed. */
  number: Fixed<u32> = 0;
  padding0: u32 = 0;
}

/** By flow or port: its slices. */
@unmanaged
export class WatchItem {
  first: Fixed<u32> = 0;
  count: Fixed<u32> = 0;
}
