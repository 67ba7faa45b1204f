/**
 * The fast step of a switch: for windows in which no ingress can reach its pause threshold and no packet can be dropped, which
 * `step.ts` has made sure of. Buffer counters then matter only at the window's end, and ports are independent of each other apart from
 * the order of arrivals: each arrival brings its egress port up to date, and is sent on at once or queued.
 */
import { PACKET_BIT, PORT_MASK, PORT_SHIFT, sorted, timeOf } from "../engine/inbox";
import { portAt, windowEnd } from "../engine/state";
import { gapBytes, isControl, wireBytes, TYPE_MASK } from "../link/packet";
import { transmit } from "../link/transmit";
import { run } from "../memory/arena";
import { Device, Port, Switch } from "../memory/structs";
import { noteDepth } from "../routing/adaptive";
import { route } from "../routing/route";
import { charge, discharge, dischargeHeld } from "./buffer";
import { marked } from "./ecn";
import { pausePort, resumePort } from "./pause";
import { append, popControl, popData } from "./queue";
import { noteBacklog } from "./statistics";

/** Starts a packet at `startPs` and moves the charge of the one before it off the books. */
// @ts-ignore: decorator
@inline
function start(sw: Switch, ports: u32, port: Port, startPs: u64, account: u32, w1: u32, w2: u32, w3: u32, wire: u32): void {
  dischargeHeld(sw, ports, port);
  if (!isControl(w1)) {
    if (run.releaseAtStart) {
      discharge(sw, portAt(ports, account), wire - gapBytes);
    } else {
      port.heldBytes = wire - gapBytes;
      port.heldAccount = <u16>account;
    }
  }
  transmit(port, startPs, w1, w2, w3, wire);
}

/** Starts queued packets whose turn comes before `limitPs`. */
// @ts-ignore: decorator
@inline
function drain(sw: Switch, ports: u32, port: Port, limitPs: u64): void {
  while (port.busyUntilPs < <i64>limitPs) {
    if (port.controlCount != 0) {
      const record = port.controlHead;
      startQueued(sw, ports, port, record, port.busyUntilPs);
      popControl(port);
    } else if (port.dataCount != 0 && !port.paused) {
      const record = port.dataHead;
      startQueued(sw, ports, port, record, port.busyUntilPs);
      popData(port);
    } else {
      return;
    }
  }
}

function startQueued(sw: Switch, ports: u32, port: Port, record: u32, startPs: u64): void {
  const w1 = load<u32>(record, 4);
  const w3 = load<u32>(record, 12);
  const wire = wireBytes(w1, w3);
  start(sw, ports, port, startPs, load<u32>(record), w1, load<u32>(record, 8), w3, wire);
  port.queuedPs -= <u64>(port.busyUntilPs - <i64>startPs);
}

/** Steps through the sorted arrivals of this window. */
export function stepFast(sw: Switch, device: Device, count: u32): void {
  const ports = device.ports;
  const active = device.active;
  const lossless = sw.lossless != 0;
  for (let entry = sorted, end = sorted + count * 8; entry < end; entry += 8) {
    const packed = load<u64>(entry);
    const key = <u32>(packed >> 32);
    const record = <u32>packed;
    const now = timeOf(key);
    if (now >= windowEnd) return;
    const ingress = (key >> PORT_SHIFT) & PORT_MASK;
    let w1 = load<u32>(record, 4);
    if ((key & PACKET_BIT) == 0) {
      takeFrame(sw, ports, ingress, w1 != 0, now);
      continue;
    }
    const w2 = load<u32>(record, 8);
    const w3 = load<u32>(record, 12);
    if (sw.pausedPorts != 0 && sw.ticks != 0) drainPaused(sw, device, now);
    const egress = route(sw, ports, w1, w2, now);
    const port = portAt(ports, egress);
    drain(sw, ports, port, now);
    const wire = wireBytes(w1, w3);
    if (isControl(w1)) {
      const free = port.busyUntilPs;
      const startPs = free < <i64>now ? now : <u64>free;
      if (port.controlCount == 0 && startPs < windowEnd) {
        start(sw, ports, port, startPs, 0, w1, w2, w3, wire);
      } else {
        append(port, 0, w1, w2, w3, wire);
        markActive(active, egress);
      }
    } else {
      const account = lossless ? ingress : egress;
      charge(sw, portAt(ports, account), wire - gapBytes);
      if (run.ecnEnabled && (w1 & TYPE_MASK) == 0) w1 = marked(port, now, w1);
      if (port.busyUntilPs < <i64>now && !port.paused) {
        start(sw, ports, port, now, account, w1, w2, w3, wire);
      } else {
        append(port, account, w1, w2, w3, wire);
        markActive(active, egress);
      }
    }
    noteBacklog(port, now);
    noteDepth(sw, egress, port);
  }
}

/** Starts what can start before the window ends, port by port, and returns when the next queued packet will (all ones: none). */
export function drainFast(sw: Switch, device: Device): u64 {
  const ports = device.ports;
  let next = u64.MAX_VALUE;
  for (let w: u32 = 0; w < device.activeWords; w++) {
    const word = device.active + w * 8;
    let bits = load<u64>(word);
    let kept = bits;
    while (bits != 0) {
      const bit = <u32>ctz(bits);
      bits &= bits - 1;
      const port = portAt(ports, w * 64 + bit);
      drain(sw, ports, port, windowEnd);
      if (port.controlCount == 0 && port.dataCount == 0) kept &= ~(<u64>1 << bit);
      else if (port.controlCount != 0 || !port.paused) next = min(next, <u64>port.busyUntilPs);
    }
    store<u64>(word, kept);
  }
  return next;
}

/** Brings the paused ports up to date: what `adaptive` sees of them depends on it. */
function drainPaused(sw: Switch, device: Device, now: u64): void {
  for (let w: u32 = 0; w < device.activeWords; w++) {
    for (let bits = load<u64>(device.active + w * 8); bits != 0; bits &= bits - 1) {
      const port = portAt(device.ports, w * 64 + <u32>ctz(bits));
      if (port.paused) drain(sw, device.ports, port, now);
    }
  }
}

function takeFrame(sw: Switch, ports: u32, local: u32, pause: bool, now: u64): void {
  const port = portAt(ports, local);
  drain(sw, ports, port, now);
  if (pause) {
    if (pausePort(port, now)) sw.pausedPorts++;
    return;
  }
  if (!resumePort(port, now)) return;
  sw.pausedPorts--;
  if (port.dataCount != 0 && port.busyUntilPs < <i64>now) {
    startQueued(sw, ports, port, port.dataHead, now);
    popData(port);
  }
  noteDepth(sw, local, port);
}

/** Remembers that a port has something queued. */
// @ts-ignore: decorator
@inline
export function markActive(active: u32, local: u32): void {
  const word = active + (local >> 6) * 8;
  store<u64>(word, load<u64>(word) | (<u64>1 << (local & 63)));
}
