/**
 * The exact step of a switch: arrivals and ends of transmission one by one in the order of the
 * model, with admission, pause, resume and credit at each. For windows in which a threshold could
 * be crossed, while any ingress of this switch pauses its peer, and where links are on credit.
 */
import { sorted, timeOf } from "../engine/inbox";
import { PACKET_BIT, PORT_MASK, PORT_SHIFT } from "../engine/key";
import { NEVER, portAt, windowEnd, windowStart } from "../engine/state";
import { watchEntry, watching, watchLoss } from "../engine/watch";
import { own, run } from "../memory/arena";
import { setBit } from "../memory/bitmap";
import { Device } from "../memory/structs/device";
import { Hold, Port } from "../memory/structs/port";
import { Victim } from "../memory/structs/run";
import { Switch } from "../memory/structs/switch";
import { WatchedLoss } from "../memory/structs/watch";
import { gapBytes, NOTICE, thirdWord, wireBytes, wordPair } from "../packet/packet";
import { PacketRecord, packetAt } from "../packet/record";
import { passTag, tagBytes } from "../packet/tags";
import { clocked, clockOf, nextClockPs, countLapse, countRefresh, startRefresh, stopRefresh } from "../port/clock";
import {
  freeCredit,
  isUpdate,
  spendCredit,
  countWait,
  sendUpdate,
  takeUpdate,
  updatePs,
  waitsForCredit,
} from "../port/credit";
import { updateDepth } from "../port/depths";
import {
  accountOf,
  ALL_CLASSES,
  classCount,
  classOf,
  classOfAccount,
  classQueuedPs,
  frameClass,
  frameKind,
  frameWord,
  laneAt,
  laneOf,
  laneOfAccount,
  localOfAccount,
  addToClassQueue,
  takeFromClassQueue,
} from "../port/lanes";
import { marked, marksAtQueue } from "../port/marking";
import { framePs, pausePort, resumePort } from "../port/pause";
import { backlogPs, extraOf, portNumber, serializationPs } from "../port/port";
import { accountIn, appendIn, ingressIn, placeOf, popControl, popData, replaceLast, slotFor } from "../port/queue";
import { transmit, transmitFrame, transmitWords } from "../port/transmit";
import { chooseClass, takeTurn } from "../port/turns";
import { draw, keyOf, pick, Purpose } from "../random/hash";
import { isMember, reducing } from "../reduction/members";
import { nextSumPs, outgoing, releaseSum, takeUp } from "../reduction/unit";
import { destinationsOf, noticeDue, takeAdvertisement } from "../routing/adaptive-remote";
import { route } from "../routing/route";
import { charge, discharge, fitsLossy, NO_ACCOUNT, pauseThreshold, usedAboveReserve } from "./buffer";
import { clearEnds, firstEndPs, popEnd, pushEnd } from "./ends";
import { recordBacklog } from "./statistics";
import { contend, cut, isCut } from "./victims";
import { beginStorm, endStorm, isDiscarding, countDiscarded, recordWish, watch } from "./watchdog";

let sw: Switch = changetype<Switch>(0);
let ports: u32 = 0;
let portCount: u32 = 0;
let active: u32 = 0;
/** Sum over the ports of the bytes above their reserve. */
let sharedUsed: i64 = 0;
/** Port whose end of transmission is being handled; -1 during arrivals. */
let endingPort: i32 = -1;
/** No later than the first lapse or refresh of a pause. */
let clockPs: u64 = NEVER;

/**
 * Steps a switch through this window and returns when it must be stepped again (all ones: when
 * something arrives).
 */
