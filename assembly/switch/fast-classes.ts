/**
 * The second pass of the fast step where there are several data classes: a port plays its arrivals
 * and its queues alone, event by event. A packet that cannot start at once is queued at once.
 */
import { sorted, timeOf } from "../engine/inbox";
import { PACKET_BIT, PORT_MASK, PORT_SHIFT } from "../engine/key";
import { windowEnd } from "../engine/state";
import { run } from "../memory/arena";
import { Device } from "../memory/structs/device";
import { Port } from "../memory/structs/port";
import { Switch } from "../memory/structs/switch";
import { gapBytes } from "../packet/packet";
import { PacketRecord, packetAt } from "../packet/record";
import {
  accountOf,
  addToClassQueue,
  ALL_CLASSES,
  classCount,
  classOf,
  classQueuedPs,
  frameClass,
  frameKind,
  laneAt,
  laneOf,
  laneOfAccount,
  takeFromClassQueue,
} from "../port/lanes";
import { marked, marksAtQueue } from "../port/marking";
import { pausePort, resumePort } from "../port/pause";
import { backlogPs, serializationPs } from "../port/port";
import { accountIn, appendIn, placeOf, popControl, popData } from "../port/queue";
import { transmit } from "../port/transmit";
import { ableClasses, chooseClass, takeTurn } from "../port/turns";
import { charge, discharge, dischargeHeld, isLossy } from "./buffers/account";
import { recordBacklog } from "./statistics";

let sw: Switch = changetype<Switch>(0);
let ports: u32 = 0;
let links: u32 = 0;

/** Makes a switch the one that is stepped; `next` are the links of its ports' lists. */
export function enterClasses(device: Device, body: Switch, next: u32): void {
  sw = body;
  ports = device.ports;
  links = next;
}

/**
 * Plays the port to the end of the window: its queues, and the arrivals on its list from `first` to
 * `last` (none where `first` is 0).
 */
export function playClasses(local: u32, port: Port, first: u32, last: u32): void {
  for (let entry = first; entry != 0; entry = load<u32>(links + ((entry - sorted) >> 1))) {
    const packed = load<u64>(entry);
    const key = <u32>(packed >> 32);
    const now = timeOf(key);
    startUntil(port, now);
    const packet = packetAt(<u32>packed);
    if ((key & PACKET_BIT) == 0) takeFrame(port, packet.word1, now);
    else arrive(local, (key >> PORT_SHIFT) & PORT_MASK, port, packet, now);
    if (entry == last) break;
  }
  startUntil(port, windowEnd);
}

/** Whether the port has something to send, now or when it falls free. */
export function hasClassTurn(port: Port): bool {
  return port.controlHead != 0 || ableClasses(port) != 0;
}

/** Whether any class of the port has a queue. */
export function hasClassQueue(port: Port): bool {
  for (let c: u32 = 0; c < classCount; c++) if (laneAt(port, c).dataHead != 0) return true;
  return false;
}


@inline
function startUntil(port: Port, limitPs: u64): void {
  while (port.busyUntilPs < <i64>limitPs && startNext(port, port.busyUntilPs)) {}
}

function arrive(local: u32, ingress: u32, port: Port, packet: PacketRecord, now: u64): void {
  const takesPs = serializationPs(port, packet.wireBytes);
  const idle = port.busyUntilPs < <i64>now;
  if (packet.isControl) {
    if (idle) transmit(port, now, takesPs, packet);
    else appendIn(port, port, placeOf(0, ingress), takesPs, packet);
  } else {
    const word2 = packet.word2;
    const lane = laneOf(port, word2);
    const account = accountOf(isLossy(sw, classOf(word2)) ? local : ingress, word2);
    charge(sw, laneOfAccount(ports, account), packet.wireBytes - gapBytes);
    if (marksAtQueue && packet.isData) {
      const backlog = backlogPs(port, now) - port.queuedPs + classQueuedPs(port, word2);
      packet.word1 = marked(port, lane, backlog, packet.word1);
    }
    if (idle && !lane.paused) {
      startData(port, now, takesPs, account, packet);
    } else {
      appendIn(port, lane, placeOf(account, ingress), takesPs, packet);
      addToClassQueue(lane, takesPs);
    }
  }
  recordBacklog(port, now);
}

/** Starts what is first in turn on a free port; false if there is nothing. */
function startNext(port: Port, startPs: u64): bool {
  if (port.controlHead != 0) {
    const packet = packetAt(port.controlHead);
    const takesPs = serializationPs(port, packet.wireBytes);
    port.queuedPs -= takesPs;
    transmit(port, startPs, takesPs, packet);
    popControl(port);
    return true;
  }
  const able = ableClasses(port);
  if (able == 0) return false;
  const lane = laneAt(port, chooseClass(port, able));
  const packet = packetAt(lane.dataHead);
  const takesPs = serializationPs(port, packet.wireBytes);
  port.queuedPs -= takesPs;
  takeFromClassQueue(lane, takesPs);
  startData(port, startPs, takesPs, accountIn(packet), packet);
  popData(lane);
  return true;
}

/** Starts a data packet, which is on an account until its transmission ends, or has started. */
function startData(port: Port, startPs: u64, takesPs: u64, account: u32, packet: PacketRecord): void {
  dischargeHeld(sw, ports, port);
  const wire = packet.wireBytes;
  transmit(port, startPs, takesPs, packet);
  takeTurn(port, classOf(packet.word2), wire);
  const bytes = wire - gapBytes;
  if (run.releaseAtStart) {
    discharge(sw, laneOfAccount(ports, account), bytes);
  } else {
    port.heldBytes = bytes;
    port.heldAccount = <u16>account;
  }
}

/** A pause (1) or resume (0) frame for a data class or all takes effect. */
function takeFrame(port: Port, word1: u32, now: u64): void {
  const dataClass = frameClass(word1);
  const all = dataClass == ALL_CLASSES;
  let resumed = false;
  for (let c: u32 = all ? 0 : dataClass, end = all ? classCount : dataClass + 1; c < end; c++) {
    if (frameKind(word1) != 0) {
      if (pausePort(laneAt(port, c), now)) sw.pausedPorts++;
    } else if (resumePort(laneAt(port, c), now)) {
      sw.pausedPorts--;
      resumed = true;
    }
  }
  if (resumed && port.busyUntilPs < <i64>now) startNext(port, now);
}
