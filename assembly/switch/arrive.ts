/** What arrives at a switch in the exact step: frames, credit updates, notices, and packets. */
import { PACKET_BIT, PORT_MASK, PORT_SHIFT } from "../engine/key";
import { NEVER, portAt } from "../engine/state";
import { setBit } from "../memory/bitmap";
import { Port } from "../memory/structs/port";
import { NOTICE, thirdWord, wireBytes, wordPair } from "../packet/packet";
import { PacketRecord } from "../packet/record";
import { passTag, tagBytes } from "../packet/tags";
import { clocked, clockOf, startRefresh } from "../port/clock";
import { isUpdate, noteWait, takeUpdate } from "../port/credit";
import {
  accountOf,
  classOf,
  classQueuedPs,
  frameClass,
  frameKind,
  laneAt,
  laneOf,
  laneOfAccount,
  noteQueuedIn,
} from "../port/lanes";
import { marked, marksAtQueue } from "../port/marking";
import { heed, lanesOf } from "../port/pause";
import { backlogPs, serializationPs } from "../port/port";
import { placeOf, replaceLast, slotFor } from "../port/queue";
import { transmitWords } from "../port/transmit";
import { destinationsOf, noticeDue, takeNotice } from "../routing/adaptive-remote";
import { route } from "../routing/route";
import { charge } from "./buffers/account";
import { Due } from "./buffers/due";
import { admit, afterAdmit, chargesIngress } from "./buffers/registry";
import { pushEnd } from "./ends";
import { active, advanceClock, isIdle, ports, sw, updateDepth } from "./here";
import { cut, givesWay, isCut, noteDropped, refuseLast } from "./refuse";
import { sendFrame } from "./signals";
import { noteQueued, queue, startNext } from "./start";
import { isDiscarding, noteDiscarded, noteWish, watch } from "./watchdog";

export function arrive(key: u32, packet: PacketRecord, now: u64): void {
  const ingress = (key >> PORT_SHIFT) & PORT_MASK;
  if ((key & PACKET_BIT) == 0) {
    const word1 = packet.word1;
    if (isUpdate(word1)) takeCredit(ingress, frameClass(word1), packet.words23, now);
    else takeFrame(ingress, frameKind(word1), frameClass(word1), now);
    return;
  }
  if (packet.type == NOTICE) {
    takeNotice(sw, ingress, packet.word2, packet.number, now);
    return;
  }
  const egress = route(sw, ports, packet, now);
  if (sw.remotes != 0) advertise(ingress, egress, packet.word1, now);
  if (packet.isControl) queue(egress, portAt(ports, egress), now, placeOf(0, ingress), packet);
  else takeData(ingress, egress, packet, now);
}

/** A data packet is admitted, or not, and queued or started. */
function takeData(ingress: u32, egress: u32, packet: PacketRecord, now: u64): void {
  const flow = packet.flow;
  const port = portAt(ports, egress);
  const lane = laneOf(port, flow);
  if (sw.guarded && isDiscarding(lane)) {
    noteDiscarded(lane);
    return;
  }
  const bytes = packet.accountedBytes;
  const account = accountOf(chargesIngress() ? ingress : egress, flow);
  const charged = laneOfAccount(ports, account);
  const place = placeOf(account, ingress);
  if (admit(sw, charged, bytes)) {
    if (afterAdmit(sw, charged) == Due.Pause) pausePeer(ingress, classOf(flow), charged, now);
  } else if (chargesIngress()) {
    noteDropped(charged);
    return;
  } else if (givesWay(port, lane, bytes, now)) {
    refuseLast(egress, port, lane, now);
    charge(sw, lane, bytes);
    mark(port, packet, now);
    const takesPs = serializationPs(port, packet.wireBytes);
    replaceLast(port, lane, place, takesPs, packet);
    noteQueuedIn(lane, takesPs);
    noteQueued(egress, port, now);
    return;
  } else if (isCut(packet)) {
    cut(packet);
  } else {
    noteDropped(portAt(ports, ingress));
    return;
  }
  mark(port, packet, now);
  queue(egress, port, now, place, packet);
}