export function stepExact(device: Device, body: Switch, count: u32): u64 {
  sw = body;
  ports = device.ports;
  portCount = device.portCount;
  active = device.active;
  releaseHeld();
  const end = sorted + count * 8;
  let entry = sorted;
  for (;;) {
    const arrivalPs = entry < end ? timeOf(<u32>(load<u64>(entry) >> 32)) : u64.MAX_VALUE;
    const endPs = firstEndPs();
    if (min(min(arrivalPs, clockPs), endPs) >= windowEnd) break;
    if (arrivalPs <= min(clockPs, endPs)) {
      endingPort = -1;
      const packed = load<u64>(entry);
      arrive(<u32>(packed >> 32), packetAt(<u32>packed), arrivalPs);
      entry += 8;
    } else if (clockPs <= endPs) {
      endingPort = -1;
      playClocks(clockPs);
    } else {
      const local = popEnd();
      endingPort = <i32>local;
      endTransmission(local, endPs);
    }
  }
  return nextStep();
}

/**
 * Brings the books up to the start of the window (the fast step lets them lag) and finds the
 * transmissions that end in it.
 */
function releaseHeld(): void {
  clearEnds();
  sharedUsed = 0;
  for (let i: u32 = 0; i < portCount; i++) {
    const port = portAt(ports, i);
    if (port.busyUntilPs >= <i64>windowStart) {
      pushEnd(i, port.busyUntilPs);
    } else if (port.heldBytes != 0) {
      discharge(sw, laneOfAccount(ports, port.heldAccount), port.heldBytes);
      port.heldBytes = 0;
    }
  }
  clockPs = NEVER;
  if (clocked || reducing) updateClocks();
  if (!sw.lossless || sw.credited) return;
  for (let i: u32 = 0; i < portCount; i++) {
    for (let c: u32 = 0; c < classCount; c++) {
      const lane = laneAt(portAt(ports, i), c);
      sharedUsed += usedAboveReserve(lane, extraOf(lane));
    }
  }
}

/** Finds the first time at which a sum is to be released, or something is due of a pause. */
function updateClocks(): void {
  clockPs = reducing ? nextSumPs(sw) : NEVER;
  if (!clocked) return;
  for (let i: u32 = 0; i < portCount; i++) {
    for (let c: u32 = 0; c < classCount; c++) clockPs = min(clockPs, nextClockPs(laneAt(portAt(ports, i), c)));
  }
}

/** Plays what is due at `now`, if it has not been called off. */
function playClocks(now: u64): void {
  if (reducing) {
    for (let count = releaseSum(sw, now); count != 0; count = releaseSum(sw, now)) sendOutgoing(count, now);
  }
  for (let i: u32 = 0; clocked && i < portCount; i++) {
    for (let c: u32 = 0; c < classCount; c++) playClock(i, portAt(ports, i), c, now);
  }
  updateClocks();
}

function playClock(local: u32, port: Port, dataClass: u32, now: u64): void {
  const lane = laneAt(port, dataClass);
  const clock = clockOf(lane);
  if (clock.lapsesAtPs == now) {
    countLapse();
    takeFrame(local, 0, dataClass, now);
  }
  if (clock.refreshAtPs == now) {
    startRefresh(lane, now);
    if (countRefresh(lane)) sendFrame(local, port, dataClass, true, now);
  }
  if (clock.stormAtPs == now) storm(local, port, lane, now);
  if (clock.restoreAtPs == now) {
    endStorm(clock);
    sw.pausedPorts--;
  }
}

/** The lane has been paused for too long. */
function storm(local: u32, port: Port, lane: Port, now: u64): void {
  beginStorm(lane, now);
  while (isDiscarding(lane) && lane.dataHead != 0) {
    const packet = packetAt(lane.dataHead);
    const account = accountIn(packet);
    const wire = packet.wireBytes;
    tellLoss(local, packet, WatchedLoss.Watchdog, true, now);
    popData(lane);
    takeFromQueue(port, lane, serializationPs(port, wire));
    countDiscarded(lane);
    releaseBytes(account, wire - gapBytes, now);
  }
  if (isIdle(port, local, now)) startNext(local, port, now);
  updateDepth(sw, local, port.busyUntilPs + port.queuedPs);
}

/** A data packet that would have taken so long is not queued any more. */
@inline
function takeFromQueue(port: Port, lane: Port, takesPs: u64): void {
  port.queuedPs -= takesPs;
  takeFromClassQueue(lane, takesPs);
}

