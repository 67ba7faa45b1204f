/**
 * The fast step of a switch: for windows in which no ingress can reach its pause threshold and no packet can be dropped, which
 * `step.ts` has made sure of. Buffer counters then matter only at the window's end, and ports are independent of each other apart from
 * the order of arrivals: each arrival brings its egress port up to date, and is sent on at once or queued.
 */
import { PACKET_BIT, PORT_MASK, PORT_SHIFT, sorted, timeOf } from "../engine/inbox";
import { portAt, windowEnd } from "../engine/state";
import { gapBytes, isControl, wireBytes, TYPE_MASK } from "../link/packet";
import { serializationPs, transmit } from "../link/transmit";
import { run } from "../memory/arena";
import { Device, Port, Switch } from "../memory/structs";
import { noteDepth } from "../routing/adaptive";
import { route } from "../routing/route";
import { charge, discharge, dischargeHeld } from "./buffer";
import { marked } from "./ecn";
import { pausePort, resumePort } from "./pause";
import { append, popControl, popData } from "./queue";
import { noteBacklog } from "./statistics";

/** Starts a packet at `startPs` and takes the one before it off its account. */
@inline
function start(
  sw: Switch,
  ports: u32,
  port: Port,
  startPs: u64,
  takesPs: u64,
  account: u32,
  w1: u32,
  w23: u64,
  wire: u32,
): void {
  dischargeHeld(sw, ports, port);
  if (!isControl(w1)) {
    if (run.releaseAtStart) {
      discharge(sw, portAt(ports, account), wire - gapBytes);
    } else {
      port.heldBytes = wire - gapBytes;
      port.heldAccount = <u16>account;
    }
  }
  transmit(port, startPs, takesPs, w1, w23, wire);
}

/** Starts queued packets whose turn comes before `limitPs`. */
@inline
function drain(sw: Switch, ports: u32, port: Port, limitPs: u64): void {
  while (port.busyUntilPs < <i64>limitPs && hasTurn(port)) startQueued(sw, ports, port, port.busyUntilPs);
}


@inline
function hasTurn(port: Port): bool {
  return port.controlHead != 0 || (port.dataHead != 0 && !port.paused);
}

/** Starts the packet that is first in turn. */
function startQueued(sw: Switch, ports: u32, port: Port, startPs: u64): void {
  const control = port.controlHead != 0;
  const record = control ? port.controlHead : port.dataHead;
  const first = load<u64>(record);
  const w23 = load<u64>(record, 8);
  const w1 = <u32>(first >> 32);
  if (control) popControl(port);
  else popData(port);
  const wire = wireBytes(w1, <u32>(w23 >> 32));
  const takesPs = serializationPs(port, wire);
  port.queuedPs -= takesPs;
  start(sw, ports, port, startPs, takesPs, <u32>first, w1, w23, wire);
}

/** Keeps the loads of `prefetchPorts` alive. */
let touched: u64 = 0;

/**
 * Brings the ports and the heads of their queues into cache before the arrivals need them one by one: the misses overlap.
 */
export function prefetchPorts(sw: Switch, device: Device): void {
  let sum: u64 = 0;
  if (sw.ticks != 0) {
    for (let at = sw.ticks, end = sw.ticks + device.portCount * 4; at < end; at += 64) sum += load<u32>(at);
  }
  for (let i: u32 = 0; i < device.portCount; i++) {
    const port = portAt(device.ports, i);
    const head = port.dataHead;
    sum += head != 0 ? load<u64>(head) : 0;
  }
  touched = sum;
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
    const w23 = load<u64>(record, 8);
    if (sw.pausedPorts != 0 && sw.ticks != 0) drainPaused(sw, device, now);
    const egress = route(sw, ports, w1, <u32>w23, now);
    const port = portAt(ports, egress);
    drain(sw, ports, port, now);
    const wire = wireBytes(w1, <u32>(w23 >> 32));
    const takesPs = serializationPs(port, wire);
    if (isControl(w1)) {
      const free = port.busyUntilPs;
      const startPs = free < <i64>now ? now : <u64>free;
      if (port.controlHead == 0 && startPs < windowEnd) {
        start(sw, ports, port, startPs, takesPs, 0, w1, w23, wire);
      } else {
        append(port, 0, w1, w23, takesPs);
        markActive(active, egress);
      }
    } else {
      const account = lossless ? ingress : egress;
      charge(sw, portAt(ports, account), wire - gapBytes);
      if (run.ecnEnabled && (w1 & TYPE_MASK) == 0) w1 = marked(port, now, w1);
      if (port.busyUntilPs < <i64>now && !port.paused) {
        start(sw, ports, port, now, takesPs, account, w1, w23, wire);
      } else {
        append(port, account, w1, w23, takesPs);
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
      if (hasTurn(port)) next = min(next, <u64>port.busyUntilPs);
      else if (port.dataHead == 0) kept &= ~((<u64>1) << bit);
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
  if (port.dataHead != 0 && port.busyUntilPs < <i64>now) startQueued(sw, ports, port, now);
  noteDepth(sw, local, port);
}

/** Remembers that a port has something queued. */
@inline
export function markActive(active: u32, local: u32): void {
  const word = active + (local >> 6) * 8;
  store<u64>(word, load<u64>(word) | ((<u64>1) << (local & 63)));
}
