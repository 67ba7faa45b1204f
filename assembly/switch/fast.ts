/**
 * The fast step of a switch: for windows in which no ingress can reach its pause threshold and no
 * packet can be dropped, which `step.ts` has made sure of. Buffer counters then matter only at the
 * window's end, and egress ports depend on each other only through the routing decisions. So the
 * step has two passes: all arrivals are routed in order, each onto the list of its egress port;
 * then each port plays its list, alone.
 */
import { sorted, timeOf } from "../engine/inbox";
import { PACKET_BIT, PORT_MASK, PORT_SHIFT } from "../engine/key";
import { carve } from "../engine/scratch";
import { portAt, windowEnd, windowStart } from "../engine/state";
import { check, DEBUG } from "../memory/debug";
import { run } from "../memory/arena";
import { freeChunks, nextSlot, RECORDS_PER_CHUNK } from "../memory/chunks";
import { FULL } from "../memory/features";
import { Device } from "../memory/structs/device";
import { Port } from "../memory/structs/port";
import { Switch } from "../memory/structs/switch";
import { gapBytes, NOTICE, thirdWord, wireBytes, wordPair } from "../packet/packet";
import { PacketRecord, packetAt } from "../packet/record";
import { tagBytes, tagOf } from "../packet/tags";
import { updateDepth } from "../port/depths";
import { classCount } from "../port/lanes";
import { marked, marksAtQueue } from "../port/marking";
import { pausePort, resumePort } from "../port/pause";
import { backlogPs, serializationPs } from "../port/port";
import { accountIn, append, placeOf, popControl, popData } from "../port/queue";
import { transmit } from "../port/transmit";
import { destinationsOf, noticeDue, takeAdvertisement } from "../routing/adaptive-remote";
import { route } from "../routing/route";
import { charge, discharge, dischargeHeld } from "./buffers/account";
import { enterClasses, hasClassQueue, hasClassTurn, playClasses } from "./fast-classes";
import { isWatched, record } from "./ledger";
import { isPlain, stepPlain } from "./plain";
import { recordBacklog } from "./statistics";

/**
 * By egress port: its list's first and last entries in `sorted`, and when the port will be free
 * after all that was routed to it.
 */
@unmanaged
class List {
  first: u32 = 0;
  last: u32 = 0;
  freePs: u64 = 0;
}

let lists: u32 = 0;
/** By entry of `sorted`: the next one on its list (u32). */
export let links: u32 = 0;
/** Egress ports with a list, a bit each. */
let listed: u32 = 0;

/** In the second pass of `entangled.ts`: ports that are not played alone, a bit each. */
export let apart: u32 = 0;

/** What the second pass is played for: the fast step, where accounts matter only at its end. */
@unmanaged
class Alone {}

/** The same for the entangled step: some accounts are watched, and some ports are left out. */
@unmanaged
export class Watched {
  is: u8 = 0;
}

/** Whether the second pass writes down what it releases of the account; known to the compiler. */
@inline
function watches<T>(account: u32): bool {
  return offsetof<T>() != 0 && isWatched(account);
}

/** The key of an entry of `sorted`. */
const KEY_MASK: u64 = (<u64>u32.MAX_VALUE) << 32;

/** Notices that this step sends: the last record, and how many. */
let lastNotice: u32 = 0;
let noticeCount: u32 = 0;

let sw: Switch = changetype<Switch>(0);
let ports: u32 = 0;
let lossless: bool = false;

export function startFastStep(): void {
  lists = carve(offsetof<List>() * (PORT_MASK + 1));
  listed = carve((PORT_MASK + 1) >> 3);
  apart = carve((PORT_MASK + 1) >> 3);
  links = carve(run.scratchEntries * 4);
}

/**
 * Steps a switch through this window and returns when it must be stepped again (all ones: when
 * something arrives).
 */
export function stepFast(device: Device, body: Switch, count: u32): u64 {
  if (isPlain(device, body)) return stepPlain(device, body, count);
  setFastStep(device, body);
  if (count != 0) {
    if (FULL && sw.remotes != 0) return stepAdvertising(device, count);
    routeArrivals(device, count);
  }
  return playPorts<Alone>(device);
}

/** Makes a switch the one that is stepped. */
export function setFastStep(device: Device, body: Switch): void {
  sw = body;
  ports = device.ports;
  lossless = sw.lossless != 0;
  if (classCount != 1) enterClasses(device, body, links);
}

/** The same where switches advertise queues. */
function stepAdvertising(device: Device, count: u32): u64 {
  const first = routeAdvertising(count);
  const next = playPorts<Alone>(device);
  if (first != 0) freeChunks(first, lastNotice, (noticeCount + RECORDS_PER_CHUNK - 1) / RECORDS_PER_CHUNK);
  return next;
}