function arrive(key: u32, packet: PacketRecord, now: u64): void {
  const ingress = (key >> PORT_SHIFT) & PORT_MASK;
  const w1 = packet.word1;
  if ((key & PACKET_BIT) == 0) {
    if (isUpdate(w1)) takeCredit(ingress, frameClass(w1), packet.words23, now);
    else takeFrame(ingress, frameKind(w1), frameClass(w1), now);
    return;
  }
  if (packet.type == NOTICE) {
    takeAdvertisement(sw, ingress, packet.word2, packet.number, now);
    return;
  }
  const flow = packet.flow;
  if (reducing && isMember(flow)) return reduce(ingress, flow, packet, now);
  const egress = route(sw, ports, packet, now);
  if (sw.remotes != 0) advertise(ingress, egress, w1, now);
  const port = portAt(ports, egress);
  let account: u32 = 0;
  let takesPlace = false;
  if (!packet.isControl) {
    const lane = laneOf(port, flow);
    if (sw.guarded && isDiscarding(lane)) {
      countDiscarded(lane);
      tellLoss(egress, packet, WatchedLoss.Watchdog, false, now);
      return;
    }
    const bytes = packet.accountedBytes;
    if (sw.lossless) {
      account = accountOf(ingress, flow);
      const owner = laneOf(portAt(ports, ingress), flow);
      if (sw.credited) {
        charge(sw, owner, bytes);
      } else {
        if (!admitLossless(owner, bytes)) {
          tellLoss(egress, packet, WatchedLoss.Congestion, false, now);
          return;
        }
        pauseIfDue(ingress, classOf(flow), owner, now);
      }
    } else {
      account = accountOf(egress, flow);
      if (!admitLossy(lane, bytes)) {
        takesPlace = givesWay(port, lane, bytes, now);
        if (takesPlace) {
          refuseLast(egress, port, lane, now);
          charge(sw, lane, bytes);
        } else if (isCut(packet)) {
          tellLoss(egress, packet, WatchedLoss.Trimmed, false, now);
          cut(packet);
        } else {
          tellLoss(egress, packet, WatchedLoss.Congestion, false, now);
          noteDropped(ingress);
          return;
        }
      }
    }
    if (marksAtQueue && packet.isData) mark(port, packet, now);
    if (watching()) watchEntry(portNumber(port), portNumber(portAt(ports, ingress)), packet, now);
  }
  if (takesPlace) {
    const lane = laneOf(port, flow);
    const takesPs = serializationPs(port, packet.wireBytes);
    replaceLast(port, lane, placeOf(account, ingress), takesPs, packet);
    addToClassQueue(lane, takesPs);
    afterQueued(egress, port, now);
  } else {
    queue(egress, port, now, placeOf(account, ingress), packet);
  }
}

/** Marks the data packet by what it meets at its egress. */
function mark(port: Port, packet: PacketRecord, now: u64): void {
  const backlog = backlogPs(port, now) - port.queuedPs + classQueuedPs(port, packet.flow);
  packet.word1 = marked(port, backlog, packet.word1);
}

/** The reduction unit takes a packet up, which leaves the buffer with that. */
function reduce(ingress: u32, flow: u32, packet: PacketRecord, now: u64): void {
  if (sw.credited && !packet.isControl) {
    charge(sw, laneOf(portAt(ports, ingress), flow), packet.accountedBytes);
    releaseBytes(accountOf(ingress, flow), packet.accountedBytes, now);
  }
  sendOutgoing(takeUp(sw, ingress, packet, now), now);
  clockPs = min(clockPs, nextSumPs(sw));
}

/** Sends what the reduction unit has made ready. */
function sendOutgoing(count: u32, now: u64): void {
  for (let i: u32 = 0; i < count; i++) {
    const packet = outgoing(i);
    const port = portAt(ports, packet.key);
    if (marksAtQueue && packet.isData) mark(port, packet, now);
    queue(packet.key, port, now, NO_ACCOUNT, packet);
  }
}

