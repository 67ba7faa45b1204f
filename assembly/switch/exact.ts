/**
 * The exact step of a switch: arrivals and ends of transmission one by one in the order of the
 * model, with admission, pause, resume and credit at each. For windows in which a threshold could
 * be crossed and its ports cannot be told apart (see entangled.ts), and where links are on credit.
 */
import { sorted, timeOf } from "../engine/inbox";
import { NEVER, portAt, windowEnd, windowStart } from "../engine/state";
import { FULL } from "../memory/features";
import { Device } from "../memory/structs/device";
import { Port } from "../memory/structs/port";
import { Switch } from "../memory/structs/switch";
import { packetAt } from "../packet/record";
import { clocked } from "../port/clock";
import { prefetchCredit } from "../port/credit";
import { classCount, laneAt } from "../port/lanes";
import { extraOf } from "../port/port";
import { ableClasses } from "../port/turns";
import { reducing } from "../reduction/members";
import { sampleAfter, sampleBefore } from "../routing/samples";
import { arrive } from "./arrive";
import { sumShared } from "./buffers/pfc";
import { sumLossy } from "./buffers/tail-drop";
import { playClocks } from "./clocks";
import { clearEnds, dropEnd, endPsOf, firstEnd, localOf, scheduleEnd } from "./ends";
import {
  active,
  activeWords,
  clockPs,
  enter,
  findClock,
  handleArrival,
  handleEnd,
  portCount,
  ports,
  sw,
  updateHeld,
} from "./here";
import { endTransmission } from "./start";

/** With fewer arrivals than this, touching every port costs more than it saves. */
const PREFETCH_FROM: u32 = 32;

/**
 * Steps a switch through this window and returns when it must be stepped again (all ones: when
 * something arrives).
 */
export function stepExact(device: Device, body: Switch, count: u32): u64 {
  enter(device, body);
  if (FULL && sw.credited && count >= PREFETCH_FROM) prefetchCredit(ports, portCount);
  beginWindow();
  const end = sorted + count * 8;
  let entry = sorted;
  for (;;) {
    const arrivalPs = entry < end ? timeOf(<u32>(load<u64>(entry) >> 32)) : NEVER;
    const first = firstEnd();
    const endPs = first == u32.MAX_VALUE ? NEVER : endPsOf(first);
    const nowPs = min(min(arrivalPs, clockPs), endPs);
    if (nowPs >= windowEnd) break;
    if (FULL && sw.samples != 0) sampleBefore(sw, ports, nowPs);
    if (arrivalPs <= min(clockPs, endPs)) {
      handleArrival();
      const packed = load<u64>(entry);
      arrive(<u32>(packed >> 32), packetAt(<u32>packed), arrivalPs);
      entry += 8;
    } else if (clockPs <= endPs) {
      handleArrival();
      playClocks(clockPs);
    } else {
      const local = localOf(first);
      dropEnd();
      handleEnd(local);
      endTransmission(local, endPs);
    }
  }
  if (FULL && sw.samples != 0) sampleAfter(sw, ports);
  return endWindow();
}

/** Brings the books up to the start of the window and finds the transmissions that end in it. */
function beginWindow(): void {
  clearEnds(activeWords);
  for (let i: u32 = 0; i < portCount; i++) {
    const port = portAt(ports, i);
    if (port.heldBytes != 0) updateHeld(i, port);
  }
  for (let w: u32 = 0; w < activeWords; w++) {
    for (let bits = load<u64>(active + w * 8); bits != 0; bits &= bits - 1) {
      const local = w * 64 + <u32>ctz(bits);
      const busy = portAt(ports, local).busyUntilPs;
      if (busy >= <i64>windowStart) scheduleEnd(local, busy);
    }
  }
  if (clocked || reducing) findClock();
  if (sw.lossless && !sw.credited && sw.dynamic) sumShared(sw, ports, portCount);
  if (FULL && sw.lossyClasses != 0) sumLossy(sw, ports, portCount);
}

/**
 * Keeps the ports active that have something left to do. Returns the next end of a transmission
 * after which something is to be started or released.
 */
function endWindow(): u64 {
  let next = NEVER;
  for (let w: u32 = 0; w < activeWords; w++) {
    let kept: u64 = 0;
    for (let bits = load<u64>(active + w * 8); bits != 0; bits &= bits - 1) {
      const bit = <u64>ctz(bits);
      const port = portAt(ports, w * 64 + <u32>bit);
      const due = port.heldBytes != 0 || port.controlHead != 0 || isWaiting(port);
      if (due || port.dataHead != 0 || classCount != 1) kept |= (<u64>1) << bit;
      if (due && port.busyUntilPs >= <i64>windowEnd) next = min(next, <u64>port.busyUntilPs);
    }
    store<u64>(active + w * 8, kept);
  }
  if (clocked || reducing) {
    findClock();
    next = min(next, clockPs);
  }
  return next;
}

/** Whether a frame, or data that may go, waits for the port. */
@inline
function isWaiting(port: Port): bool {
  if (classCount == 1)
    return (sw.framesWaiting != 0 && extraOf(port).framesWaiting != 0) || (port.dataHead != 0 && !port.paused);
  if (ableClasses(port) != 0) return true;
  for (let c: u32 = 0; c < classCount; c++) if (extraOf(laneAt(port, c)).framesWaiting != 0) return true;
  return false;
}
