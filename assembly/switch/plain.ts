/**
 * The fast step of a switch in which nothing but packets happens: no port is paused, no frame
 * arrives, no link repeats. When a port will be free then depends on what is routed to it, not on
 * the order in which it sends. So the first pass, which routes all arrivals in order, also finds
 * every backlog, and puts the packets of each egress port on a list for each class. The second pass
 * only merges these lists, port by port: one turn of its loop is one transmission.
 */
import { sorted } from "../engine/inbox";
import { PORT_MASK, PORT_SHIFT, TIME_SHIFT } from "../engine/key";
import { carve } from "../engine/scratch";
import { portAt, windowEnd, windowStart } from "../engine/state";
import { run } from "../memory/arena";
import { Device } from "../memory/structs/device";
import { Port } from "../memory/structs/port";
import { Switch } from "../memory/structs/switch";
import { gapBytes } from "../packet/packet";
import { packetAt } from "../packet/record";
import { updateDepth } from "../port/depths";
import { marked, marksAtQueue } from "../port/marking";
import { serializationPs } from "../port/port";
import { accountIn, append, placeOf, popControl, popData } from "../port/queue";
import { transmit } from "../port/transmit";
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
  if (count != 0) routeAll(device, sw, count);
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
  const shift = run.quantumShift;
  const ticks = sw.ticks;
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
    if (marksAtQueue && packet.isData) {
      const aheadPs = <u64>max<i64>(list.freePs - <i64>now, 0);
      packet.word1 = marked(port, aheadPs, packet.word1);
    }
    const freePs = max<i64>(list.freePs, now) + <i64>serializationPs(port, packet.wireBytes);
    list.freePs = freePs;
    list.mostPs = max<i64>(list.mostPs, freePs - <i64>now);
    if (ticks != 0) store<u32>(ticks + egress * 4, <u32>((<u64>freePs) >> shift));
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
  const releaseAtStart = run.releaseAtStart != 0;
  let data = list.firstData;
  let control = list.firstControl;
  // What waits since an earlier window has the key 0.
  let dataKey: i64 = port.dataHead != 0 ? 0 : <i64>load<u32>(data, 4);
  let controlKey: i64 = port.controlHead != 0 ? 0 : <i64>load<u32>(control, 4);
  for (;;) {
    // At one instant arrivals come before the end of a transmission.
    const freeKey = ((port.busyUntilPs - <i64>startPs) << TIME_SHIFT) | LATEST;
    const dataFrom = max<i64>(dataKey, freeKey);
    const controlFrom = max<i64>(controlKey, freeKey);
    const from = min<i64>(dataFrom, controlFrom) >> TIME_SHIFT;
    if (from >= limit) break;
    if (controlFrom <= dataFrom) {
      const old = controlKey == 0;
      const packet = packetAt(old ? port.controlHead : load<u32>(control));
      transmit(port, startPs + from, serializationPs(port, packet.wireBytes), packet);
      if (old) popControl(port);
      else control = load<u32>(linkOf(control));
      controlKey = port.controlHead != 0 ? 0 : <i64>load<u32>(control, 4);
      continue;
    }
    const old = dataKey == 0;
    const packet = packetAt(old ? port.dataHead : load<u32>(data));
    const wire = packet.wireBytes;
    const bytes = wire - gapBytes;
    const account = old ? accountIn(packet) : lossless ? ingressOf(dataKey) : local;
    transmit(port, startPs + from, serializationPs(port, wire), packet);
    if (port.busyUntilPs < <i64>windowEnd || releaseAtStart) {
      if (old) discharge(sw, portAt(ports, account), bytes);
    } else {
      if (!old) charge(sw, portAt(ports, account), bytes);
      port.heldBytes = bytes;
      port.heldAccount = <u16>account;
    }
    if (old) popData(port);
    else data = load<u32>(linkOf(data));
    dataKey = port.dataHead != 0 ? 0 : <i64>load<u32>(data, 4);
  }
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