/** Starts the packet if its port is idle and the class not paused, else queues it. */
function queue(egress: u32, port: Port, now: u64, place: u32, packet: PacketRecord): void {
  const control = packet.isControl;
  const lane = control ? port : laneOf(port, packet.flow);
  const wire = packet.wireBytes;
  if (isIdle(port, egress, now) && (control || mayStartData(lane, wire, now))) {
    startPacket(egress, port, now, <u16>place, packet);
  } else {
    const takesPs = serializationPs(port, wire);
    appendIn(port, lane, place, takesPs, packet);
    if (!control) addToClassQueue(lane, takesPs);
    setBit(active, egress);
    if (sw.guarded && lane.paused) {
      watch(lane, now);
      clockPs = min(clockPs, nextClockPs(lane));
    }
  }
  afterQueued(egress, port, now);
}


@inline
function afterQueued(egress: u32, port: Port, now: u64): void {
  recordBacklog(port, now);
  updateDepth(sw, egress, port.busyUntilPs + port.queuedPs);
}

/** Tells the switch that a packet came from of what waits on its way, if it is time to. */
function advertise(ingress: u32, egress: u32, w1: u32, now: u64): void {
  const weight = noticeDue(sw, ports, ingress, egress, w1, now);
  if (weight == 0) return;
  const port = portAt(ports, ingress);
  const w23 = wordPair(destinationsOf(w1), thirdWord(weight, 0));
  const wire = wireBytes(NOTICE, 0);
  const takesPs = serializationPs(port, wire);
  let notice: u32;
  if (isIdle(port, ingress, now)) {
    notice = transmitWords(port, now, takesPs, NOTICE, w23, wire);
    pushEnd(ingress, port.busyUntilPs);
  } else {
    const slot = slotFor(port, port, takesPs, NOTICE);
    slot.write(0, NOTICE, w23);
    notice = changetype<u32>(slot);
    setBit(active, ingress);
  }
  if (tagBytes != 0 && notice != 0) passTag(0, notice);
  recordBacklog(port, now);
  updateDepth(sw, ingress, port.busyUntilPs + port.queuedPs);
}

/**
 * Whether the data packet that waits last gives way to one of `bytes` that does not fit, but would
 * in its place: a matter of chance. The next in turn does not.
 */
function givesWay(port: Port, lane: Port, bytes: u32, now: u64): bool {
  const number = contend(port, lane, now);
  if (run.victim == Victim.Arriving || lane.dataHead == lane.dataTail) return false;
  const last = lane.dataTail;
  const lastBytes = packetAt(last).accountedBytes;
  if (!fitsLossy(sw, lane, sw.usedBytes - lastBytes, <i64>lane.chargedBytes - lastBytes, bytes)) return false;
  const bits = draw(keyOf(Purpose.Full, portNumber(port)), extraOf(port).victimDraws++);
  return run.victim == Victim.Fair ? pick(bits, number + 1) == 0 : <i32>bits >= 0;
}

/**
 * Takes the data packet that waits last out of its queue. Its record stays, for another to take.
 */
function refuseLast(egress: u32, port: Port, lane: Port, now: u64): void {
  const last = packetAt(lane.dataTail);
  const wire = last.wireBytes;
  takeFromQueue(port, lane, serializationPs(port, wire));
  discharge(sw, lane, wire - gapBytes);
  tellLoss(egress, last, isCut(last) ? WatchedLoss.Trimmed : WatchedLoss.Congestion, true, now);
  if (isCut(last)) {
    cut(last);
    queue(egress, port, now, egress, last);
  } else {
    noteDropped(ingressIn(last));
  }
}

/** Tells where a packet is lost, where runs are watched. */
@inline
function tellLoss(local: u32, packet: PacketRecord, loss: WatchedLoss, queued: bool, now: u64): void {
  if (watching()) watchLoss(portNumber(portAt(ports, local)), packet, loss, queued, now);
}

