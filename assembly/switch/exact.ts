/**
 * The exact step of a switch: arrivals and ends of transmission one by one in the order of the model, with admission, pause, resume and credit
 * at each. For windows in which a threshold could be crossed, while any ingress of this switch pauses its peer, and where links are on credit.
 */
import { sorted, timeOf } from "../engine/inbox";
import { PACKET_BIT, PORT_MASK, PORT_SHIFT } from "../engine/key";
import { NEVER, portAt, windowEnd, windowStart } from "../engine/state";
import {
  freeCredit,
  isUpdate,
  noteSentOnCredit,
  noteWait,
  sendUpdate,
  takeUpdate,
  updatePs,
  waitsForCredit,
} from "../link/credit";
import {
  DATA,
  gapBytes,
  isControl,
  MARK,
  NOTICE,
  NUMBER_MASK,
  thirdWord,
  TRIMMED,
  TYPE_MASK,
  wireBytes,
  wordPair,
} from "../link/packet";
import { marked, marksAtQueue } from "../link/marking";
import { backlogPs, extraOf, portNumber, serializationPs, transmit, transmitFrame } from "../link/transmit";
import { own, run } from "../memory/arena";
import { setBit } from "../memory/bitmap";
import { Device, Hold, Port, Switch, Trim } from "../memory/structs";
import { draw, keyOf, Purpose } from "../random/hash";
import { noteDepth } from "../routing/adaptive";
import { destinationsOf, noticeDue, takeNotice } from "../routing/adaptive-remote";
import { route } from "../routing/route";
import { charge, discharge, dischargeHeld, dropThreshold, pauseThreshold, usedAboveReserve } from "./buffer";
import { clocked, clockOf, nextClockPs, noteLapse, noteRefresh, startRefresh, stopRefresh } from "./clock";
import { clearEnds, firstEndPs, popEnd, pushEnd } from "./ends";
import { pausePort, resumePort } from "./pause";
import { append, popControl, popData, replaceLast } from "./queue";
import { noteBacklog } from "./statistics";
import { beginStorm, endStorm, isDiscarding, noteDiscarded, noteWish, watch } from "./watchdog";

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

