/**
 * Congestion control: how fast a sender may send, from what it learns. A policy is one file. It
 * extends the record `Congestion` with its own state (records.ts), has a case here, and exports
 * some of these functions:
 *
 *     start(state)                       a QP is set up
 *     sent(state, bytes, nowPs): f64     a packet of `bytes` wire bytes has started; returns the
 *                                        rate until the next one, in bytes/ps
 *     notified(state, nowPs)             a congestion notification (CNP) has arrived
 *     answered(state, bytes, …, nowPs)   an ACK or NACK has arrived, for `bytes` more of payload;
 *                                        it has marks, and its tag the round trip and the ports
 *     pulled(state, word3)               the receiver has granted credit
 *     lost(state, …, nowPs)              a packet was found missing, or the timer has expired
 *
 * A policy reads its parameters, and changes its state and `windowBytes`. It must depend on nothing
 * else. That makes it deterministic, and independent of threads.
 */
import { senderAt } from "../engine/queue-pairs";
import { run } from "../memory/arena";
import { FULL } from "../memory/features";
import { Nic } from "../memory/structs/nic";
import { Port } from "../memory/structs/port";
import { Sender } from "../memory/structs/queue-pair";
import { ControlId } from "../memory/structs/run";
import { HopsTag } from "../memory/structs/tag";
import { sinceSentPs, tagOf } from "../packet/tags";
import { psPerByteOf } from "../port/port";
import * as dcqcn from "./dcqcn";
import * as hpcc from "./hpcc";
import * as nscc from "./nscc";
import * as rccc from "./rccc";
import { Congestion, CreditTag, Dcqcn, Hpcc, Nscc, Rccc, Swift } from "./records";
import * as swift from "./swift";

let policy: u32 = 0;

/** Whether the run has congestion control at all, or NICs that take a time for each message. */
export let controlled: bool = false;

export function loadCongestionParameters(): void {
  policy = run.congestionControl;
  if (FULL) controlled = policy != ControlId.None || run.messageOverheads != 0;
}

/** Sets every QP's record up. */
export function startCongestionControl(): void {
  if (!controlled) return;
  for (let i: u32 = 0; i < run.flowCount; i++) {
    const sender = senderAt(i);
    const state = changetype<Congestion>(run.congestion + i * run.congestionBytes);
    sender.congestion = changetype<u32>(state);
    state.linePsPerByte = psPerByteOf(changetype<Port>(changetype<Nic>(sender.nic).port));
    state.windowBytes = Infinity;
    state.packetBytes = <f64>sender.payloadBytes;
    start(state);
  }
}

function start(state: Congestion): void {
  switch (policy) {
    case ControlId.Dcqcn:
      return dcqcn.start(changetype<Dcqcn>(state));
    case ControlId.Swift:
      return swift.start(changetype<Swift>(state));
    case ControlId.Nscc:
      return nscc.start(changetype<Nscc>(state));
    case ControlId.Hpcc:
      return hpcc.start(changetype<Hpcc>(state));
    case ControlId.Rccc:
      return rccc.start(changetype<Rccc>(state));
  }
}


@inline
export function congestionOf(sender: Sender): Congestion {
  return changetype<Congestion>(sender.congestion);
}

/** Whether congestion control lets the QP send now. A QP with nothing under way always has room. */
export function maySend(sender: Sender): bool {
  const state = congestionOf(sender);
  if (state.paced) return false;
  const bytes = underWayBytes(sender);
  return bytes == 0 || bytes < state.windowBytes;
}

/** Payload that was sent and is neither acknowledged nor taken for lost, in full packets. */
function underWayBytes(sender: Sender): f64 {
  const packets = sender.next - sender.acked - sender.heldCount - sender.resendCount;
  return <f64>packets * <f64>sender.payloadBytes;
}

/**
 * The packet at `record` (0 where it gets lost) was put on the wire at `nowPs`: decides when the
 * next of its QP may start.
 */
export function onSent(state: Congestion, sender: Sender, wireBytes: u32, record: u32, nowPs: u64): void {
  switch (policy) {
    case ControlId.Dcqcn:
      return pace(state, wireBytes, dcqcn.sent(changetype<Dcqcn>(state), wireBytes, nowPs), nowPs);
    case ControlId.Swift:
      return pace(state, wireBytes, swift.sent(changetype<Swift>(state)), nowPs);
    case ControlId.Hpcc:
      return pace(state, wireBytes, changetype<Hpcc>(state).rate, nowPs);
    case ControlId.Rccc:
      return rccc.sent(changetype<Rccc>(state), sender, wireBytes, record);
  }
}

/** @param rate bytes per picosecond */
function pace(state: Congestion, wireBytes: u32, rate: f64, nowPs: u64): void {
  state.nextSendPs = nowPs + <u64>(<f64>wireBytes / rate);
}

/** A congestion notification has arrived. */
export function onNotification(state: Congestion, nowPs: u64): void {
  switch (policy) {
    case ControlId.Dcqcn:
      return dcqcn.notified(changetype<Dcqcn>(state), nowPs);
  }
}

/** Credit has arrived. */
export function onPull(state: Congestion, word3: u32): void {
  switch (policy) {
    case ControlId.Rccc:
      return rccc.pulled(changetype<Rccc>(state), word3);
  }
}

/**
 * An ACK or NACK has arrived that tells of `packets` more at the receiver; it has the tag of the
 * packet that caused it.
 */
export function onAnswer(sender: Sender, packets: u32, marked: bool, record: u32, nowPs: u64): void {
  const state = congestionOf(sender);
  const bytes = <f64>packets * <f64>sender.payloadBytes;
  switch (policy) {
    case ControlId.Swift:
      return swift.answered(changetype<Swift>(state), bytes, roundTripPs(record, nowPs), nowPs);
    case ControlId.Nscc:
      return nscc.answered(
        changetype<Nscc>(state),
        bytes,
        marked,
        roundTripPs(record, nowPs),
        underWayBytes(sender),
        nowPs,
      );
    case ControlId.Hpcc:
      return hpcc.answered(changetype<Hpcc>(state), changetype<HopsTag>(tagOf(record)), sender.acked, sender.next);
    case ControlId.Rccc:
      return rccc.answered(changetype<Rccc>(state), changetype<CreditTag>(tagOf(record)));
  }
}

/** A packet of the QP was found missing, or its timer has expired. */
export function onLoss(sender: Sender, nowPs: u64): void {
  const state = congestionOf(sender);
  switch (policy) {
    case ControlId.Swift:
      return swift.lost(changetype<Swift>(state), nowPs);
    case ControlId.Nscc:
      return nscc.lost(changetype<Nscc>(state), underWayBytes(sender), nowPs);
  }
}


@inline
function roundTripPs(record: u32, nowPs: u64): f64 {
  return <f64>sinceSentPs(tagOf(record), nowPs);
}
