/**
 * One window of a group of hosts. Its NICs are independent but for the flow graph, which joins
 * those of one rank.
 */
import { tellOfAnswer } from "../collective/progress";
import { nextProgramPs, playPrograms } from "../collective/programs";
import { gather, release, sorted, timeOf } from "../engine/inbox";
import { PACKET_BIT, PORT_MASK, PORT_SHIFT } from "../engine/key";
import { moving, NIC_BYTES, receiverAt, senderAt } from "../engine/queue-pairs";
import { NEVER, windowEnd } from "../engine/state";
import { wakeAt } from "../engine/wake";
import { watchesWaits } from "../engine/watch";
import { setBit } from "../memory/bitmap";
import { advanceHead, freeChunk } from "../memory/chunks";
import { FULL } from "../memory/features";
import { Device } from "../memory/structs/device";
import { Nic, StallState } from "../memory/structs/nic";
import { Port } from "../memory/structs/port";
import { advance } from "../nic/advance";
import {
  granting,
  mayStall,
  nextCnpPs,
  nextGrantPs,
  nextPausePs,
  updateNextEvent,
  stalling,
  stallOf,
} from "../nic/agenda";
import { hasWork, tryStart, returnCredit, takeCredit } from "../nic/egress";
import { overhear } from "../nic/granter";
import { tellHeldQps } from "../nic/held";
import { ownNic } from "../nic/move";
import { tellPeer } from "../nic/pauses";
import { anyPost } from "../nic/posts";
import { programmed } from "../nic/program-flows";
import { takeAnswer } from "../nic/sender";
import { anyTimerRuns } from "../nic/timers";
import { DATA, TRIMMED } from "../packet/packet";
import { PacketRecord, packetAt } from "../packet/record";
import { clocked } from "../port/clock";
import { isUpdate, onCredit } from "../port/credit";
import { ALL_CLASSES, classCount, frameClass, frameKind, laneAt } from "../port/lanes";
import { pausePort, resumePort } from "../port/pause";
import { isMember, reducing } from "../reduction/members";
import { comeBack } from "./come-back";
import { prefetchQps } from "./prefetch";
import { playAwaitedSend } from "./awaited-sends";
import { receive, receiveTrimmed } from "./receiver";
import { isHeld, nextStallOf, nextStallPs, wakeForStall } from "./stall";

/** With fewer arrivals than this there is nothing to overlap. */
const PREFETCH_FROM: u32 = 4;

export function stepHosts(number: u32, device: Device): void {
  const count = gather(number);
  if (count >= PREFETCH_FROM) prefetchQps(count);
  const nics = device.body;
  for (let entry = sorted, end = sorted + count * 8; entry < end; entry += 8) {
    const packed = load<u64>(entry);
    const key = <u32>(packed >> 32);
    const now = timeOf(key);
    if (now >= windowEnd) break;
    if (FULL && playsOwn()) playOwn(number, device, now, now);
    const index = (key >> PORT_SHIFT) & PORT_MASK;
    setBit(device.active, index);
    arrive(changetype<Nic>(nics + index * NIC_BYTES), key, packetAt(<u32>packed), now);
  }
  release();
  if (FULL && playsOwn()) playOwn(number, device, windowEnd - 1, windowEnd);
  finish(number, device);
  if (stalling) wakeForStall(number, device);
  if (programmed && nextProgramPs(number) != NEVER) wakeAt(number, device, nextProgramPs(number));
}

function arrive(nic: Nic, key: u32, packet: PacketRecord, now: u64): void {
  advance(nic, now, now);
  if ((key & PACKET_BIT) == 0) {
    const w1 = packet.word1;
    if (isUpdate(w1)) takeCredit(nic, frameClass(w1), packet.words23, now);
    else if (applyPause(nic, frameKind(w1), frameClass(w1), now)) tryStart(nic, now);
    if (clocked) updateNextEvent(nic);
    return;
  }
  if (!mayStall(nic) || !isHeld(nic, packet, now)) process(nic, packet, now);
}

/** A pause (1) or resume (0) frame for a data class or all. Returns whether any may send again. */
function applyPause(nic: Nic, kind: u32, dataClass: u32, now: u64): bool {
  const port = changetype<Port>(nic.port);
  const first: u32 = dataClass == ALL_CLASSES ? 0 : dataClass;
  const end = dataClass == ALL_CLASSES ? classCount : dataClass + 1;
  let resumed = false;
  for (let c = first; c < end; c++) {
    const lane = laneAt(port, c);
    if (kind != 0) {
      pausePort(lane, now);
      continue;
    }
    if (watchesWaits() && lane.paused) tellHeldQps(nic, c, now);
    if (resumePort(lane, now)) resumed = true;
  }
  return resumed;
}

