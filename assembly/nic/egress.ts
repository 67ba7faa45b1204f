/** The egress port of a NIC: which of credit update, answer and QP goes next. */
import { senderAt } from "../engine/queue-pairs";
import { windowEnd } from "../engine/state";
import { watchesWaits } from "../engine/watch";
import { run } from "../memory/arena";
import { nextBit } from "../memory/bitmap";
import { Nic } from "../memory/structs/nic";
import { Hold, Port } from "../memory/structs/port";
import { gapBytes, isControl, wireBytes, wordPair } from "../packet/packet";
import { packetAt } from "../packet/record";
import { passTag, tagBytes } from "../packet/tags";
import {
  freeCredit,
  spendCredit,
  countWait,
  onCredit,
  sendUpdate,
  takeUpdate,
  updatePs,
  waitsForCredit,
} from "../port/credit";
import { classCount, classOf, laneAt, laneOf } from "../port/lanes";
import { extraOf, serializationPs } from "../port/port";
import { popControl, popData, slotFor } from "../port/queue";
import { transmitWords } from "../port/transmit";
import { takeTurn } from "../port/turns";
import { mayStall } from "./agenda";
import { haveClassWork, startClass } from "./classes";
import { tellHeldQps } from "./held";
import { nextBytes, sendPacket } from "./sender";
import { startAnswer } from "./start-answer";

/**
 * Starts what is first in turn if the port has been free. To be called when something became
 * sendable at `nowPs`.
 */
export function tryStart(nic: Nic, nowPs: u64): void {
  const port = changetype<Port>(nic.port);
  if (port.busyUntilPs < <i64>nowPs && hasWork(nic, port)) startNext(nic, port, nowPs);
}

/**
 * True when something could be sent if the port were free. ACKs in the data class wait in the
 * port's data queue.
 */
@inline
export function hasWork(nic: Nic, port: Port): bool {
  if (classCount != 1) return haveClassWork(nic, port);
  if (port.controlHead != 0 || (!port.paused && (nic.sendableCount != 0 || port.dataHead != 0))) return true;
  return onCredit && extraOf(port).framesWaiting != 0;
}

export function startNext(nic: Nic, port: Port, startPs: u64): void {
  if (onCredit && startUpdate(port, startPs)) return;
  if (port.controlHead != 0) {
    startAnswer(port, packetAt(port.controlHead), startPs);
    popControl(port);
  } else if (classCount != 1) {
    startClass(nic, port, startPs);
  } else if (port.dataHead != 0) {
    if (onCredit && waitsForCredit(port, run.ackWireBytes - gapBytes, startPs)) return;
    startAnswer(port, packetAt(port.dataHead), startPs);
    popData(port);
  } else {
    const count = nic.sendCount;
    const index = count == 1 ? 0 : nextBit(nic.sendable, nic.lastServed, count);
    const flow = load<u32>(nic.sendList + index * 4);
    if (onCredit && waitsForCredit(port, nextBytes(senderAt(flow)), startPs)) return;
    nic.lastServed = index;
    sendPacket(nic, port, flow, senderAt(flow), startPs);
  }
}

/** Starts the credit update that waits; false if there is none. */
function startUpdate(port: Port, startPs: u64): bool {
  for (let c: u32 = 0; c < classCount; c++) {
    const extra = extraOf(laneAt(port, c));
    if (extra.framesWaiting == 0) continue;
    extra.framesWaiting = 0;
    port.queuedPs -= updatePs(port);
    sendUpdate(port, c, startPs);
    return true;
  }
  return false;
}

/**
 * A data packet of `bytes` accounted bytes was processed. Tells the peer of the room, if an update
 * is due, once the port is free.
 */
export function returnCredit(nic: Nic, word2: u32, bytes: u32, nowPs: u64): void {
  const port = changetype<Port>(nic.port);
  const lane = laneOf(port, word2);
  if (!freeCredit(lane, bytes)) return;
  if (port.busyUntilPs < <i64>nowPs) {
    sendUpdate(port, classOf(word2), nowPs);
  } else {
    extraOf(lane).framesWaiting = 1;
    port.queuedPs += updatePs(port);
  }
}

/** A credit update takes effect. */
export function takeCredit(nic: Nic, dataClass: u32, limitBlocks: u64, nowPs: u64): void {
  const lane = laneAt(changetype<Port>(nic.port), dataClass);
  const held = lane.paused == Hold.Credit;
  if (held && watchesWaits()) tellHeldQps(nic, dataClass, nowPs);
  const since = takeUpdate(lane, limitBlocks, nowPs);
  if (!held) return;
  tryStart(nic, nowPs);
  countWait(lane, since, nowPs);
}

/**
 * Sends an ACK, NACK or CNP, with the tag of the packet at `record`, as soon as the port is free.
 */
export function sendAnswer(nic: Nic, word1: u32, word2: u32, word3: u32, nowPs: u64, record: u32): void {
  const port = changetype<Port>(nic.port);
  const wire = wireBytes(word1, word3);
  const takesPs = serializationPs(port, wire);
  const w23 = wordPair(word2, word3);
  const control = isControl(word1);
  let sent: u32;
  const lane = control ? port : laneOf(port, word2);
  if (port.busyUntilPs < <i64>nowPs && (control || mayStartData(lane, wire, nowPs))) {
    if (!control && classCount != 1) takeTurn(port, classOf(word2), wire);
    sent = transmitWords(port, nowPs, takesPs, word1, w23, wire);
    if (sent != 0) spendCredit(port, word1, word2, wire);
  } else if (control && port.controlHead == 0 && port.busyUntilPs < <i64>windowEnd && !onCredit && !mayStall(nic)) {
    // Nothing but a frame can overtake it: it will start when the port falls free, whatever comes
    // in until then.
    sent = transmitWords(port, port.busyUntilPs, takesPs, word1, w23, wire);
  } else {
    const slot = slotFor(port, lane, takesPs, word1);
    slot.write(0, word1, w23);
    sent = changetype<u32>(slot);
  }
  if (tagBytes != 0 && sent != 0) passTag(record, sent);
}

/** Whether the lane of a free port may start a packet that has just been queued. */
function mayStartData(lane: Port, wire: u32, nowPs: u64): bool {
  return !lane.paused && !(onCredit && waitsForCredit(lane, wire - gapBytes, nowPs));
}