/** Marks a packet that is queued, by the backlog of its class. */
@inline
function mark(port: Port, packet: PacketRecord, now: u64): void {
  if (!marksAtQueue || !packet.isData) return;
  const backlog = backlogPs(port, now) - port.queuedPs + classQueuedPs(port, packet.flow);
  packet.word1 = marked(port, backlog, packet.word1);
}

/** Tells the peer of an ingress to pause, and goes on telling it where pauses are refreshed. */
function pausePeer(ingress: u32, dataClass: u32, lane: Port, now: u64): void {
  if (clocked) {
    startRefresh(lane, now);
    advanceClock(lane);
  }
  sendFrame(ingress, portAt(ports, ingress), dataClass, true, now);
}

/** Tells the switch that a packet came from of what waits on its way, if it is time to. */
function advertise(ingress: u32, egress: u32, word1: u32, now: u64): void {
  const weight = noticeDue(sw, ports, ingress, egress, word1, now);
  if (weight == 0) return;
  const port = portAt(ports, ingress);
  const words23 = wordPair(destinationsOf(word1), thirdWord(weight, 0));
  const wire = wireBytes(NOTICE, 0);
  const takesPs = serializationPs(port, wire);
  let notice: u32;
  if (isIdle(port, ingress, now)) {
    notice = transmitWords(port, now, takesPs, NOTICE, words23, wire);
    pushEnd(ingress, port.busyUntilPs);
  } else {
    const slot = slotFor(port, port, takesPs, NOTICE);
    slot.write(0, NOTICE, words23);
    notice = changetype<u32>(slot);
    setBit(active, ingress);
  }
  if (tagBytes != 0 && notice != 0) passTag(0, notice);
  noteQueued(ingress, port, now);
}

/** A pause (1) or resume (0) frame for a data class or all takes effect, or a pause lapses. */
export function takeFrame(local: u32, kind: u32, dataClass: u32, now: u64): void {
  const port = portAt(ports, local);
  let lanes = lanesOf(dataClass);
  if (sw.guarded) lanes = calm(port, kind, lanes, now);
  const changed = popcnt(heed(port, kind, lanes, now));
  if (kind != 0) {
    sw.pausedPorts += changed;
    if (clocked) watchAll(port, lanes, now);
  } else if (changed != 0) {
    sw.pausedPorts -= changed;
    goOn(local, port, now);
  }
}

/** The lanes of the mask that do not storm; those that do take note of what the peer wants. */
function calm(port: Port, kind: u32, lanes: u32, now: u64): u32 {
  let left = lanes;
  for (let rest = lanes; rest != 0; rest &= rest - 1) {
    const lane = laneAt(port, ctz(rest));
    if (!clockOf(lane).storming) continue;
    noteWish(lane, kind != 0, now);
    advanceClock(lane);
    left &= ~(1 << ctz(rest));
  }
  return left;
}

/** Sees to it that the pauses of these lanes end, or are looked after. */
function watchAll(port: Port, lanes: u32, now: u64): void {
  for (let rest = lanes; rest != 0; rest &= rest - 1) {
    const lane = laneAt(port, ctz(rest));
    if (sw.guarded) watch(lane, now);
    advanceClock(lane);
  }
}

/** A credit update takes effect. */
function takeCredit(local: u32, dataClass: u32, limitBlocks: u64, now: u64): void {
  const port = portAt(ports, local);
  const lane = laneAt(port, dataClass);
  const since = takeUpdate(lane, limitBlocks);
  if (since == NEVER) return;
  sw.pausedPorts--;
  goOn(local, port, now);
  noteWait(lane, since, now);
}

/** A port is not held any more. */
function goOn(local: u32, port: Port, now: u64): void {
  if (isIdle(port, local, now)) startNext(local, port, now);
  updateDepth(local, port);
}
