/**
 * The sending half of a QP: which packet is next, and what an ACK, a NACK or a timeout does. Times
 * are those of MODEL.md §7.
 */
import {
  congestionOf,
  controlled,
  maySend,
  onAnswer,
  onLoss,
  onNotification,
  onPull,
  onSent,
} from "../congestion/registry";
import { mapMask } from "../engine/queue-pairs";
import { followedPacket, NOT_WATCHED, watchesFlows, watchQp, watchSend, watchTurn } from "../engine/watch";
import { FAILED_QP, own, run } from "../memory/arena";
import { clearBit, hasBit, setBit } from "../memory/bitmap";
import { FULL } from "../memory/features";
import { Nic } from "../memory/structs/nic";
import { Port } from "../memory/structs/port";
import { Sender } from "../memory/structs/queue-pair";
import { HopsTag } from "../memory/structs/tag";
import { QpEvent, QpState, QUEUED_AGAIN } from "../memory/structs/watch";
import {
  CNP,
  DATA,
  firstWord,
  fullNumber,
  gapBytes,
  MARK,
  NACK,
  sizeBits,
  thirdWord,
  TYPE_MASK,
  wordPair,
} from "../packet/packet";
import { PacketRecord } from "../packet/record";
import { entropyIn, stampOf, tagBytes, tagOf } from "../packet/tags";
import { spendCredit } from "../port/credit";
import { serializationPs } from "../port/port";
import { telemetryHops } from "../port/telemetry";
import { transmitWords } from "../port/transmit";
import { isMember, reducing } from "../reduction/members";
import { PathOutcome } from "../spraying/outcome";
import { nextEntropy, onPathAnswer, onPathTimeout, sprays } from "../spraying/registry";
import { flowAcknowledged } from "../statistics/flows";
import { backToUnacknowledged } from "./go-back-n";
import { contribute, mayGoOn, memberOf } from "./member";
import { packetStarted } from "./program-flows";
import { holdBack } from "./pacing";
import {
  acknowledgeHeld,
  dropAcknowledged,
  dropBorders,
  firstResend,
  queueUnheld,
  resendTrimmed,
  takeResend,
} from "./selective";

/** True when the QP may send a packet now. */
@inline
function canSend(sender: Sender): bool {
  if (reducing && memberOf(sender).windowPackets != 0) return mayGoOn(sender, memberOf(sender));
  if (controlled && !maySend(sender)) return false;
  if (sender.resendCount != 0) return true;
  if (sender.next >= sender.posted) return false;
  const window = run.windowPackets;
  return window == 0 || sender.next - sender.acked < window;
}

/** Brings the NIC's bitmap of sendable QPs up to date. */
export function updateSendable(nic: Nic, sender: Sender): void {
  const can = canSend(sender);
  if (can == hasBit(nic.sendable, sender.index)) return;
  if (can) {
    setBit(nic.sendable, sender.index);
    nic.sendableCount++;
  } else {
    clearBit(nic.sendable, sender.index);
    nic.sendableCount--;
  }
}

/** Why the QP may not send now, if it may not (MODEL.md §13). */
function stateOf(sender: Sender): QpState {
  if (canSend(sender)) return QpState.Sendable;
  if (sender.resendCount == 0 && sender.next >= sender.posted) return QpState.Empty;
  return controlled && !maySend(sender) ? QpState.Held : QpState.WindowFull;
}

/** Tells of what has just happened to a QP, where flows are watched. */
@inline
export function tellQp(flow: u32, sender: Sender, event: QpEvent, nowPs: u64): void {
  if (watchesFlows()) tellWatched(flow, sender, event, nowPs);
}

function tellWatched(flow: u32, sender: Sender, event: QpEvent, nowPs: u64): void {
  const followed = followedPacket(flow, nowPs);
  if (followed == NOT_WATCHED) return;
  const isQueued = sender.resendCount != 0 && hasBit(sender.resend, followed & mapMask);
  watchQp(flow, event, stateOf(sender) | (isQueued ? QUEUED_AGAIN : 0), nowPs);
}

/** Accounted bytes of the packet that the QP sends next. */
export function nextBytes(sender: Sender): u32 {
  const isLast =
    sender.resendCount != 0 ? (firstResend(sender) + 1) % sender.packetsPerChunk == 0 : sender.leftInChunk == 1;
  return (isLast ? sender.lastPayloadBytes : sender.payloadBytes) + run.headerBytes;
}

