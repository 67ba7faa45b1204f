/**
 * The step of a switch where some ingresses could cross a threshold in this window, or pause their
 * peers. An ingress that crosses one sends a frame, which delays what its own port sends; nothing
 * else joins the ports of a switch. So only the ports of such ingresses, the *entangled* ones, are
 * played event by event. The others are played alone first, as in the fast step, and write down
 * what they release of the entangled ingresses' accounts. Then arrivals at entangled ports, these
 * releases, and the ends of the entangled ports' own transmissions are handled in order.
 */
import { sorted, timeOf } from "../engine/inbox";
import { PACKET_BIT, PORT_MASK, PORT_SHIFT } from "../engine/key";
import { carve } from "../engine/scratch";
import { NEVER, portAt, windowEnd, windowStart } from "../engine/state";
import { run } from "../memory/arena";
import { hasBit, setBit } from "../memory/bitmap";
import { Device } from "../memory/structs/device";
import { ExactStep, Switch } from "../memory/structs/switch";
import { gapBytes } from "../packet/packet";
import { packetAt } from "../packet/record";
import { clocked } from "../port/clock";
import { classCount, frameClass, frameKind } from "../port/lanes";
import { extraOf } from "../port/port";
import { placeOf } from "../port/queue";
import { route } from "../routing/route";
import { admitLossless } from "./arrive";
import { charge, NO_PORT } from "./buffers/account";
import { DYNAMIC, pauseThreshold, sumShared } from "./buffers/pfc";
import { clearEnds, dropEnd, endPsOf, firstEnd, localOf, scheduleEnd } from "./ends";
import { apart, enlist, links, playPorts, setFastStep, Watched } from "./fast";
import { takeFrame } from "./heed";
import { active, activeWords, enter, handleArrival, handleEnd, portCount, ports, sw, updateHeld } from "./here";
import {
  accountOfRelease,
  bytesOfRelease,
  keyOfRelease,
  openLedger,
  releases,
  releasesEnd,
  sortReleases,
  watched,
} from "./ledger";
import { endTransmission, mark, queue, releaseBytes } from "./start";

/** By ingress: accounted bytes that arrive in this window. */
let arriving: u32 = 0;
/** By entry of `sorted`: the egress port (u16). */
let egresses: u32 = 0;

export function startEntangledStep(): void {
  arriving = carve((PORT_MASK + 1) * 4);
  egresses = carve(run.scratchEntries * 2);
}

/** Whether ports of the switch can be told apart at all. */
@inline
export function isSeparable(body: Switch): bool {
  return (
    body.lossless != 0 &&
    body.credited == 0 &&
    body.exactStep == ExactStep.WhereNeeded &&
    body.ticks == 0 &&
    body.remotes == 0 &&
    !clocked &&
    classCount == 1 &&
    run.releaseAtStart == 0
  );
}

/**
 * Finds the entangled ports and the accounts to be watched. False where a packet might be dropped:
 * then the ports cannot be told apart.
 */
export function entangle(device: Device, body: Switch, count: u32, mostBytes: i64): bool {
  enter(device, body);
  for (let w: u32 = 0; w < activeWords; w++) {
    store<u64>(apart + w * 8, 0);
    store<u64>(watched + w * 8, 0);
  }
  memory.fill(arriving, 0, portCount * 4);
  for (let entry = sorted, end = sorted + count * 8; entry < end; entry += 8) {
    const packed = load<u64>(entry);
    const key = <u32>(packed >> 32);
    if ((key & PACKET_BIT) == 0) continue;
    const at = arriving + ((key >> PORT_SHIFT) & PORT_MASK) * 4;
    store<u32>(at, load<u32>(at) + packetAt(<u32>packed).accountedBytes);
  }
  let dynamic = false;
  for (let i: u32 = 0; i < portCount; i++) {
    const port = portAt(ports, i);
    const extra = extraOf(port);
    const bytes = load<u32>(arriving + i * 4);
    if (extra.framesWaiting != 0) setBit(apart, i);
    if (port.heldBytes != 0) updateHeld(i, port);
    const used = <i64>port.chargedBytes + bytes - extra.reserveBytes;
    const threshold = pauseThreshold(sw, extra, mostBytes);
    const crosses = bytes != 0 && max<i64>(used, 0) >= threshold;
    if (!crosses && !extra.pausing) continue;
    if (crosses && used > threshold && extra.headroomUsed + bytes > extra.headroomBytes) return false;
    setBit(apart, i);
    setBit(watched, i);
    if (extra.xoffBytes == DYNAMIC) dynamic = true;
  }
  if (dynamic) for (let i: u32 = 0; i < portCount; i++) setBit(watched, i);
  return true;
}

/** Steps a switch through this window and returns when it must be stepped again. */
export function stepEntangled(device: Device, count: u32): u64 {
  beginPorts();
  routeAll(count);
  setFastStep(device, sw);
  openLedger();
  let next = playPorts<Watched>(device);
  if (sw.dynamic) sumShared(sw, ports, portCount);
  sortReleases();
  play(links, chooseEntries(count));
  for (let w: u32 = 0; w < activeWords; w++) next = min(next, nextOf(w));
  return next;
}