function noteDropped(ingress: u32): void {
  extraOf(portAt(ports, ingress)).droppedCongestion++;
  own.droppedCongestion++;
}

/**
 * A port is free only once the end of its transmission was handled, which is after the arrivals of
 * that instant.
 */
@inline
function isIdle(port: Port, local: u32, now: u64): bool {
  const busy = port.busyUntilPs;
  return busy < <i64>now || (busy == <i64>now && <i32>local < endingPort);
}

/**
 * Whether the lane of a free port may start the data packet; where only credit is wanting, it waits
 * for that from now on.
 */
function mayStartData(lane: Port, wire: u32, now: u64): bool {
  if (lane.paused) return false;
  if (!waitsForCredit(lane, wire - gapBytes, now)) return true;
  sw.pausedPorts++;
  return false;
}

/**
 * Charges the packet to reserve or shared buffer, else to headroom; false if it fits none of them.
 */
function admitLossless(lane: Port, bytes: u32): bool {
  const extra = extraOf(lane);
  const after = <i64>lane.chargedBytes + bytes - extra.reserveBytes;
  if (after <= 0 || after <= pauseThreshold(sw, extra, sharedUsed)) {
    sharedUsed += max<i64>(after, 0) - usedAboveReserve(lane, extra);
    charge(sw, lane, bytes);
    return true;
  }
  if (extra.headroomUsed + bytes <= extra.headroomBytes) {
    extra.headroomUsed += bytes;
    sw.usedBytes += bytes;
    return true;
  }
  extra.droppedCongestion++;
  own.droppedCongestion++;
  return false;
}

function admitLossy(egress: Port, bytes: u32): bool {
  if (!fitsLossy(sw, egress, sw.usedBytes, egress.chargedBytes, bytes)) return false;
  charge(sw, egress, bytes);
  return true;
}

function pauseIfDue(ingress: u32, dataClass: u32, lane: Port, now: u64): void {
  const extra = extraOf(lane);
  if (extra.pausing) return;
  if (extra.headroomUsed == 0 && usedAboveReserve(lane, extra) < pauseThreshold(sw, extra, sharedUsed)) return;
  extra.pausing = 1;
  sw.pausingPorts++;
  extra.pausesSent++;
  own.pausesSent++;
  if (clocked) {
    startRefresh(lane, now);
    clockPs = min(clockPs, nextClockPs(lane));
  }
  sendFrame(ingress, portAt(ports, ingress), dataClass, true, now);
}

/**
 * Takes a packet's bytes off its account, headroom first, and lets the peer resume if that was the
 * reason.
 */
function releaseBytes(account: u32, bytes: u32, now: u64): void {
  if (account == NO_ACCOUNT) return;
  const lane = laneOfAccount(ports, account);
  if (!sw.lossless) {
    discharge(sw, lane, bytes);
    return;
  }
  if (sw.credited) {
    discharge(sw, lane, bytes);
    if (freeCredit(lane, bytes)) queueUpdate(account, now);
    return;
  }
  const extra = extraOf(lane);
  const before = usedAboveReserve(lane, extra);
  const fromHeadroom = min(extra.headroomUsed, bytes);
  extra.headroomUsed -= fromHeadroom;
  sw.usedBytes -= fromHeadroom;
  discharge(sw, lane, bytes - fromHeadroom);
  const used = usedAboveReserve(lane, extra);
  sharedUsed += used - before;
  if (!extra.pausing || extra.headroomUsed != 0) return;
  if (used != 0 && used + extra.resumeOffsetBytes > pauseThreshold(sw, extra, sharedUsed)) return;
  extra.pausing = 0;
  sw.pausingPorts--;
  own.resumesSent++;
  if (clocked) stopRefresh(lane);
  const local = localOfAccount(account);
  sendFrame(local, portAt(ports, local), classOfAccount(account), false, now);
}