function countResend(flow: u32): void {
  own.retransmitted++;
  if (!FULL || run.resendCounts == 0) return;
  const at = run.resendCounts + flow * 4;
  store<u32>(at, load<u32>(at) + 1);
}

/** Sends the QP's next packet at `startPs`. The QP must be sendable and the port free. */
export function sendPacket(nic: Nic, port: Port, flow: u32, sender: Sender, startPs: u64): void {
  if (reducing && isMember(flow)) {
    contribute(port, flow, sender, startPs);
    if (!canSend(sender)) updateSendable(nic, sender);
    return;
  }
  let number = sender.next;
  let isLast = false;
  if (sender.resendCount != 0) {
    number = takeResend(sender);
    isLast = (number + 1) % sender.packetsPerChunk == 0;
  } else {
    sender.next = number + 1;
    isLast = --sender.leftInChunk == 0;
    if (isLast) sender.leftInChunk = sender.packetsPerChunk;
  }
  const payload = isLast ? sender.lastPayloadBytes : sender.payloadBytes;
  own.dataSent++;
  const isFirst = number >= sender.highest;
  if (isFirst) sender.highest = number + 1;
  else countResend(flow);
  if (sender.deadlinePs == 0 || (run.quietPs != 0 && !sender.wasQuiet)) armTimer(nic, sender, startPs);
  const wire = payload + run.headerBytes + gapBytes;
  const words23 = wordPair(flow, thirdWord(number, wire));
  const word1 = firstWord(sender.destination, DATA, wire);
  const record = transmitWords(port, startPs, serializationPs(port, wire), word1, words23, wire);
  if (record != 0) spendCredit(port, word1, flow, wire);
  if (FULL && isFirst) packetStarted(flow, number + 1, port);
  if (tagBytes != 0) {
    const entropy = sprays ? nextEntropy(flow, startPs) : 0;
    if (record != 0) {
      const tag = tagOf(record);
      tag.stamp = stampOf(startPs, entropy);
      if (telemetryHops != 0) changetype<HopsTag>(tag).hopCount = 0;
    }
  }
  if (controlled) {
    const state = congestionOf(sender);
    onSent(state, sender, wire, record, startPs);
    if (isLast && nic.messageOverheadPs != 0) {
      const readyPs = startPs + serializationPs(port, wire) + nic.messageOverheadPs;
      state.nextSendPs = max(state.nextSendPs, readyPs);
    }
    if (<i64>state.nextSendPs > port.busyUntilPs) holdBack(nic, flow, sender);
  }
  if (watchesFlows()) {
    const event = isFirst ? QpEvent.Sent : QpEvent.Resent;
    const takesPs = serializationPs(port, wire);
    watchSend(flow, event, number, startPs, takesPs, port.busyUntilPs).state = stateOf(sender);
  }
  if (!canSend(sender)) updateSendable(nic, sender);
}

/** The retransmission timeout: twice as long after each in a row, up to a limit. */
@inline
function timeoutPs(sender: Sender): u64 {
  return min(run.rtoPs << min(sender.retries, run.rtoDoublings), run.mostRtoPs);
}

/** Whether the timer of the QP is to tell that it is quiet, before it tells of a timeout. */
@inline
function awaitsQuiet(sender: Sender): bool {
  return run.quietPs != 0 && !sender.wasQuiet && run.quietPs < timeoutPs(sender);
}

/** Starts the retransmission timer anew. */
function armTimer(nic: Nic, sender: Sender, nowPs: u64): void {
  const deadline = nowPs + (awaitsQuiet(sender) ? run.quietPs : timeoutPs(sender));
  sender.deadlinePs = deadline;
  if (deadline < nic.timerAtPs) {
    nic.timerAtPs = deadline;
    nic.nextEventPs = min(nic.nextEventPs, deadline);
  }
}

