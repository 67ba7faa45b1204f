/**
 * The fast step of a switch in which nothing but packets happens: no port is paused, no frame
 * arrives, no link repeats. When a port will be free then depends on what is routed to it, not on
 * the order in which it sends. So the first pass, which routes all arrivals in order, also finds
 * every backlog, and puts the packets of each egress port on a list for each class. The second pass
 * only merges these lists, port by port: one turn of its loop is one transmission.
 */
import { deliver, sorted } from "../engine/inbox";
import { PACKET_BIT, PORT_MASK, PORT_SHIFT, TIME_SHIFT } from "../engine/key";
import { carve } from "../engine/scratch";
import { portAt, windowEnd, windowStart } from "../engine/state";
import { own, run } from "../memory/arena";
import { Device } from "../memory/structs/device";
import { Port, PortFlag } from "../memory/structs/port";
import { Switch } from "../memory/structs/switch";
import { DATA, gapBytes, TYPE_MASK, wireBytes } from "../packet/packet";
import { packetAt } from "../packet/record";
import { passTag, tagBytes } from "../packet/tags";
import { closeLevels, openLevels, raiseDepth } from "../port/depths";
import { marked, marksAtQueue, mayMark } from "../port/marking";
import { extraOf, serializationPs } from "../port/port";
import { ACCOUNT_MASK, append, placeOf, popControl, popData } from "../port/queue";
import { getsThrough, KEY_PORT } from "../port/transmit";
import { route } from "../routing/route";
import { charge, discharge, dischargeHeld } from "./buffer";
import { recordMost } from "./statistics";

/** What is routed to an egress port in this window. */
@unmanaged
class Arrivals {
  /** When the port will be free after all of it. */
  freePs: i64 = 0;
  /** The largest backlog right after a packet was queued or started. */
  mostPs: i64 = 0;
  /** By class, data first: entry of the first packet, and where the entry of the next one goes. */
  firstData: u32 = 0;
  nextData: u32 = 0;
  firstControl: u32 = 0;
  nextControl: u32 = 0;
}

const ARRIVALS_BYTES: u32 = offsetof<Arrivals>();
const FIRST_DATA: u32 = offsetof<Arrivals>("firstData");
const CLASS_BYTES: u32 = offsetof<Arrivals>("firstControl") - FIRST_DATA;
/** The key bits below the time: later than all that takes effect at that time. */
const LATEST: i64 = (1 << TIME_SHIFT) - 1;

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

/** As `stepFast`, which has made sure that nothing but packets happens. */
export function stepPlain(device: Device, sw: Switch, count: u32): u64 {
  store<u64>(last, u64.MAX_VALUE);
  if (count != 0) {
    if (sw.ticks != 0) openLevels(sw, device.portCount, windowStart);
    routeAll(device, sw, count);
    closeLevels();
  }
  return playPorts(device, sw);
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
      if (mayMark(aheadPs) && packet.isData) packet.word1 = marked(port, aheadPs, packet.word1);
    }
    const freePs = max<i64>(list.freePs, now) + <i64>serializationPs(port, packet.wireBytes);
    list.freePs = freePs;
    list.mostPs = max<i64>(list.mostPs, freePs - <i64>now);
    if (sw.ticks != 0) raiseDepth(sw, egress, <u64>freePs);
    const chain = changetype<u32>(list) + FIRST_DATA + (packet.isControl ? CLASS_BYTES : 0);
    store<u32>(load<u32>(chain, 4), entry);
    store<u32>(chain, linkOf(entry), 4);
  }
}