function sendFrame(local: u32, port: Port, dataClass: u32, pause: bool, now: u64): void {
  if (isIdle(port, local, now)) {
    transmitFrame(port, now, frameWord(pause ? 1 : 0, dataClass));
    pushEnd(local, port.busyUntilPs);
  } else {
    const extra = extraOf(laneAt(port, dataClass));
    if (extra.framesWaiting == 0) extra.firstFrameIsPause = pause ? 1 : 0;
    extra.framesWaiting++;
    sw.framesWaiting++;
    port.queuedPs += framePs(port);
  }
  updateDepth(sw, local, port.busyUntilPs + port.queuedPs);
}

/** Tells the peer of credit, as soon as the port is free. */
function queueUpdate(account: u32, now: u64): void {
  const local = localOfAccount(account);
  const port = portAt(ports, local);
  if (isIdle(port, local, now)) {
    sendUpdate(port, classOfAccount(account), now);
    pushEnd(local, port.busyUntilPs);
  } else {
    extraOf(laneOfAccount(ports, account)).framesWaiting = 1;
    sw.framesWaiting++;
    port.queuedPs += updatePs(port);
  }
  updateDepth(sw, local, port.busyUntilPs + port.queuedPs);
}

function startPacket(local: u32, port: Port, now: u64, account: u32, packet: PacketRecord): void {
  const wire = packet.wireBytes;
  const arrives = transmit(port, now, serializationPs(port, wire), packet) != 0;
  if (arrives) spendCredit(port, packet.flow, packet.word1, wire);
  pushEnd(local, port.busyUntilPs);
  // Repetitions by the link may have moved it.
  if (sw.retries != 0) updateDepth(sw, local, port.busyUntilPs + port.queuedPs);
  if (packet.isControl) return;
  if (classCount != 1) takeTurn(port, classOf(packet.flow), wire);
  const bytes = wire - gapBytes;
  if (run.releaseAtStart) {
    releaseBytes(account, bytes, now);
  } else {
    port.heldBytes = bytes;
    port.heldAccount = <u16>account;
  }
}

function endTransmission(local: u32, now: u64): void {
  const port = portAt(ports, local);
  const held = port.heldBytes;
  if (held != 0) {
    port.heldBytes = 0;
    releaseBytes(port.heldAccount, held, now);
  }
  startNext(local, port, now);
}

/** Starts what is first in turn on a free port, if anything. */
function startNext(local: u32, port: Port, now: u64): void {
  if (mayHaveFrame(port) && startFrame(local, port, now)) return;
  if (port.controlHead != 0) {
    start(local, port, port, packetAt(port.controlHead), now);
    popControl(port);
    return;
  }
  const lane = nextLane(port, now);
  if (changetype<u32>(lane) == 0) return;
  start(local, port, lane, packetAt(lane.dataHead), now);
  popData(lane);
}

/** False where no frame waits for the port for sure. */
@inline
function mayHaveFrame(port: Port): bool {
  return sw.framesWaiting != 0 && (classCount != 1 || extraOf(port).framesWaiting != 0);
}

/** Starts the first frame that waits for the port; false if there is none. */
function startFrame(local: u32, port: Port, now: u64): bool {
  for (let c: u32 = 0; c < classCount; c++) {
    const extra = extraOf(laneAt(port, c));
    if (extra.framesWaiting == 0) continue;
    extra.framesWaiting--;
    sw.framesWaiting--;
    if (sw.credited) {
      port.queuedPs -= updatePs(port);
      sendUpdate(port, c, now);
    } else {
      const pause = extra.firstFrameIsPause;
      extra.firstFrameIsPause = 1 - pause;
      port.queuedPs -= framePs(port);
      transmitFrame(port, now, frameWord(pause, c));
    }
    pushEnd(local, port.busyUntilPs);
    return true;
  }
  return false;
}

/** The lane whose first packet is next; 0 where none may start. */
function nextLane(port: Port, now: u64): Port {
  if (classCount == 1) {
    const head = port.dataHead;
    return head != 0 && mayStartData(port, packetAt(head).wireBytes, now) ? port : changetype<Port>(0);
  }
  let lane: Port;
  do {
    const able = ableClasses(port);
    if (able == 0) return changetype<Port>(0);
    lane = laneAt(port, chooseClass(port, able));
  } while (!mayStartData(lane, packetAt(lane.dataHead).wireBytes, now));
  return lane;
}