/** Handles an ACK, NACK, CNP or pull. */
export function takeAnswer(nic: Nic, sender: Sender, packet: PacketRecord, nowPs: u64): void {
  const word1 = packet.word1;
  const word3 = packet.word3;
  if ((word1 & TYPE_MASK) >= CNP) return takeCnpOrPull(nic, sender, packet, nowPs);
  own.acksReceived++;
  const expected = fullNumber(word3, sender.acked);
  const before = sender.acked;
  const known = before + sender.heldCount;
  let lost = false;
  if (<i32>(expected - before) > 0) {
    sender.acked = expected;
    sender.retries = 0;
    sender.wasQuiet = 0;
    if (sender.borderCount != 0) dropBorders(sender);
    if (run.selective) dropAcknowledged(sender, before, expected);
    else if (sender.next < expected) backToUnacknowledged(sender);
    if (expected == sender.highest) sender.deadlinePs = 0;
    else armTimer(nic, sender, nowPs);
    if (expected == sender.totalPackets) flowAcknowledged(sender, nowPs);
  }
  if (run.selective) {
    const beyond = sizeBits(word1, word3);
    const trimmed = (word1 & TYPE_MASK) == NACK;
    const held = sender.heldCount;
    lost = trimmed ? resendTrimmed(sender, expected, beyond) : acknowledgeHeld(sender, expected, beyond);
    if (run.quietPs != 0 && sender.heldCount != held) {
      sender.wasQuiet = 0;
      armTimer(nic, sender, nowPs);
    }
  } else if ((word1 & TYPE_MASK) == NACK && expected == sender.acked && sender.highest > expected) {
    lost = true;
    backToUnacknowledged(sender);
    if (watchesFlows()) watchTurn(packet.flow, sender.acked, false, nowPs);
    armTimer(nic, sender, nowPs);
  }
  const record = changetype<u32>(packet);
  if (sprays) onPathAnswer(packet.flow, entropyIn(tagOf(record)), outcomeOf(word1));
  if (controlled) {
    const delivered = sender.acked + sender.heldCount - known;
    onAnswer(sender, delivered, (word1 & MARK) != 0, record, nowPs);
    if (lost) onLoss(sender, nowPs);
  }
  updateSendable(nic, sender);
  tellQp(packet.flow, sender, QpEvent.Answered, nowPs);
}

/** What an answer says about the path of the packet that caused it. */
function outcomeOf(word1: u32): PathOutcome {
  if ((word1 & TYPE_MASK) == NACK) return PathOutcome.Lost;
  return (word1 & MARK) != 0 ? PathOutcome.Marked : PathOutcome.Clear;
}

/** Handles what only congestion control is to know: a CNP or a pull. */
function takeCnpOrPull(nic: Nic, sender: Sender, packet: PacketRecord, nowPs: u64): void {
  if (packet.type == CNP) {
    own.cnpsReceived++;
    onNotification(congestionOf(sender), nowPs);
    return;
  }
  own.pullsReceived++;
  onPull(congestionOf(sender), packet.word3);
  updateSendable(nic, sender);
  tellQp(packet.flow, sender, QpEvent.Answered, nowPs);
}

/** Handles the expiry of the retransmission timer. */
export function timeOut(nic: Nic, flow: u32, sender: Sender, nowPs: u64): void {
  if (awaitsQuiet(sender)) {
    sender.wasQuiet = 1;
  } else {
    own.timeouts++;
    if (++sender.retries > run.retryLimit) {
      failQp(flow, nowPs);
      sender.deadlinePs = 0;
      return;
    }
  }
  if (watchesFlows()) watchTurn(flow, sender.acked, true, nowPs);
  if (run.selective) queueUnheld(sender);
  else backToUnacknowledged(sender);
  if (sprays) onPathTimeout(flow, nowPs);
  if (controlled) onLoss(sender, nowPs);
  armTimer(nic, sender, nowPs);
  updateSendable(nic, sender);
  tellQp(flow, sender, QpEvent.TimerExpired, nowPs);
}

/** The QP has moved: sends again what is not acknowledged. */
export function beginAnew(nic: Nic, flow: u32, sender: Sender, nowPs: u64): void {
  sender.retries = 0;
  sender.wasQuiet = 0;
  sender.deadlinePs = 0;
  if (sender.highest == sender.acked) return;
  if (watchesFlows()) watchTurn(flow, sender.acked, true, nowPs);
  if (run.selective) queueUnheld(sender);
  else backToUnacknowledged(sender);
  armTimer(nic, sender, nowPs);
  tellQp(flow, sender, QpEvent.TimerExpired, nowPs);
}

/** The first QP to fail, by time, then number, is the one that is reported. */
function failQp(flow: u32, nowPs: u64): void {
  if ((own.failed & FAILED_QP) != 0 && (own.failedAtPs < nowPs || (own.failedAtPs == nowPs && own.failedFlow < flow)))
    return;
  own.failed |= FAILED_QP;
  own.failedAtPs = nowPs;
  own.failedFlow = flow;
}
