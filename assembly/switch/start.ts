/**
 * Which packet a port of a switch starts next in the exact step, and what its start or end frees.
 */
import { portAt } from "../engine/state";
import { watchesWaits } from "../engine/watch";
import { run } from "../memory/arena";
import { FULL } from "../memory/features";
import { Port } from "../memory/structs/port";
import { gapBytes } from "../packet/packet";
import { PacketRecord, packetAt } from "../packet/record";
import { clocked, stopRefresh } from "../port/clock";
import { spendCredit, waitsForCredit } from "../port/credit";
import {
  addToClassQueue,
  classCount,
  classOf,
  classOfAccount,
  classQueuedPs,
  laneAt,
  laneOf,
  laneOfAccount,
  localOfAccount,
  takeFromClassQueue,
} from "../port/lanes";
import { marked, marksAtQueue } from "../port/marking";
import { backlogPs, serializationPs } from "../port/port";
import { accountIn, appendIn, popControl, popData } from "../port/queue";
import { transmit } from "../port/transmit";
import { ableClasses, chooseClass, takeTurn } from "../port/turns";
import { isLossy, NO_ACCOUNT } from "./buffers/account";
import * as credit from "./buffers/credit";
import * as pfc from "./buffers/pfc";
import * as tailDrop from "./buffers/tail-drop";
import { scheduleEnd } from "./ends";
import { advanceClock, isIdle, ports, recordDepth, setActive, sw } from "./here";
import { tellFreed } from "./holders";
import { mayHaveSignal, scheduleBusy, sendCredit, sendFrame, startSignal } from "./signals";
import { recordBacklog } from "./statistics";
import { watch } from "./watchdog";

/** Starts the packet if its port is idle and the class not paused, else queues it. */
export function queue(egress: u32, port: Port, now: u64, place: u32, packet: PacketRecord): void {
  const control = packet.isControl;
  const lane = control ? port : laneOf(port, packet.word2);
  const wire = packet.wireBytes;
  const idle = isIdle(port, egress, now);
  if (idle && (control || mayStartData(lane, wire, now))) {
    startPacket(egress, port, now, <u16>place, packet);
    scheduleBusy(egress, port);
  } else {
    const takesPs = serializationPs(port, wire);
    appendIn(port, lane, place, takesPs, packet);
    if (!control) addToClassQueue(lane, takesPs);
    setActive(egress);
    if (!idle) scheduleEnd(egress, port.busyUntilPs);
    if (sw.guarded && lane.paused) {
      watch(lane, now);
      advanceClock(lane);
    }
  }
  afterQueued(egress, port, now);
}

/** Marks a data packet that is queued, by the backlog of its class. */
@inline
export function mark(port: Port, packet: PacketRecord, now: u64): void {
  if (!marksAtQueue || !packet.isData) return;
  const backlog = backlogPs(port, now) - port.queuedPs + classQueuedPs(port, packet.word2);
  packet.word1 = marked(port, laneOf(port, packet.word2), backlog, packet.word1);
}


@inline
export function afterQueued(egress: u32, port: Port, now: u64): void {
  recordBacklog(port, now);
  recordDepth(egress, port);
}

/** Starts what is first in turn on a free port, if anything. */
export function startNext(local: u32, port: Port, now: u64): void {
  if (mayHaveSignal(port) && startSignal(local, port, now)) return;
  if (port.controlHead != 0) {
    startQueued(local, port, port, packetAt(port.controlHead), now);
    popControl(port);
  } else {
    const lane = nextLane(port, now);
    if (changetype<u32>(lane) == 0) return;
    startQueued(local, port, lane, packetAt(lane.dataHead), now);
    popData(lane);
  }
  scheduleBusy(local, port);
}

/** Starts a queued packet, which is still to be taken off its queue. */
@inline
function startQueued(local: u32, port: Port, lane: Port, packet: PacketRecord, now: u64): void {
  const takesPs = serializationPs(port, packet.wireBytes);
  port.queuedPs -= takesPs;
  if (!packet.isControl) takeFromClassQueue(lane, takesPs);
  startPacket(local, port, now, accountIn(packet), packet);
}

/** Puts a packet on the wire; the caller schedules its end. */
function startPacket(local: u32, port: Port, now: u64, account: u32, packet: PacketRecord): void {
  const wire = packet.wireBytes;
  const arrives = transmit(port, now, serializationPs(port, wire), packet) != 0;
  if (arrives) spendCredit(port, packet.word1, packet.word2, wire);
  // Repetitions by the link may have moved it.
  if (sw.retries != 0) recordDepth(local, port);
  if (packet.isControl) return;
  if (classCount != 1) takeTurn(port, classOf(packet.word2), wire);
  const bytes = wire - gapBytes;
  if (run.releaseAtStart) {
    releaseBytes(account, local, bytes, now);
  } else {
    port.heldBytes = bytes;
    port.heldAccount = <u16>account;
    setActive(local);
  }
}

/** The port's transmission has ended. */
export function endTransmission(local: u32, now: u64): void {
  const port = portAt(ports, local);
  const held = port.heldBytes;
  if (held != 0) {
    port.heldBytes = 0;
    releaseBytes(port.heldAccount, local, held, now);
  }
  startNext(local, port, now);
}

/**
 * Takes the bytes of a packet off its account, and tells the peer of what that changes. `egress`
 * is the local port that the packet leaves by, or `NO_PORT`.
 */
export function releaseBytes(account: u32, egress: u32, bytes: u32, now: u64): void {
  if (FULL && account == NO_ACCOUNT) return;
  const lane = laneOfAccount(ports, account);
  if (isLossy(sw, classOfAccount(account))) {
    tailDrop.release(sw, lane, bytes);
  } else if (FULL && sw.credited) {
    if (!credit.release(sw, lane, bytes)) return;
    if (watchesWaits()) tellFreed(account, egress, now);
    const local = localOfAccount(account);
    sendCredit(local, portAt(ports, local), classOfAccount(account), now);
  } else {
    if (!pfc.release(sw, lane, bytes)) return;
    if (clocked) stopRefresh(lane);
    const local = localOfAccount(account);
    sendFrame(local, portAt(ports, local), classOfAccount(account), false, now);
  }
}

/**
 * Whether the lane of a free port may start the data packet; where only credit is wanting, it waits
 * for that from now on.
 */
function mayStartData(lane: Port, wire: u32, now: u64): bool {
  if (lane.paused) return false;
  if (!FULL || !waitsForCredit(lane, wire - gapBytes, now)) return true;
  sw.pausedPorts++;
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
