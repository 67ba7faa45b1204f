/**
 * Egress queues. A queued packet is a 16-byte record: the local port (and data class) whose buffer account it is on and the port that it came by
 * (16 bits each), then its three words. A port
 * serves pause frames, then the control queue, then the data queue unless that class is paused. Of several data classes each has its queue in its lane.
 */
import { advanceHead, freeChunk, nextSlot } from "../memory/chunks";
import { check, DEBUG } from "../memory/debug";
import { Port } from "../memory/structs/port";
import { isControl } from "../packet/packet";
import { passTag, tagBytes } from "../packet/tags";
import { extraOf } from "./port";

const INGRESS_SHIFT: u32 = 16;

/** What stands first in the record of a packet that came by a local port. */
@inline
export function placeOf(account: u32, ingress: u32): u32 {
  return account | (ingress << INGRESS_SHIFT);
}

/** The account of the queued packet at `record`. */
@inline
export function accountIn(record: u32): u32 {
  return load<u16>(record);
}

/** The local port that the queued packet at `record` came by. */
@inline
export function ingressIn(record: u32): u32 {
  return load<u16>(record, 2);
}

/** Appends a packet, which takes `takesPs` to send and has its tag from the record at `source`, to the queue of its class. */
@inline
export function append(port: Port, place: u32, word1: u32, words23: u64, takesPs: u64, source: u32): void {
  appendIn(port, port, place, word1, words23, takesPs, source);
}

/** The same, where a data packet goes to the queue of a lane. */
@inline
export function appendIn(
  port: Port,
  lane: Port,
  place: u32,
  word1: u32,
  words23: u64,
  takesPs: u64,
  source: u32,
): void {
  port.queuedPs += takesPs;
  write(isControl(word1) ? controlSlot(port) : dataSlot(lane), place, word1, words23, source);
}

/** Puts a packet in the place of the last one of the lane's queue, whose time is off the queue already. */
export function replaceLast(
  port: Port,
  lane: Port,
  place: u32,
  word1: u32,
  words23: u64,
  takesPs: u64,
  source: u32,
): void {
  if (DEBUG) check(lane.dataTail != 0, 11);
  port.queuedPs += takesPs;
  write(lane.dataTail, place, word1, words23, source);
}


@inline
function write(record: u32, place: u32, word1: u32, words23: u64, source: u32): void {
  store<u64>(record, (<u64>place) | ((<u64>word1) << 32));
  store<u64>(record, words23, 8);
  if (tagBytes != 0) passTag(source, record);
}


@inline
function dataSlot(port: Port): u32 {
  if (DEBUG) check((port.dataHead == 0) == (port.dataTail == 0), 9);
  const record = nextSlot(port.dataTail);
  port.dataTail = record;
  if (port.dataHead == 0) port.dataHead = record;
  return record;
}

function controlSlot(port: Port): u32 {
  const extra = extraOf(port);
  if (DEBUG) check((port.controlHead == 0) == (extra.controlTail == 0), 10);
  const record = nextSlot(extra.controlTail);
  extra.controlTail = record;
  if (port.controlHead == 0) port.controlHead = record;
  return record;
}

/** Drops the first record of the lane's queue. */
@inline
export function popData(lane: Port): void {
  const head = lane.dataHead;
  if (DEBUG) check(head != 0 && lane.dataTail != 0, 7);
  if (head == lane.dataTail) {
    freeChunk(head);
    lane.dataHead = 0;
    lane.dataTail = 0;
  } else {
    lane.dataHead = advanceHead(head);
  }
}

/** Drops the first record of the control queue. */
export function popControl(port: Port): void {
  const head = port.controlHead;
  const extra = extraOf(port);
  if (DEBUG) check(head != 0 && extra.controlTail != 0, 8);
  if (head == extra.controlTail) {
    freeChunk(head);
    port.controlHead = 0;
    extra.controlTail = 0;
  } else {
    port.controlHead = advanceHead(head);
  }
}