/** Data classes that have a packet and are not held, as a mask. */
function ableClasses(port: Port): u32 {
  let able: u32 = 0;
  for (let c: u32 = 0; c < classCount; c++) {
    const lane = laneAt(port, c);
    if (lane.dataHead != 0 && !lane.paused) able |= 1 << c;
  }
  return able;
}

/** Starts a queued packet, which is still to be taken off its queue. */
@inline
function start(local: u32, port: Port, lane: Port, packet: PacketRecord, now: u64): void {
  const takesPs = serializationPs(port, packet.wireBytes);
  port.queuedPs -= takesPs;
  if (!packet.isControl) takeFromClassQueue(lane, takesPs);
  startPacket(local, port, now, accountIn(packet), packet);
}

/** A pause (1) or resume (0) frame for a data class or all takes effect, or a pause lapses. */
function takeFrame(local: u32, kind: u32, dataClass: u32, now: u64): void {
  const port = portAt(ports, local);
  let resumed = false;
  if (dataClass == ALL_CLASSES) {
    for (let c: u32 = 0; c < classCount; c++) if (applyPause(laneAt(port, c), kind, now)) resumed = true;
  } else {
    resumed = applyPause(laneAt(port, dataClass), kind, now);
  }
  if (!resumed) return;
  if (isIdle(port, local, now)) startNext(local, port, now);
  updateDepth(sw, local, port.busyUntilPs + port.queuedPs);
}

/** What a frame does to a lane. Returns whether that may send again. */
function applyPause(lane: Port, kind: u32, now: u64): bool {
  if (sw.guarded && clockOf(lane).storming) {
    recordWish(lane, kind != 0, now);
    clockPs = min(clockPs, nextClockPs(lane));
    return false;
  }
  if (kind != 0) {
    if (pausePort(lane, now)) sw.pausedPorts++;
    if (sw.guarded) watch(lane, now);
    if (clocked) clockPs = min(clockPs, nextClockPs(lane));
    return false;
  }
  if (!resumePort(lane, now)) return false;
  sw.pausedPorts--;
  return true;
}

/** A credit update takes effect. */
function takeCredit(local: u32, dataClass: u32, limitBlocks: u64, now: u64): void {
  const port = portAt(ports, local);
  const lane = laneAt(port, dataClass);
  const held = lane.paused == Hold.Credit;
  const since = takeUpdate(lane, limitBlocks);
  if (!held) return;
  sw.pausedPorts--;
  if (isIdle(port, local, now)) startNext(local, port, now);
  countWait(lane, since, now);
  updateDepth(sw, local, port.busyUntilPs + port.queuedPs);
}

/** The next end of a transmission after which something is to be started or released. */
function nextStep(): u64 {
  let next = u64.MAX_VALUE;
  for (let i: u32 = 0; i < portCount; i++) {
    const port = portAt(ports, i);
    const busy = port.busyUntilPs;
    if (busy < <i64>windowEnd) continue;
    if (port.heldBytes != 0 || port.controlHead != 0 || isWaiting(port)) next = min(next, <u64>busy);
  }
  if (clocked || reducing) {
    updateClocks();
    next = min(next, clockPs);
  }
  return next;
}

/** Whether a frame, or data that may go, waits for the port. */
@inline
function isWaiting(port: Port): bool {
  if (classCount == 1) return extraOf(port).framesWaiting != 0 || (port.dataHead != 0 && !port.paused);
  return isWaitingInAny(port);
}

function isWaitingInAny(port: Port): bool {
  for (let c: u32 = 0; c < classCount; c++) {
    const lane = laneAt(port, c);
    if (extraOf(lane).framesWaiting != 0 || (lane.dataHead != 0 && !lane.paused)) return true;
  }
  return false;
}