/** Steps a switch through this window and returns when it must be stepped again (all ones: when something arrives). */
export function stepExact(device: Device, body: Switch, count: u32): u64 {
  sw = body;
  ports = device.ports;
  portCount = device.portCount;
  active = device.active;
  settle();
  const end = sorted + count * 8;
  let entry = sorted;
  for (;;) {
    const arrivalPs = entry < end ? timeOf(<u32>(load<u64>(entry) >> 32)) : u64.MAX_VALUE;
    const endPs = firstEndPs();
    if (min(min(arrivalPs, clockPs), endPs) >= windowEnd) break;
    if (arrivalPs <= min(clockPs, endPs)) {
      endingPort = -1;
      const packed = load<u64>(entry);
      arrive(<u32>(packed >> 32), <u32>packed, arrivalPs);
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

/** Brings the books up to the start of the window (the fast step lets them lag) and finds the transmissions that end in it. */
function settle(): void {
  clearEnds();
  sharedUsed = 0;
  for (let i: u32 = 0; i < portCount; i++) {
    const port = portAt(ports, i);
    if (port.busyUntilPs < <i64>windowStart) dischargeHeld(sw, ports, port);
    else pushEnd(i, port.busyUntilPs);
  }
  clockPs = NEVER;
  if (clocked) noteClocks();
  if (!sw.lossless) return;
  for (let i: u32 = 0; i < portCount; i++) {
    const port = portAt(ports, i);
    sharedUsed += usedAboveReserve(port, extraOf(port));
  }
}

/** Finds the first time at which something is due of a port's pause. */
function noteClocks(): void {
  clockPs = NEVER;
  for (let i: u32 = 0; i < portCount; i++) clockPs = min(clockPs, nextClockPs(portAt(ports, i)));
}

/** Plays what is due at `now`, if it has not been called off. */
function playClocks(now: u64): void {
  for (let i: u32 = 0; i < portCount; i++) {
    const port = portAt(ports, i);
    const clock = clockOf(port);
    if (clock.lapsesAtPs == now) {
      noteLapse();
      takeFrame(i, false, now);
    }
    if (clock.refreshAtPs == now) {
      startRefresh(port, now);
      if (noteRefresh(port)) sendFrame(i, port, true, now);
    }
    if (clock.stormAtPs == now) storm(i, port, now);
    if (clock.restoreAtPs == now) {
      endStorm(clock);
      sw.pausedPorts--;
    }
  }
  noteClocks();
}

/** The port has been paused for too long. */
function storm(local: u32, port: Port, now: u64): void {
  beginStorm(port, now);
  while (isDiscarding(port) && port.dataHead != 0) {
    const record = port.dataHead;
    const account = load<u32>(record);
    const wire = wireBytes(load<u32>(record, 4), load<u32>(record, 12));
    popData(port);
    port.queuedPs -= serializationPs(port, wire);
    noteDiscarded(port);
    releaseBytes(account, wire - gapBytes, now);
  }
  if (isIdle(port, local, now)) startNext(local, port, now);
  noteDepth(sw, local, port.busyUntilPs + port.queuedPs);
}

function arrive(key: u32, record: u32, now: u64): void {
  const ingress = (key >> PORT_SHIFT) & PORT_MASK;
  let w1 = load<u32>(record, 4);
  if ((key & PACKET_BIT) == 0) {
    if (isUpdate(w1)) takeCredit(ingress, load<u64>(record, 8), now);
    else takeFrame(ingress, w1 != 0, now);
    return;
  }
  const w23 = load<u64>(record, 8);
  if ((w1 & TYPE_MASK) == NOTICE) {
    takeNotice(sw, ingress, <u32>w23, (<u32>(w23 >> 32)) & NUMBER_MASK, now);
    return;
  }
  const egress = route(sw, ports, w1, <u32>w23, now, record);
  if (sw.remotes != 0) advertise(ingress, egress, w1, now);
  const port = portAt(ports, egress);
  let wire = wireBytes(w1, <u32>(w23 >> 32));
  let account: u32 = 0;
  let takesPlace = false;
  if (!isControl(w1)) {
    if (sw.guarded && isDiscarding(port)) {
      noteDiscarded(port);
      return;
    }
    const bytes = wire - gapBytes;
    if (sw.lossless) {
      account = ingress;
      if (sw.credited) {
        charge(sw, portAt(ports, ingress), bytes);
      } else {
        if (!admitLossless(portAt(ports, ingress), bytes)) return;
        pauseIfDue(ingress, now);
      }
    } else {
      account = egress;
      if (!admitLossy(port, bytes)) {
        if (run.trim == Trim.Off || (w1 & TYPE_MASK) != DATA) {
          extraOf(portAt(ports, ingress)).droppedCongestion++;
          own.droppedCongestion++;
          return;
        }
        own.trimmed++;
        takesPlace = run.trim == Trim.Random && drawnForLast(port, bytes);
        if (takesPlace) {
          cutLast(egress, port, now);
          charge(sw, port, bytes);
        } else {
          w1 = (w1 & ~MARK) | TRIMMED;
          wire = wireBytes(w1, <u32>(w23 >> 32));
        }
      }
    }
    if (marksAtQueue && (w1 & TYPE_MASK) == DATA) w1 = marked(port, backlogPs(port, now), w1);
  }
  if (takesPlace) {
    replaceLast(port, account, w1, w23, serializationPs(port, wire), record);
    noteQueued(egress, port, now);
  } else {
    queue(egress, port, now, account, w1, w23, wire, record);
  }
}

/** Starts the packet if its port is idle and the class not paused, else queues it. */
function queue(egress: u32, port: Port, now: u64, account: u32, w1: u32, w23: u64, wire: u32, record: u32): void {
  if (isIdle(port, egress, now) && (isControl(w1) || mayStartData(port, wire, now))) {
    startPacket(egress, port, now, account, w1, w23, wire, record);
  } else {
    append(port, account, w1, w23, serializationPs(port, wire), record);
    setBit(active, egress);
    if (sw.guarded && port.paused) {
      watch(port, now);
      clockPs = min(clockPs, nextClockPs(port));
    }
  }
  noteQueued(egress, port, now);
}


@inline
function noteQueued(egress: u32, port: Port, now: u64): void {
  noteBacklog(port, now);
  noteDepth(sw, egress, port.busyUntilPs + port.queuedPs);
}

/** Tells the switch that a packet came from of what waits on its way, if it is time to. */
function advertise(ingress: u32, egress: u32, w1: u32, now: u64): void {
  const weight = noticeDue(sw, ports, ingress, egress, w1, now);
  if (weight == 0) return;
  const port = portAt(ports, ingress);
  const w23 = wordPair(destinationsOf(w1), thirdWord(weight, 0));
  const wire = wireBytes(NOTICE, 0);
  if (isIdle(port, ingress, now)) {
    startPacket(ingress, port, now, 0, NOTICE, w23, wire, 0);
  } else {
    append(port, 0, NOTICE, w23, serializationPs(port, wire), 0);
    setBit(active, ingress);
  }
  noteBacklog(port, now);
  noteDepth(sw, ingress, port.busyUntilPs + port.queuedPs);
}

/** Whether chance has it that the data packet that waits last is cut, instead of one of `bytes` that would fit in its place. The next in turn is not. */
function drawnForLast(port: Port, bytes: u32): bool {
  if (port.dataHead == port.dataTail) return false;
  const last = port.dataTail;
  const lastBytes = wireBytes(load<u32>(last, 4), load<u32>(last, 12)) - gapBytes;
  if (!fitsLossy(sw.usedBytes - lastBytes, <i64>port.chargedBytes - lastBytes, bytes)) return false;
  const bits = draw(keyOf(Purpose.Trim, portNumber(port)), extraOf(port).trimDraws++);
  return <i32>bits >= 0;
}

/** Cuts the data packet that waits last to its header, which goes on at once. Its record stays, for another to take. */
function cutLast(egress: u32, port: Port, now: u64): void {
  const last = port.dataTail;
  const w1 = load<u32>(last, 4);
  const w23 = load<u64>(last, 8);
  const wire = wireBytes(w1, <u32>(w23 >> 32));
  port.queuedPs -= serializationPs(port, wire);
  discharge(sw, port, wire - gapBytes);
  const header = (w1 & ~MARK) | TRIMMED;
  queue(egress, port, now, egress, header, w23, wireBytes(header, <u32>(w23 >> 32)), last);
}

/** A port is free only once the end of its transmission was handled, which is after the arrivals of that instant. */
@inline
function isIdle(port: Port, local: u32, now: u64): bool {
  const busy = port.busyUntilPs;
  return busy < <i64>now || (busy == <i64>now && <i32>local < endingPort);
}

/** Whether a free port may start the data packet; where only credit is wanting, it waits for that from now on. */
function mayStartData(port: Port, wire: u32, now: u64): bool {
  if (port.paused) return false;
  if (!waitsForCredit(port, wire - gapBytes, now)) return true;
  sw.pausedPorts++;
  return false;
}

/** Charges the packet to reserve or shared buffer, else to headroom; false if it fits none of them. */
function admitLossless(port: Port, bytes: u32): bool {
  const extra = extraOf(port);
  const after = <i64>port.chargedBytes + bytes - extra.reserveBytes;
  if (after <= 0 || after <= pauseThreshold(sw, extra, sharedUsed)) {
    sharedUsed += max<i64>(after, 0) - usedAboveReserve(port, extra);
    charge(sw, port, bytes);
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
  if (!fitsLossy(sw.usedBytes, egress.chargedBytes, bytes)) return false;
  charge(sw, egress, bytes);
  return true;
}

/** Whether a packet fits into a switch with `used` bytes, `queued` of them for its egress. */
@inline
function fitsLossy(used: i64, queued: i64, bytes: u32): bool {
  return used + bytes <= <i64>sw.bufferBytes && queued + bytes <= dropThreshold(sw, used);
}

function pauseIfDue(ingress: u32, now: u64): void {
  const port = portAt(ports, ingress);
  const extra = extraOf(port);
  if (extra.pausing) return;
  if (extra.headroomUsed == 0 && usedAboveReserve(port, extra) < pauseThreshold(sw, extra, sharedUsed)) return;
  extra.pausing = 1;
  sw.pausingPorts++;
  extra.pausesSent++;
  own.pausesSent++;
  if (clocked) {
    startRefresh(port, now);
    clockPs = min(clockPs, nextClockPs(port));
  }
  sendFrame(ingress, port, true, now);
}

/** Takes a packet's bytes off its account, headroom first, and lets the peer resume if that was the reason. */
function releaseBytes(account: u32, bytes: u32, now: u64): void {
  const port = portAt(ports, account);
  if (!sw.lossless) {
    discharge(sw, port, bytes);
    return;
  }
  if (sw.credited) {
    discharge(sw, port, bytes);
    if (freeCredit(port, bytes)) queueUpdate(account, port, now);
    return;
  }
  const extra = extraOf(port);
  const before = usedAboveReserve(port, extra);
  const fromHeadroom = min(extra.headroomUsed, bytes);
  extra.headroomUsed -= fromHeadroom;
  sw.usedBytes -= fromHeadroom;
  discharge(sw, port, bytes - fromHeadroom);
  const used = usedAboveReserve(port, extra);
  sharedUsed += used - before;
  if (!extra.pausing || extra.headroomUsed != 0) return;
  if (used != 0 && used + extra.resumeOffsetBytes > pauseThreshold(sw, extra, sharedUsed)) return;
  extra.pausing = 0;
  sw.pausingPorts--;
  own.resumesSent++;
  if (clocked) stopRefresh(port);
  sendFrame(account, port, false, now);
}

function sendFrame(local: u32, port: Port, pause: bool, now: u64): void {
  if (isIdle(port, local, now)) {
    transmitFrame(port, now, pause);
    pushEnd(local, port.busyUntilPs);
  } else {
    const extra = extraOf(port);
    if (extra.framesWaiting == 0) extra.firstFrameIsPause = pause ? 1 : 0;
    extra.framesWaiting++;
    sw.framesWaiting++;
    port.queuedPs += framePs(port);
  }
  noteDepth(sw, local, port.busyUntilPs + port.queuedPs);
}

/** Tells the peer of credit, as soon as the port is free. */
function queueUpdate(local: u32, port: Port, now: u64): void {
  if (isIdle(port, local, now)) {
    sendUpdate(port, now);
    pushEnd(local, port.busyUntilPs);
  } else {
    extraOf(port).framesWaiting = 1;
    sw.framesWaiting++;
    port.queuedPs += updatePs(port);
  }
  noteDepth(sw, local, port.busyUntilPs + port.queuedPs);
}

function startPacket(local: u32, port: Port, now: u64, account: u32, w1: u32, w23: u64, wire: u32, record: u32): void {
  const arrives = transmit(port, now, serializationPs(port, wire), w1, w23, wire, record) != 0;
  if (arrives) noteSentOnCredit(port, w1, wire);
  pushEnd(local, port.busyUntilPs);
  // Repetitions by the link may have moved it.
  if (sw.retries != 0) noteDepth(sw, local, port.busyUntilPs + port.queuedPs);
  if (isControl(w1)) return;
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
  const extra = extraOf(port);
  if (extra.framesWaiting != 0 && sw.credited) {
    extra.framesWaiting = 0;
    sw.framesWaiting--;
    port.queuedPs -= updatePs(port);
    sendUpdate(port, now);
    pushEnd(local, port.busyUntilPs);
    return;
  }
  if (extra.framesWaiting != 0) {
    const pause = extra.firstFrameIsPause != 0;
    extra.firstFrameIsPause = pause ? 0 : 1;
    extra.framesWaiting--;
    sw.framesWaiting--;
    port.queuedPs -= framePs(port);
    transmitFrame(port, now, pause);
    pushEnd(local, port.busyUntilPs);
    return;
  }
  const control = port.controlHead != 0;
  if (!control && port.dataHead == 0) return;
  const record = control ? port.controlHead : port.dataHead;
  const account = load<u32>(record);
  const w1 = load<u32>(record, 4);
  const w23 = load<u64>(record, 8);
  const wire = wireBytes(w1, <u32>(w23 >> 32));
  if (!control && !mayStartData(port, wire, now)) return;
  port.queuedPs -= serializationPs(port, wire);
  startPacket(local, port, now, account, w1, w23, wire, record);
  if (control) popControl(port);
  else popData(port);
}

function takeFrame(local: u32, pause: bool, now: u64): void {
  const port = portAt(ports, local);
  if (sw.guarded && clockOf(port).storming) {
    noteWish(port, pause, now);
    clockPs = min(clockPs, nextClockPs(port));
    return;
  }
  if (pause) {
    if (pausePort(port, now)) sw.pausedPorts++;
    if (sw.guarded) watch(port, now);
    if (clocked) clockPs = min(clockPs, nextClockPs(port));
    return;
  }
  if (!resumePort(port, now)) return;
  sw.pausedPorts--;
  if (isIdle(port, local, now)) startNext(local, port, now);
  noteDepth(sw, local, port.busyUntilPs + port.queuedPs);
}

/** A credit update takes effect. */
function takeCredit(local: u32, limitBlocks: u64, now: u64): void {
  const port = portAt(ports, local);
  const held = port.paused == Hold.Credit;
  const since = takeUpdate(port, limitBlocks);
  if (!held) return;
  sw.pausedPorts--;
  if (isIdle(port, local, now)) startNext(local, port, now);
  noteWait(port, since, now);
  noteDepth(sw, local, port.busyUntilPs + port.queuedPs);
}


@inline
function framePs(port: Port): u64 {
  return serializationPs(port, run.pauseWireBytes);
}

/** The next end of a transmission after which something is to be started or released. */
function nextStep(): u64 {
  let next = u64.MAX_VALUE;
  for (let i: u32 = 0; i < portCount; i++) {
    const port = portAt(ports, i);
    const busy = port.busyUntilPs;
    if (busy < <i64>windowEnd) continue;
    const waiting = extraOf(port).framesWaiting != 0 || port.controlHead != 0 || (port.dataHead != 0 && !port.paused);
    if (waiting || port.heldBytes != 0) next = min(next, <u64>busy);
  }
  if (clocked) {
    noteClocks();
    next = min(next, clockPs);
  }
  return next;
}
