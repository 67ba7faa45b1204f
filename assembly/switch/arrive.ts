/** What arrives at a switch in the exact step: frames, credit updates, notices, and packets. */
import { PACKET_BIT, PORT_MASK, PORT_SHIFT } from "../engine/key";
import { portAt } from "../engine/state";
import { watchesWaits } from "../engine/watch";
import { FULL } from "../memory/features";
import { Port } from "../memory/structs/port";
import { WatchedLoss } from "../memory/structs/watch";
import { NOTICE, thirdWord, wireBytes, wordPair } from "../packet/packet";
import { PacketRecord } from "../packet/record";
import { passTag, tagBytes } from "../packet/tags";
import { clocked, startRefresh } from "../port/clock";
import { isUpdate } from "../port/credit";
import { accountOf, addToClassQueue, classOf, frameClass, frameKind, laneOf } from "../port/lanes";
import { serializationPs } from "../port/port";
import { placeOf, replaceLast, slotFor } from "../port/queue";
import { transmitWords } from "../port/transmit";
import { isMember, reducing } from "../reduction/members";
import { destinationsOf, noticeDue, takeAdvertisement } from "../routing/adaptive-remote";
import { detouring, routeByGroups } from "../routing/detour";
import { route } from "../routing/route";
import { isLossy } from "./buffers/account";
import * as credit from "./buffers/credit";
import * as pfc from "./buffers/pfc";
import * as tailDrop from "./buffers/tail-drop";
import { scheduleEnd } from "./ends";
import { takeCredit, takeFrame } from "./heed";
import { advanceClock, isIdle, ports, setActive, sw } from "./here";
import { reduce } from "./reduce";
import { tellHolder } from "./holders";
import { countDropped, givesWay, refuseLast } from "./refuse";
import { scheduleBusy, sendFrame } from "./signals";
import { afterQueued, mark, queue } from "./start";
import { tellEntry, tellLoss } from "./tell";
import { cut, isCut } from "./victims";
import { countDiscarded, isDiscarding } from "./watchdog";

export function arrive(key: u32, packet: PacketRecord, now: u64): void {
  const ingress = (key >> PORT_SHIFT) & PORT_MASK;
  const word1 = packet.word1;
  if ((key & PACKET_BIT) == 0) {
    if (FULL && isUpdate(word1)) takeCredit(ingress, frameClass(word1), packet.words23, now);
    else takeFrame(ingress, frameKind(word1), frameClass(word1), now);
    return;
  }
  if (packet.type == NOTICE) {
    takeAdvertisement(sw, ingress, packet.word2, packet.number, now);
    return;
  }
  if (FULL && reducing && isMember(packet.flow)) {
    reduce(ingress, packet, now);
    return;
  }
  const came = packet.word2;
  const egress = detouring ? routeByGroups(sw, ports, ingress, packet, now) : route(sw, ports, packet, now);
  if (sw.remotes != 0) advertise(ingress, egress, word1, now);
  const port = portAt(ports, egress);
  if (packet.isControl) {
    queue(egress, port, now, placeOf(0, ingress), packet);
    return;
  }
  const lane = laneOf(port, packet.word2);
  if (sw.guarded && isDiscarding(lane)) {
    tellLoss(egress, packet, WatchedLoss.Watchdog, false, now);
    countDiscarded(lane);
  } else if (!isLossy(sw, classOf(packet.word2))) takeLossless(ingress, egress, port, packet, came, now);
  else takeLossy(ingress, egress, port, packet, now);
}

/** A data packet comes to a lossless switch, `came` its second word on the way here. */
@inline
function takeLossless(ingress: u32, egress: u32, port: Port, packet: PacketRecord, came: u32, now: u64): void {
  if (!admitLossless(ingress, egress, packet, came, now)) {
    tellLoss(egress, packet, WatchedLoss.Congestion, false, now);
    return;
  }
  tellEntry(egress, ingress, packet, now);
  mark(port, packet, now);
  queue(egress, port, now, placeOf(accountOf(ingress, came), ingress), packet);
}

/**
 * Charges a data packet, which goes to a local egress, to its ingress. That may pause its peer.
 * False if the packet finds no room.
 */
@inline
export function admitLossless(ingress: u32, egress: u32, packet: PacketRecord, came: u32, now: u64): bool {
  const owner = laneOf(portAt(ports, ingress), came);
  if (FULL && sw.credited) {
    credit.admit(sw, owner, packet.accountedBytes);
  } else {
    if (!pfc.admit(sw, owner, packet.accountedBytes)) return false;
    if (pfc.afterAdmit(sw, owner)) {
      if (watchesWaits()) tellHolder(ingress, egress, packet, now);
      pausePeer(ingress, classOf(came), owner, now);
    }
  }
  return true;
}

/** Tells the peer of an ingress to pause, and goes on telling it where pauses are refreshed. */
function pausePeer(ingress: u32, dataClass: u32, owner: Port, now: u64): void {
  if (clocked) {
    startRefresh(owner, now);
    advanceClock(owner);
  }
  sendFrame(ingress, portAt(ports, ingress), dataClass, true, now);
}

/** A data packet comes to a switch that drops or cuts what finds no room. */
function takeLossy(ingress: u32, egress: u32, port: Port, packet: PacketRecord, now: u64): void {
  const lane = laneOf(port, packet.word2);
  const bytes = packet.accountedBytes;
  const place = placeOf(accountOf(egress, packet.word2), ingress);
  if (!tailDrop.admit(sw, lane, bytes)) {
    if (givesWay(port, lane, bytes, now)) {
      refuseLast(egress, port, lane, now);
      tailDrop.take(sw, lane, bytes);
      tellEntry(egress, ingress, packet, now);
      mark(port, packet, now);
      const takesPs = serializationPs(port, packet.wireBytes);
      replaceLast(port, lane, place, takesPs, packet);
      addToClassQueue(lane, takesPs);
      afterQueued(egress, port, now);
      return;
    }
    tellLoss(egress, packet, isCut(packet) ? WatchedLoss.Trimmed : WatchedLoss.Congestion, false, now);
    if (!isCut(packet)) {
      countDropped(ingress);
      return;
    }
    cut(packet);
  }
  tellEntry(egress, ingress, packet, now);
  mark(port, packet, now);
  queue(egress, port, now, place, packet);
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
    scheduleBusy(ingress, port);
  } else {
    const slot = slotFor(port, port, takesPs, NOTICE);
    slot.write(0, NOTICE, words23);
    notice = changetype<u32>(slot);
    setActive(ingress);
    scheduleEnd(ingress, port.busyUntilPs);
  }
  if (tagBytes != 0 && notice != 0) passTag(0, notice);
  afterQueued(ingress, port, now);
}
