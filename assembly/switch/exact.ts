/**
 * The exact step of a switch: arrivals and ends of transmission one by one in the order of the
 * model, with admission, pause, resume and credit at each. For windows in which a threshold could
 * be crossed, while any ingress of this switch pauses its peer, and where links are on credit.
 */
import { sorted, timeOf } from "../engine/inbox";
import { portAt, windowEnd, windowStart } from "../engine/state";
import { Device } from "../memory/structs/device";
import { Port } from "../memory/structs/port";
import { Switch } from "../memory/structs/switch";
import { packetAt } from "../packet/record";
import { clocked, clockOf, noteLapse, noteRefresh, startRefresh } from "../port/clock";
import { classCount, laneAt, laneOfAccount } from "../port/lanes";
import { extraOf, serializationPs } from "../port/port";
import { accountIn, popData } from "../port/queue";
import { arrive, takeFrame } from "./arrive";
import { discharge } from "./buffers/account";
import { enterBuffer } from "./buffers/registry";
import { clearEnds, firstEndPs, popEnd, pushEnd } from "./ends";
import { clockPs, enter, findClock, handleArrival, handleEnd, isIdle, portCount, ports, sw, updateDepth } from "./here";
import { noteTaken } from "./refuse";
import { sendFrame } from "./signals";
import { releaseBytes, startNext } from "./start";
import { beginStorm, endStorm, isDiscarding, noteDiscarded } from "./watchdog";

/**
 * Steps a switch through this window and returns when it must be stepped again (all ones: when
 * something arrives).
 */
export function stepExact(device: Device, body: Switch, count: u32): u64 {
  enter(device, body);
  settle();
  const end = sorted + count * 8;
  let entry = sorted;
  for (;;) {
    const arrivalPs = entry < end ? timeOf(<u32>(load<u64>(entry) >> 32)) : u64.MAX_VALUE;
    const endPs = firstEndPs();
    if (min(min(arrivalPs, clockPs), endPs) >= windowEnd) break;
    if (arrivalPs <= min(clockPs, endPs)) {
      handleArrival();
      const packed = load<u64>(entry);
      arrive(<u32>(packed >> 32), packetAt(<u32>packed), arrivalPs);
      entry += 8;
    } else if (clockPs <= endPs) {
      handleArrival();
      playClocks(clockPs);
    } else {
      const local = popEnd();
      handleEnd(local);
      endTransmission(local, endPs);
    }
  }
  return nextStep();
}

/**
 * Brings the books up to the start of the window (the fast step lets them lag) and finds the
 * transmissions that end in it.
 */
function settle(): void {
  clearEnds();
  for (let i: u32 = 0; i < portCount; i++) {
    const port = portAt(ports, i);
    if (port.busyUntilPs >= <i64>windowStart) {
      pushEnd(i, port.busyUntilPs);
    } else if (port.heldBytes != 0) {
      discharge(sw, laneOfAccount(ports, port.heldAccount), port.heldBytes);
      port.heldBytes = 0;
    }
  }
  if (clocked) findClock();
  enterBuffer(sw, ports, portCount);
}

/** Plays what is due at `now`, if it has not been called off. */
function playClocks(now: u64): void {
  for (let i: u32 = 0; i < portCount; i++) {
    for (let c: u32 = 0; c < classCount; c++) playClock(i, portAt(ports, i), c, now);
  }
  findClock();
}

function playClock(local: u32, port: Port, dataClass: u32, now: u64): void {
  const lane = laneAt(port, dataClass);
  const clock = clockOf(lane);
  if (clock.lapsesAtPs == now) {
    noteLapse();
    takeFrame(local, 0, dataClass, now);
  }
  if (clock.refreshAtPs == now) {
    startRefresh(lane, now);
    if (noteRefresh(lane)) sendFrame(local, port, dataClass, true, now);
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
    const bytes = packet.accountedBytes;
    const takesPs = serializationPs(port, packet.wireBytes);
    popData(lane);
    noteTaken(port, lane, takesPs);
    noteDiscarded(lane);
    releaseBytes(account, bytes, now);
  }
  if (isIdle(port, local, now)) startNext(local, port, now);
  updateDepth(local, port);
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

/** The next end of a transmission after which something is to be started or released. */
function nextStep(): u64 {
  let next = u64.MAX_VALUE;
  for (let i: u32 = 0; i < portCount; i++) {
    const port = portAt(ports, i);
    const busy = port.busyUntilPs;
    if (busy < <i64>windowEnd) continue;
    if (port.heldBytes != 0 || port.controlHead != 0 || isWaiting(port)) next = min(next, <u64>busy);
  }
  if (clocked) {
    findClock();
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
