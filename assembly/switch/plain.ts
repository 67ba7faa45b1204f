/**
 * The fast step of a switch in which nothing but packets happens: no port is paused, no frame
 * arrives, no link repeats. The time when a port becomes free then depends on what is routed to it,
 * not on the order in which it sends. So the first pass, which routes all arrivals in order, also
 * finds every backlog. It puts the packets of each egress port on a list for each class. The second
 * pass only merges these lists, port by port: one turn of its loop is one transmission.
 */
import { deliver, framesArriving, sorted, touchBoxes } from "../engine/inbox";
import { PACKET_BIT, PORT_MASK, PORT_SHIFT, TIME_SHIFT } from "../engine/key";
import { carve } from "../engine/scratch";
import { portAt, windowEnd, windowStart } from "../engine/state";
import { own, run } from "../memory/arena";
import { FULL } from "../memory/features";
import { Device } from "../memory/structs/device";
import { Port, PortFlag } from "../memory/structs/port";
import { Switch } from "../memory/structs/switch";
import { DATA, gapBytes, TYPE_MASK, wireBytes } from "../packet/packet";
import { packetAt } from "../packet/record";
import { passTag, tagBytes } from "../packet/tags";
import { closeLevels, openLevels, raiseDepth } from "../port/depths";
import { classCount } from "../port/lanes";
import { marked, marksAtQueue, mayMark } from "../port/marking";
import { extraOf, serializationPs } from "../port/port";
import { ACCOUNT_MASK, append, placeOf, popControl, popData } from "../port/queue";
import { telemetryHops } from "../port/telemetry";
import { getsThrough, KEY_PORT } from "../port/transmit";
import { route } from "../routing/route";
import { charge, discharge, dischargeHeld } from "./buffers/account";
import { recordMost } from "./statistics";

/** The arrivals of one class at an egress port. */
@unmanaged
class Chain {
  /** Entry of the first; `last` where there is none. */
  first: u32 = 0;
  /** Where the entry of the next one is to go. */
  end: u32 = 0;
}

/** What is routed to an egress port in this window; its chains follow, that of data first. */
@unmanaged
class Arrivals {
  /** When the port will be free after all of it. */
  freePs: i64 = 0;
  /** The largest backlog right after a packet was queued or started. */
  mostPs: i64 = 0;
}

const CHAIN_BYTES: u32 = offsetof<Chain>();
const ARRIVALS_BYTES: u32 = offsetof<Arrivals>() + 2 * CHAIN_BYTES;
/** The key bits below the time: later than all that takes effect at that time. */
const LATEST: i64 = (1 << TIME_SHIFT) - 1;

/** With fewer arrivals than this, touching every peer costs more than it saves. */
const TOUCH_FROM: u32 = 64;

let lists: u32 = 0;
/** Egress ports with arrivals, a bit each. */
let listed: u32 = 0;
/** By entry of `sorted`: the next one of its list. */
let links: u32 = 0;
/** An entry that comes after all others. */
let last: u32 = 0;

export function startPlainStep(): void {
  lists = carve(ARRIVALS_BYTES * (PORT_MASK + 1));
  listed = carve((PORT_MASK + 1) >> 3);
  links = carve(run.scratchEntries * 4);
  last = carve(8);
}

/** Whether the fast step of a switch is a plain one in this window. */
@inline
export function isPlain(device: Device, sw: Switch): bool {
  if (sw.pausedPorts != 0 || framesArriving || sw.retries != 0) return false;
  if (classCount != 1) return false;
  // All ports of a run's switches mark alike.
  const marksAtStart = (portAt(device.ports, 0).flags & PortFlag.MarksAtStart) != 0;
  return !FULL || (sw.remotes == 0 && telemetryHops == 0 && !marksAtStart);
}

/** As `stepFast`, for a plain step. */
export function stepPlain(device: Device, sw: Switch, count: u32): u64 {
  store<u64>(last, u64.MAX_VALUE);
  if (count != 0) {
    if (sw.ticks != 0) openLevels(sw, device.portCount, windowStart);
    routeAll(device, sw, count);
    closeLevels();
  }
  if (count > TOUCH_FROM) touchPeers(device);
  return playPorts(device, sw);
}

/** Keeps the loads of `touchPeers` alive. */
let touched: u32 = 0;

/** Brings the boxes of the peers into cache, so that the misses overlap. */
function touchPeers(device: Device): void {
  let sum: u32 = 0;
  for (let i: u32 = 0; i < device.portCount; i++) {
    const port = portAt(device.ports, i);
    sum += touchBoxes(port.peer >> TIME_SHIFT, port.delayPs);
  }
  touched = sum;
}


@inline
function arrivalsAt(egress: u32): Arrivals {
  return changetype<Arrivals>(lists + egress * ARRIVALS_BYTES);
}