/** First pass: routes the arrivals in order and puts each on the list of its egress port. */
function routeArrivals(device: Device, count: u32): void {
  const here = sw;
  const ownPorts = ports;
  const end = windowEnd;
  for (let entry = sorted, last = sorted + count * 8; entry < last; entry += 8) {
    const packed = load<u64>(entry);
    const key = <u32>(packed >> 32);
    const now = timeOf(key);
    if (now >= end) return;
    let egress = (key >> PORT_SHIFT) & PORT_MASK;
    if ((key & PACKET_BIT) != 0) {
      const packet = packetAt(<u32>packed);
      egress = route(here, ownPorts, packet, now);
      enlist(egress, entry);
      if (here.ticks != 0) predictDepth(here, egress, now, packet.wireBytes);
    } else {
      enlist(egress, entry);
    }
  }
}

/**
 * The first pass where switches advertise queues: notices end here, and those that packets cause
 * join the arrivals, each ahead of its packet. Returns the first record of these.
 */
function routeAdvertising(count: u32): u32 {
  const here = sw;
  const ownPorts = ports;
  const end = windowEnd;
  let noticed = sorted + count * 8;
  let first: u32 = 0;
  lastNotice = 0;
  noticeCount = 0;
  for (let entry = sorted, last = sorted + count * 8; entry < last; entry += 8) {
    const packed = load<u64>(entry);
    const key = <u32>(packed >> 32);
    const now = timeOf(key);
    if (now >= end) break;
    const ingress = (key >> PORT_SHIFT) & PORT_MASK;
    if ((key & PACKET_BIT) == 0) {
      enlist(ingress, entry);
      continue;
    }
    const packet = packetAt(<u32>packed);
    const w1 = packet.word1;
    if (packet.type == NOTICE) {
      takeAdvertisement(here, ingress, packet.word2, packet.number, now);
      continue;
    }
    const egress = route(here, ownPorts, packet, now);
    const weight = noticeDue(here, ownPorts, ingress, egress, w1, now);
    if (weight != 0) {
      const notice = nextSlot(lastNotice);
      if (first == 0) first = notice;
      lastNotice = notice;
      noticeCount++;
      packetAt(notice).write(0, NOTICE, wordPair(destinationsOf(w1), thirdWord(weight, 0)));
      store<u64>(noticed, (packed & KEY_MASK) | notice);
      enlist(ingress, noticed);
      predictDepth(here, ingress, now, wireBytes(NOTICE, 0));
      noticed += 8;
    }
    enlist(egress, entry);
    predictDepth(here, egress, now, packet.wireBytes);
  }
  return first;
}


@inline
function listOf(egress: u32): List {
  return changetype<List>(lists + egress * offsetof<List>());
}

/** Puts an arrival onto the list of a port. */
@inline
export function enlist(egress: u32, entry: u32): void {
  const list = listOf(egress);
  const word = listed + (egress >> 6) * 8;
  const bits = load<u64>(word);
  const bit = (<u64>1) << (egress & 63);
  if ((bits & bit) == 0) {
    store<u64>(word, bits | bit);
    list.first = entry;
    const port = portAt(ports, egress);
    list.freePs = port.busyUntilPs + port.queuedPs;
  } else {
    store<u32>(linkOf(list.last), entry);
  }
  list.last = entry;
}

/**
 * Tells `adaptive` when the port will be free with this packet: its queue need not be played for
 * that.
 */
@inline
function predictDepth(here: Switch, egress: u32, now: u64, wire: u32): void {
  const list = listOf(egress);
  const freePs = <u64>max<i64>(list.freePs, now) + serializationPs(portAt(ports, egress), wire);
  list.freePs = freePs;
  updateDepth(here, egress, freePs);
}

/** Where the entry after `entry` on its list is kept. */
@inline
function linkOf(entry: u32): u32 {
  return links + ((entry - sorted) >> 1);
}

/**
 * Second pass: every port with arrivals or a queue plays the window, but for those that are set
 * apart.
 */