/** A packet has been taken in. */
@inline
function process(nic: Nic, packet: PacketRecord, now: u64): void {
  const flow = packet.flow;
  const type = packet.type;
  if (onCredit && !packet.isControl) returnCredit(nic, packet.word2, packet.accountedBytes, now);
  if (reducing && isMember(flow)) {
    comeBack(nic, packet, now);
    return;
  }
  if (granting && type != DATA) overhear(nic, packet.wireBytes, now);
  if (type == DATA) {
    receive(nic, receiverAt(flow), packet, now);
  } else if (type == TRIMMED) {
    receiveTrimmed(nic, receiverAt(flow), packet, now);
  } else {
    const sender = senderAt(flow);
    const own = moving ? ownNic(nic, sender, now) : nic;
    takeAnswer(own, sender, packet, now);
    tryStart(own, now);
    if (programmed) tellOfAnswer(flow, now);
  }
}

/**
 * Whether a NIC of the group will do something more even if nothing arrives. Slow: looks at every
 * QP.
 */
export function haveWork(number: u32, device: Device): bool {
  if (programmed && nextProgramPs(number) != NEVER) return true;
  for (let i: u32 = 0; i < device.portCount; i++) {
    const nic = changetype<Nic>(device.body + i * NIC_BYTES);
    if (
      hasWork(nic, changetype<Port>(nic.port)) ||
      nic.pacedCount != 0 ||
      nextGrantPs(nic) != NEVER ||
      nextCnpPs(nic) != NEVER ||
      nextPausePs(nic) != NEVER ||
      anyPost(nic) ||
      anyTimerRuns(nic)
    )
      return true;
  }
  return stalling && nextStallOf(device) != NEVER;
}

/**
 * Plays the rest of the window on every NIC that has work. Schedules the group's step for the next
 * NIC that is due.
 */
function finish(number: u32, device: Device): void {
  for (let w: u32 = 0; w < device.activeWords; w++) {
    const word = device.active + w * 8;
    let bits = load<u64>(word);
    let kept: u64 = bits;
    while (bits != 0) {
      const bit = <u32>ctz(bits);
      bits &= bits - 1;
      const nic = changetype<Nic>(device.body + (w * 64 + bit) * NIC_BYTES);
      advance(nic, windowEnd, windowEnd - 1);
      const port = changetype<Port>(nic.port);
      let next = nic.nextEventPs;
      if (hasWork(nic, port)) next = min(next, <u64>port.busyUntilPs);
      if (next == NEVER) kept &= ~((<u64>1) << bit);
      else wakeAt(number, device, next);
    }
    store<u64>(word, kept);
  }
}

/** Whether groups of hosts do something by themselves that NICs know nothing of. */
@inline
function playsOwn(): bool {
  return programmed || stalling;
}

/**
 * Plays what the group does by itself, in order of time: programs up to `programsUpToPs`, NICs that
 * begin or cease to stall before `stallsBeforePs`. What programs wait for may be sent meanwhile.
 */
function playOwn(number: u32, device: Device, programsUpToPs: u64, stallsBeforePs: u64): void {
  for (;;) {
    const program = programmed ? nextProgramPs(number) : NEVER;
    const stall = stalling ? nextStallOf(device) : NEVER;
    if (programmed && playAwaitedSend(number, device, min(min(program, stall), stallsBeforePs))) continue;
    if (program <= stall) {
      if (program > programsUpToPs) return;
      playPrograms(number, program);
    } else {
      if (stall >= stallsBeforePs) return;
      playStalls(device, stall);
    }
  }
}

/** Lets the NICs of the device begin and cease to stall that do so at `nowPs`, by port. */
function playStalls(device: Device, nowPs: u64): void {
  for (let i: u32 = 0; i < device.portCount; i++) {
    const nic = changetype<Nic>(device.body + i * NIC_BYTES);
    if (nic.stall == 0 || nextStallPs(stallOf(nic)) != nowPs) continue;
    setBit(device.active, i);
    advance(nic, nowPs, nowPs);
    if (stallOf(nic).state == StallState.Before) beginStall(nic, nowPs);
    else endStall(nic, nowPs);
  }
}

function beginStall(nic: Nic, nowPs: u64): void {
  stallOf(nic).state = StallState.Stalled;
  tellPeer(nic, true, nowPs);
}

function endStall(nic: Nic, nowPs: u64): void {
  const stall = stallOf(nic);
  stall.state = StallState.Over;
  tellPeer(nic, false, nowPs);
  let record = stall.heldHead;
  for (let left = stall.heldCount; left != 0; left--) {
    process(nic, packetAt(record), nowPs);
    if (left == 1) freeChunk(record);
    else record = advanceHead(record);
  }
  stall.heldCount = 0;
  stall.heldBytes = 0;
}