/** The first arrival of the window at a port. */
@inline
function open(list: Arrivals, port: Port): void {
  list.freePs = port.busyUntilPs + port.queuedPs;
  list.mostPs = 0;
  list.nextData = changetype<u32>(list) + FIRST_DATA;
  list.nextControl = changetype<u32>(list) + FIRST_DATA + CLASS_BYTES;
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
  store<u32>(list.nextData, last);
  store<u32>(list.nextControl, last);
  const startPs = windowStart;
  const limit = <i64>(windowEnd - startPs);
  const lossless = sw.lossless != 0;
  const keeps = run.releaseAtStart == 0;
  const peer = port.peer;
  const keyBits = (peer & KEY_PORT) | PACKET_BIT;
  const flags = port.flags;
  let delayPs = <u64>port.delayPs;
  if (flags & PortFlag.Far) delayPs += extraOf(port).farPs;
  let hops: u64 = 0;
  let dataHops: u64 = 0;
  let bytes: u64 = 0;
  // Of each class the packet that is next: its entry, its record, and its key. What waits since an
  // earlier window has the key 0.
  let data = list.firstData;
  let control = list.firstControl;
  let dataRecord = port.dataHead;
  let controlRecord = port.controlHead;
  let dataKey: i64 = 0;
  let controlKey: i64 = 0;
  if (dataRecord == 0) {
    dataRecord = load<u32>(data);
    dataKey = load<u32>(data, 4);
  }
  if (controlRecord == 0) {
    controlRecord = load<u32>(control);
    controlKey = load<u32>(control, 4);
  }
  let free = max<i64>(port.busyUntilPs - <i64>startPs, -1);
  for (;;) {
    // At one instant arrivals come before the end of a transmission.
    const freeKey = (free << TIME_SHIFT) | LATEST;
    const dataFrom = max<i64>(dataKey, freeKey);
    const controlFrom = max<i64>(controlKey, freeKey);
    const from = min<i64>(dataFrom, controlFrom) >> TIME_SHIFT;
    if (from >= limit) break;
    // Which class is next cannot be foretold: no branch depends on it.
    const isControl = controlFrom <= dataFrom;
    const key = select<i64>(controlKey, dataKey, isControl);
    const packet = packetAt(select<u32>(controlRecord, dataRecord, isControl));
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
    let arrives = true;
    if (flags & PortFlag.Lossy) {
      port.busyUntilPs = <i64>startPs + free;
      arrives = getsThrough(port, takesPs, wire);
    }
    if (arrives) {
      const record = deliver(peer >> TIME_SHIFT, free + delayPs, keyBits, word1, words23, accounted);
      if (tagBytes != 0) passTag(changetype<u32>(packet), record);
    }
    const old = key == 0;
    const held = (<u32>(free >= limit)) & (<u32>keeps);
    if (accounted != 0 && (held | (<u32>old)) != 0) {
      const account = old ? place & ACCOUNT_MASK : lossless ? ingressOf(key) : local;
      if (held) {
        if (!old) charge(sw, portAt(ports, account), accounted);
        port.heldBytes = accounted;
        port.heldAccount = <u16>account;
      } else {
        discharge(sw, portAt(ports, account), accounted);
      }
    }
    if (old) {
      if (isControl) {
        popControl(port);
        controlRecord = port.controlHead;
        if (controlRecord == 0) {
          controlRecord = load<u32>(control);
          controlKey = load<u32>(control, 4);
        }
      } else {
        popData(port);
        dataRecord = port.dataHead;
        if (dataRecord == 0) {
          dataRecord = load<u32>(data);
          dataKey = load<u32>(data, 4);
        }
      }
    } else {
      const next = load<u32>(linkOf(select<u32>(control, data, isControl)));
      const packed = load<u64>(next);
      control = select<u32>(next, control, isControl);
      data = select<u32>(data, next, isControl);
      controlRecord = select<u32>(<u32>packed, controlRecord, isControl);
      dataRecord = select<u32>(dataRecord, <u32>packed, isControl);
      controlKey = select<i64>(packed >> 32, controlKey, isControl);
      dataKey = select<i64>(dataKey, packed >> 32, isControl);
    }
  }
  if (hops != 0) port.busyUntilPs = <i64>startPs + free;
  port.txBytes += bytes;
  own.hops += hops;
  own.dataHops += dataHops;
  if (list.mostPs != 0) recordMost(port, <u64>list.mostPs);
  for (; control != last; control = load<u32>(linkOf(control))) {
    append(port, 0, 0, packetAt(load<u32>(control)));
  }
  for (; data != last; data = load<u32>(linkOf(data))) {
    const packet = packetAt(load<u32>(data));
    const ingress = ingressOf(load<u32>(data, 4));
    const account = lossless ? ingress : local;
    charge(sw, portAt(ports, account), packet.wireBytes - gapBytes);
    append(port, placeOf(account, ingress), 0, packet);
  }
  port.queuedPs = <u64>(list.freePs - port.busyUntilPs);
}


@inline
function ingressOf(key: i64): u32 {
  return ((<u32>key) >> PORT_SHIFT) & PORT_MASK;
}