export function playPorts<T>(device: Device): u64 {
  let next = u64.MAX_VALUE;
  for (let w: u32 = 0; w < device.activeWords; w++) {
    const word = device.active + w * 8;
    const arrivals = load<u64>(listed + w * 8);
    store<u64>(listed + w * 8, 0);
    const others = offsetof<T>() != 0 ? load<u64>(apart + w * 8) : 0;
    let kept = load<u64>(word) & others;
    for (let bits = (arrivals | load<u64>(word)) & ~others; bits != 0; bits &= bits - 1) {
      const bit = <u32>ctz(bits);
      const local = w * 64 + bit;
      const port = portAt(ports, local);
      if (port.heldBytes != 0 && port.busyUntilPs < <i64>windowEnd) releaseHeld<T>(port);
      const arrives = ((arrivals >> bit) & 1) != 0;
      if (classCount != 1) {
        const list = listOf(local);
        playClasses(local, port, arrives ? list.first : 0, list.last);
        if (hasClassTurn(port)) next = min(next, <u64>port.busyUntilPs);
        if (port.controlHead != 0 || hasClassQueue(port)) kept |= (<u64>1) << bit;
        continue;
      }
      if (arrives) playArrivals<T>(local, port);
      else startUntil<T>(port, windowEnd);
      if (hasTurn(port)) next = min(next, <u64>port.busyUntilPs);
      const holds = offsetof<T>() != 0 && port.heldBytes != 0;
      if (port.controlHead != 0 || port.dataHead != 0 || holds) kept |= (<u64>1) << bit;
    }
    store<u64>(word, kept);
  }
  return next;
}

/** What was in transmission when the window began has ended. */
@inline
function releaseHeld<T>(port: Port): void {
  if (port.busyUntilPs >= <i64>windowStart && watches<T>(port.heldAccount)) {
    record(port, port.busyUntilPs, port.heldAccount, port.heldBytes);
    port.heldBytes = 0;
  } else {
    dischargeHeld(sw, ports, port);
  }
}

/**
 * Plays the arrivals of one egress port, and what was queued before them, to the end of the window.
 */
function playArrivals<T>(local: u32, port: Port): void {
  const list = listOf(local);
  const last = list.last;
  /** The first data packet of this window that has not started. */
  let waiting: u32 = 0;
  for (let entry = list.first; ; entry = load<u32>(linkOf(entry))) {
    const packed = load<u64>(entry);
    const key = <u32>(packed >> 32);
    const packet = packetAt(<u32>packed);
    const now = timeOf(key);
    startUntil<T>(port, now);
    while (waiting != 0 && port.busyUntilPs < <i64>now && mayStartData(port))
      waiting = startWaiting<T>(local, port, waiting, entry);
    if ((key & PACKET_BIT) == 0) {
      waiting = takeFrame<T>(local, port, packet.word1 != 0, now, waiting, entry);
    } else {
      const takesPs = serializationPs(port, packet.wireBytes);
      const free = port.busyUntilPs;
      if (packet.isControl) {
        const idle = free < <i64>now;
        const startPs = idle ? now : <u64>free;
        // Its link may repeat it, which nobody is to see before it starts.
        if (port.controlHead == 0 && startPs < windowEnd && (idle || sw.retries == 0)) {
          start<T>(port, startPs, takesPs, 0, false, packet);
        } else {
          append(port, 0, takesPs, packet);
        }
      } else {
        if (marksAtQueue && packet.isData) packet.word1 = marked(port, port, backlogPs(port, now), packet.word1);
        if (free < <i64>now && !port.paused) {
          start<T>(port, now, takesPs, accountOf(local, key), false, packet);
        } else {
          port.queuedPs += takesPs;
          if (waiting == 0) waiting = entry;
        }
      }
      recordBacklog(port, now);
    }
    if (entry == last) break;
  }
  startUntil<T>(port, windowEnd);
  while (waiting != 0 && port.busyUntilPs < <i64>windowEnd && mayStartData(port))
    waiting = startWaiting<T>(local, port, waiting, 0);
  while (waiting != 0) waiting = keep<T>(local, port, waiting);
}

/** Nothing that was queued in an earlier window, and no control packet, comes first. */
@inline
function mayStartData(port: Port): bool {
  return port.controlHead == 0 && port.dataHead == 0 && !port.paused;
}

/** Starts what is in the port's queues while it falls free before `limitPs`. */
@inline
function startUntil<T>(port: Port, limitPs: u64): void {
  while (port.busyUntilPs < <i64>limitPs && hasTurn(port)) startQueued<T>(port, port.busyUntilPs);
}


@inline
function hasTurn(port: Port): bool {
  return port.controlHead != 0 || (port.dataHead != 0 && !port.paused);
}

/** Starts the packet that is first in turn in the port's queues. */
function startQueued<T>(port: Port, startPs: u64): void {
  const control = port.controlHead != 0;
  const packet = packetAt(control ? port.controlHead : port.dataHead);
  const takesPs = serializationPs(port, packet.wireBytes);
  if (DEBUG) check(port.queuedPs >= takesPs, 26);
  port.queuedPs -= takesPs;
  start<T>(port, startPs, takesPs, accountIn(packet), true, packet);
  if (control) popControl(port);
  else popData(port);
}