/** Finds the transmissions of entangled ports that end in this window. */
function beginPorts(): void {
  clearEnds(activeWords);
  for (let w: u32 = 0; w < activeWords; w++) {
    for (let bits = load<u64>(active + w * 8) & load<u64>(apart + w * 8); bits != 0; bits &= bits - 1) {
      const local = w * 64 + <u32>ctz(bits);
      const port = portAt(ports, local);
      if (port.busyUntilPs >= <i64>windowStart) scheduleEnd(local, port.busyUntilPs);
    }
  }
}

/** Routes the arrivals in order; those of ports that are played alone go onto their lists. */
function routeAll(count: u32): void {
  const here = sw;
  const ownPorts = ports;
  for (let entry = sorted, end = sorted + count * 8; entry < end; entry += 8) {
    const packed = load<u64>(entry);
    const key = <u32>(packed >> 32);
    const now = timeOf(key);
    if (now >= windowEnd) return;
    let egress = (key >> PORT_SHIFT) & PORT_MASK;
    if ((key & PACKET_BIT) != 0) egress = route(here, ownPorts, packetAt(<u32>packed), now);
    store<u16>(egresses + ((entry - sorted) >> 2), <u16>egress);
    if (!hasBit(apart, egress)) enlist(egress, entry);
  }
}

/**
 * Lists the arrivals that are to be handled in order, in the place of the links, which are not
 * needed any more. Returns the end of the list.
 */
function chooseEntries(count: u32): u32 {
  let last = links;
  for (let entry = sorted, end = sorted + count * 8; entry < end; entry += 8) {
    const key = <u32>(load<u64>(entry) >> 32);
    if (timeOf(key) >= windowEnd) break;
    const ingress = (key >> PORT_SHIFT) & PORT_MASK;
    const egress = <u32>load<u16>(egresses + ((entry - sorted) >> 2));
    if (!hasBit(apart, egress) && ((key & PACKET_BIT) == 0 || !hasBit(watched, ingress))) continue;
    store<u32>(last, entry);
    last += 4;
  }
  return last;
}

/** Handles the listed arrivals, the releases, and the ends of transmission in order. */
function play(first: u32, last: u32): void {
  let entryAt = first;
  let releaseAt = releases;
  for (;;) {
    const arrivalPs = entryAt < last ? timeOf(<u32>(load<u64>(load<u32>(entryAt)) >> 32)) : NEVER;
    const end = firstEnd();
    const release = releaseAt < releasesEnd ? keyOfRelease(load<u64>(releaseAt)) : u32.MAX_VALUE;
    const key = min(end, release);
    const endPs = key == u32.MAX_VALUE ? NEVER : endPsOf(key);
    if (min(arrivalPs, endPs) >= windowEnd) return;
    if (arrivalPs <= endPs) {
      handleArrival();
      arriveAt(load<u32>(entryAt), arrivalPs);
      entryAt += 4;
      continue;
    }
    const local = localOf(key);
    handleEnd(local);
    if (key == end) {
      dropEnd();
      endTransmission(local, endPs);
    } else {
      const entry = load<u64>(releaseAt);
      releaseBytes(accountOfRelease(entry), NO_PORT, bytesOfRelease(entry), endPs);
      releaseAt += 8;
    }
  }
}

/** A frame for an entangled port, or a packet that comes or leaves by one, arrives. */
function arriveAt(entry: u32, now: u64): void {
  const packed = load<u64>(entry);
  const key = <u32>(packed >> 32);
  const packet = packetAt(<u32>packed);
  const ingress = (key >> PORT_SHIFT) & PORT_MASK;
  if ((key & PACKET_BIT) == 0) {
    takeFrame(ingress, frameKind(packet.word1), frameClass(packet.word1), now);
    return;
  }
  const egress = <u32>load<u16>(egresses + ((entry - sorted) >> 2));
  const isQueued = hasBit(apart, egress);
  const control = packet.isControl;
  if (!control) {
    if (hasBit(watched, ingress)) admitLossless(ingress, egress, packet, packet.word2, now);
    else charge(sw, portAt(ports, ingress), packet.wireBytes - gapBytes);
  }
  if (!isQueued) return;
  const port = portAt(ports, egress);
  if (!control) mark(port, packet, now);
  queue(egress, port, now, placeOf(control ? 0 : ingress, ingress), packet);
}

/**
 * The next time when an entangled port of a word starts a packet, or releases bytes of an ingress
 * that pauses its peer. Releases by other ports count too. Clears the ports that have nothing left.
 */
function nextOf(w: u32): u64 {
  const word = active + w * 8;
  const entangled = load<u64>(apart + w * 8);
  let next = NEVER;
  let kept: u64 = 0;
  for (let bits = load<u64>(word); bits != 0; bits &= bits - 1) {
    const bit = (<u64>1) << ctz(bits);
    const port = portAt(ports, w * 64 + <u32>ctz(bits));
    const holds = port.heldBytes != 0;
    const waits = sw.framesWaiting != 0 && extraOf(port).framesWaiting != 0;
    if (!holds && !waits && port.controlHead == 0 && port.dataHead == 0) continue;
    kept |= bit;
    if (port.busyUntilPs < <i64>windowEnd) continue;
    const starts = waits || port.controlHead != 0 || (port.dataHead != 0 && !port.paused);
    const due = (starts && (entangled & bit) != 0) || (holds && hasBit(watched, port.heldAccount));
    if (due) next = min(next, <u64>port.busyUntilPs);
  }
  store<u64>(word, kept);
  return next;
}