/** First pass. */
function routeAll(device: Device, sw: Switch, count: u32): void {
  const ports = device.ports;
  const startPs = windowStart;
  const limit = <u32>(windowEnd - startPs);
  for (let entry = sorted, end = sorted + count * 8; entry < end; entry += 8) {
    const packed = load<u64>(entry);
    const within = <u32>(packed >> (32 + TIME_SHIFT));
    if (within >= limit) return;
    const now = startPs + within;
    const packet = packetAt(<u32>packed);
    const egress = route(sw, ports, packet, now);
    const port = portAt(ports, egress);
    const list = arrivalsAt(egress);
    const word = listed + (egress >> 6) * 8;
    const bits = load<u64>(word);
    const bit = (<u64>1) << (egress & 63);
    if ((bits & bit) == 0) {
      store<u64>(word, bits | bit);
      open(list, port);
    }
    if (marksAtQueue) {
      const aheadPs = <u64>max<i64>(list.freePs - <i64>now, 0);
      if (mayMark(aheadPs) && packet.isData) packet.word1 = marked(port, port, aheadPs, packet.word1);
    }
    const freePs = max<i64>(list.freePs, now) + <i64>serializationPs(port, packet.wireBytes);
    list.freePs = freePs;
    list.mostPs = max<i64>(list.mostPs, freePs - <i64>now);
    if (sw.ticks != 0) raiseDepth(sw, egress, <u64>freePs);
    const chain = chainOf(list, packet.isControl);
    store<u32>(chain.end, entry);
    chain.end = linkOf(entry);
  }
}

/** The first arrival of the window at a port. */
@inline
function open(list: Arrivals, port: Port): void {
  list.freePs = port.busyUntilPs + port.queuedPs;
  list.mostPs = 0;
  empty(chainOf(list, false));
  empty(chainOf(list, true));
}


@inline
function empty(chain: Chain): void {
  chain.end = changetype<u32>(chain) + offsetof<Chain>("first");
}


@inline
function chainOf(list: Arrivals, isControl: bool): Chain {
  return changetype<Chain>(changetype<u32>(list) + offsetof<Arrivals>() + (isControl ? CHAIN_BYTES : 0));
}

/** Where the entry after `entry` on its list is kept. */
@inline
function linkOf(entry: u32): u32 {
  return links + ((entry - sorted) >> 1);
}

/** Second pass: every port with arrivals or a queue plays the window. */
function playPorts(device: Device, sw: Switch): u64 {
  let next = u64.MAX_VALUE;
  for (let w: u32 = 0; w < device.activeWords; w++) {
    const word = device.active + w * 8;
    const arrivals = load<u64>(listed + w * 8);
    store<u64>(listed + w * 8, 0);
    let kept: u64 = 0;
    for (let bits = arrivals | load<u64>(word); bits != 0; bits &= bits - 1) {
      const bit = <u32>ctz(bits);
      const local = w * 64 + bit;
      const port = portAt(device.ports, local);
      const list = arrivalsAt(local);
      if (((arrivals >> bit) & 1) == 0) open(list, port);
      if (port.busyUntilPs < <i64>windowEnd) {
        // What was in transmission when the window began.
        if (port.heldBytes != 0) dischargeHeld(sw, device.ports, port);
      }
      play(sw, device.ports, local, port, list);
      if (list.mostPs != 0) recordMost(port, <u64>list.mostPs);
      if (port.controlHead != 0 || port.dataHead != 0) {
        kept |= (<u64>1) << bit;
        next = min(next, <u64>port.busyUntilPs);
      }
    }
    store<u64>(word, kept);
  }
  return next;
}