/**
 * Starts the waiting arrival when the port falls free, and returns the next one that waits, before
 * `until` on the list.
 */
@inline
function startWaiting<T>(local: u32, port: Port, entry: u32, until: u32): u32 {
  startArrival<T>(local, port, entry, <u64>port.busyUntilPs);
  return nextWaiting(local, entry, until);
}

function startArrival<T>(local: u32, port: Port, entry: u32, startPs: u64): void {
  const packed = load<u64>(entry);
  const packet = packetAt(<u32>packed);
  const takesPs = serializationPs(port, packet.wireBytes);
  if (DEBUG) check(port.queuedPs >= takesPs, 26);
  port.queuedPs -= takesPs;
  start<T>(port, startPs, takesPs, accountOf(local, <u32>(packed >> 32)), false, packet);
}

/** The data packet after `entry` on the list, up to but without `until`; 0 when there is none. */
@inline
function nextWaiting(local: u32, entry: u32, until: u32): u32 {
  const last = listOf(local).last;
  let at = entry;
  while (at != last) {
    at = load<u32>(linkOf(at));
    if (at == until) return 0;
    const packed = load<u64>(at);
    if (((packed >> 32) & PACKET_BIT) != 0 && !packetAt(<u32>packed).isControl) return at;
  }
  return 0;
}

/**
 * Charges a waiting arrival and moves it into the port's queue, for later windows; returns the next
 * one.
 */
function keep<T>(local: u32, port: Port, entry: u32): u32 {
  const packed = load<u64>(entry);
  const packet = packetAt(<u32>packed);
  const account = accountOf(local, <u32>(packed >> 32));
  if (!watches<T>(account)) charge(sw, portAt(ports, account), packet.wireBytes - gapBytes);
  // Its time is in queuedPs already.
  append(port, placeOf(account, ingressOf(<u32>(packed >> 32))), 0, packet);
  return nextWaiting(local, entry, 0);
}

/** Local port whose account a data packet is on. */
@inline
function accountOf(egress: u32, key: u32): u32 {
  return lossless ? ingressOf(key) : egress;
}


@inline
function ingressOf(key: u32): u32 {
  return (key >> PORT_SHIFT) & PORT_MASK;
}

/**
 * Starts a packet at `startPs`. A data packet that arrived in this window is charged only if the
 * window ends before its transmission does: nobody looks at the accounts in between.
 */
@inline
function start<T>(port: Port, startPs: u64, takesPs: u64, account: u32, charged: bool, packet: PacketRecord): void {
  transmit(port, startPs, takesPs, packet);
  if (!packet.isControl) {
    const bytes = packet.wireBytes - gapBytes;
    if (port.busyUntilPs < <i64>windowEnd || run.releaseAtStart) {
      if (watches<T>(account)) record(port, port.busyUntilPs, account, bytes);
      else if (charged) discharge(sw, portAt(ports, account), bytes);
    } else {
      if (!charged && !watches<T>(account)) charge(sw, portAt(ports, account), bytes);
      port.heldBytes = bytes;
      port.heldAccount = <u16>account;
    }
  }
}

/** A pause or resume frame takes effect. Returns the arrival that waits after it. */
function takeFrame<T>(local: u32, port: Port, pause: bool, now: u64, waiting: u32, entry: u32): u32 {
  if (pause) {
    if (pausePort(port, now)) sw.pausedPorts++;
    return waiting;
  }
  if (!resumePort(port, now)) return waiting;
  sw.pausedPorts--;
  if (port.busyUntilPs >= <i64>now) return waiting;
  if (port.dataHead != 0) {
    startQueued<T>(port, now);
  } else if (waiting != 0) {
    startArrival<T>(local, port, waiting, now);
    return nextWaiting(local, waiting, entry);
  }
  return waiting;
}

/** Keeps the loads of `prefetchPorts` alive. */
let touched: u64 = 0;

/**
 * Brings the ports and the heads of their queues into cache before they are needed one by one: the
 * misses overlap.
 */
export function prefetchPorts(body: Switch, device: Device): void {
  let sum: u64 = 0;
  if (body.ticks != 0) {
    for (let at = body.ticks, end = body.ticks + device.portCount * 4; at < end; at += 64) sum += load<u32>(at);
  }
  for (let i: u32 = 0; i < device.portCount; i++) {
    const port = portAt(device.ports, i);
    // An empty queue has 0, where something is to be read as well.
    sum += load<u64>(port.dataHead) + load<u64>(port.dataTail) + load<u64>(port.controlHead);
    if (tagBytes != 0) sum += tagOf(port.dataHead).stamp + tagOf(port.dataTail).stamp + tagOf(port.controlHead).stamp;
  }
  touched = sum;
}
