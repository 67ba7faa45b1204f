/**
 * Which packet a port of a switch starts next in the exact step, and what its start or end frees.
 */
import { portAt } from "../engine/state";
import { run } from "../memory/arena";
import { setBit } from "../memory/bitmap";
import { Port } from "../memory/structs/port";
import { gapBytes } from "../packet/packet";
import { PacketRecord, packetAt } from "../packet/record";
import { clocked, stopRefresh } from "../port/clock";
import { waitsForCredit } from "../port/credit";
import { startPacket, startQueued } from "../port/egress";
import {
  classCount,
  classOf,
  classOfAccount,
  laneAt,
  laneOf,
  laneOfAccount,
  localOfAccount,
  noteQueuedIn,
  noteTakenFrom,
} from "../port/lanes";
import { serializationPs } from "../port/port";
import { accountIn, appendIn, popControl, popData } from "../port/queue";
import { chooseClass, takeTurn } from "../port/turns";
import { Due } from "./buffers/due";
import { release } from "./buffers/registry";
import { pushEnd } from "./ends";
import { active, advanceClock, isIdle, ports, sw, updateDepth } from "./here";
import { sendCredit, sendFrame, startSignal } from "./signals";
import { noteBacklog } from "./statistics";
import { watch } from "./watchdog";

/** Starts the packet if its port is idle and the class not paused, else queues it. */
export function queue(egress: u32, port: Port, now: u64, place: u32, packet: PacketRecord): void {
  const control = packet.isControl;
  const lane = control ? port : laneOf(port, packet.flow);
  const wire = packet.wireBytes;
  const takesPs = serializationPs(port, wire);
  if (isIdle(port, egress, now) && (control || mayStartData(lane, wire, now))) {
    startPacket(port, now, takesPs, packet);
    noteStarted(egress, port, now, <u16>place, packet);
  } else {
    appendIn(port, lane, place, takesPs, packet);
    if (!control) noteQueuedIn(lane, takesPs);
    setBit(active, egress);
    if (sw.guarded && lane.paused) {
      watch(lane, now);
      advanceClock(lane);
    }
  }
  noteQueued(egress, port, now);
}


@inline
export function noteQueued(egress: u32, port: Port, now: u64): void {
  noteBacklog(port, now);
  updateDepth(egress, port);
}

/** Starts what is first in turn on a free port, if anything. */
export function startNext(local: u32, port: Port, now: u64): void {
  if (startSignal(local, port, now)) return;
  const control = port.controlHead != 0;
  const lane = control ? port : nextLane(port, now);
  if (changetype<u32>(lane) == 0) return;
  const packet = packetAt(control ? port.controlHead : lane.dataHead);
  if (classCount != 1 && !control) noteTakenFrom(lane, serializationPs(port, packet.wireBytes));
  startQueued(port, packet, now);
  noteStarted(local, port, now, accountIn(packet), packet);
  if (control) popControl(port);
  else popData(lane);
}

/** A packet that is on an account has started. */
function noteStarted(local: u32, port: Port, now: u64, account: u32, packet: PacketRecord): void {
  pushEnd(local, port.busyUntilPs);
  // Repetitions by the link may have moved it.
  if (sw.retries != 0) updateDepth(local, port);
  if (packet.isControl) return;
  const wire = packet.wireBytes;
  if (classCount != 1) takeTurn(port, classOf(packet.flow), wire);
  const bytes = wire - gapBytes;
  if (run.releaseAtStart) {
    releaseBytes(account, bytes, now);
  } else {
    port.heldBytes = bytes;
    port.heldAccount = <u16>account;
  }
}

/** Takes a packet's bytes off its account, and tells the peer of what that changes. */
export function releaseBytes(account: u32, bytes: u32, now: u64): void {
  const lane = laneOfAccount(ports, account);
  const due = release(sw, lane, bytes);
  if (due == Due.Nothing) return;
  const local = localOfAccount(account);
  const port = portAt(ports, local);
  if (due == Due.Credit) {
    sendCredit(local, port, classOfAccount(account), now);
  } else {
    if (clocked) stopRefresh(lane);
    sendFrame(local, port, classOfAccount(account), false, now);
  }
}

/**
 * Whether the lane of a free port may start the data packet; where only credit is wanting, it
 * waits for that from now on.
 */
function mayStartData(lane: Port, wire: u32, now: u64): bool {
  if (lane.paused) return false;
  if (!waitsForCredit(lane, wire - gapBytes, now)) return true;
  sw.pausedPorts++;
  return false;
}

/** The lane whose first packet is next; 0 where none may start. */
function nextLane(port: Port, now: u64): Port {
  if (classCount == 1) {
    const head = port.dataHead;
    const mayStart = head != 0 && mayStartData(port, packetAt(head).wireBytes, now);
    return mayStart ? port : changetype<Port>(0);
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