/** Plays what is queued at a port, and what arrives there, to the end of the window. */
function play(sw: Switch, ports: u32, local: u32, port: Port, list: Arrivals): void {
  const startPs = <i64>windowStart;
  const limit = <i64>windowEnd - startPs;
  const keeps = <u32>(run.releaseAtStart == 0);
  const peer = port.peer;
  const keyBits = (peer & KEY_PORT) | PACKET_BIT;
  const isLossy = (port.flags & PortFlag.Lossy) != 0;
  const delayPs = port.delayPs + (port.flags & PortFlag.Far ? extraOf(port).farPs : 0);
  let hops: u64 = 0;
  let dataHops: u64 = 0;
  let bytes: u64 = 0;
  // Of each class what is next, as an entry of `sorted`, and the first arrival.
  let data = closed(chainOf(list, false));
  let control = closed(chainOf(list, true));
  let nextData = firstOf(port.dataHead, data);
  let nextControl = firstOf(port.controlHead, control);
  // The key of a port that is idle for long would not fit.
  let free = max<i64>(port.busyUntilPs - startPs, -1);
  for (;;) {
    // At one instant arrivals come before the end of a transmission.
    const freeKey = (free << TIME_SHIFT) | LATEST;
    const dataFrom = max<i64>(nextData >> 32, freeKey);
    const controlFrom = max<i64>(nextControl >> 32, freeKey);
    const from = min<i64>(dataFrom, controlFrom) >> TIME_SHIFT;
    if (from >= limit) break;
    // Which class is next cannot be foretold: few branches depend on it.
    const isControl = controlFrom <= dataFrom;
    const next = select<u64>(nextControl, nextData, isControl);
    const key = <u32>(next >> 32);
    const packet = packetAt(<u32>next);
    const place = packet.key;
    const word1 = packet.word1;
    const words23 = packet.words23;
    const wire = wireBytes(word1, <u32>(words23 >> 32));
    const accounted = select<u32>(0, wire - gapBytes, isControl);
    const takesPs = serializationPs(port, wire);
    free = from + <i64>takesPs;
    hops++;
    dataHops += <u64>((word1 & TYPE_MASK) == DATA);
    bytes += wire;
    if (!isLossy || survives(port, startPs + free, takesPs, wire)) {
      const record = deliver(peer >> TIME_SHIFT, free + delayPs, keyBits, word1, words23, accounted);
      if (tagBytes != 0) passTag(changetype<u32>(packet), record);
    }
    const stays = (<u32>(free >= limit)) & keeps;
    if (accounted != 0 && (stays | (<u32>(key == 0))) != 0) {
      const account = key == 0 ? place & ACCOUNT_MASK : accountOf(sw, local, key);
      if (stays) hold(sw, ports, port, account, accounted, key == 0);
      else discharge(sw, portAt(ports, account), accounted);
    }
    let entry = select<u32>(control, data, isControl);
    let after: u64;
    if (key == 0) {
      after = firstOf(drop(port, isControl), entry);
    } else {
      entry = load<u32>(linkOf(entry));
      after = load<u64>(entry);
    }
    control = select<u32>(entry, control, isControl);
    data = select<u32>(data, entry, isControl);
    nextControl = select<u64>(after, nextControl, isControl);
    nextData = select<u64>(nextData, after, isControl);
  }
  if (hops != 0) port.busyUntilPs = startPs + free;
  port.txBytes += bytes;
  own.hops += hops;
  own.dataHops += dataHops;
  keepRest(sw, ports, local, port, data, control);
  port.queuedPs = <u64>(list.freePs - port.busyUntilPs);
}

/** Ends a chain. Returns its first entry. */
@inline
function closed(chain: Chain): u32 {
  store<u32>(chain.end, last);
  return chain.first;
}

/** What is next of a class: what waits since an earlier window, with the key 0, or an arrival. */
@inline
function firstOf(head: u32, entry: u32): u64 {
  return head != 0 ? <u64>head : load<u64>(entry);
}

/** Drops what has waited longest. Returns what is next to it. */
@inline
function drop(port: Port, isControl: bool): u32 {
  if (isControl) {
    popControl(port);
    return port.controlHead;
  }
  popData(port);
  return port.dataHead;
}

/** Whether a frame that takes the link until `endPs` arrives. */
function survives(port: Port, endPs: i64, takesPs: u64, wire: u32): bool {
  port.busyUntilPs = endPs;
  return getsThrough(port, takesPs, wire);
}

/**
 * A data packet is on the wire when the window ends: charges it if it is not `charged`. What comes
 * and goes within a window is never charged: nobody looks at the accounts in between.
 */
@inline
function hold(sw: Switch, ports: u32, port: Port, account: u32, bytes: u32, charged: bool): void {
  if (!charged) charge(sw, portAt(ports, account), bytes);
  port.heldBytes = bytes;
  port.heldAccount = <u16>account;
}

/** Charges what has arrived and not been sent, and moves it into the queues, for later windows. */
@inline
function keepRest(sw: Switch, ports: u32, egress: u32, port: Port, data: u32, control: u32): void {
  for (let entry = control; entry != last; entry = load<u32>(linkOf(entry))) {
    append(port, 0, 0, packetAt(load<u32>(entry)));
  }
  for (let entry = data; entry != last; entry = load<u32>(linkOf(entry))) {
    const packet = packetAt(load<u32>(entry));
    const key = load<u32>(entry, 4);
    const account = accountOf(sw, egress, key);
    charge(sw, portAt(ports, account), packet.wireBytes - gapBytes);
    // Its time is in `queuedPs` already.
    append(port, placeOf(account, ingressOf(key)), 0, packet);
  }
}

/** Local port whose account a data packet that arrived is on. */
@inline
function accountOf(sw: Switch, egress: u32, key: u32): u32 {
  return sw.lossless != 0 ? ingressOf(key) : egress;
}


@inline
function ingressOf(key: u32): u32 {
  return (key >> PORT_SHIFT) & PORT_MASK;
}
