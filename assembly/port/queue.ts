/**
 * Egress queues. A queued packet is a 16-byte record. Its first word has the local port (and data
 * class) of its buffer account, and the port that it came by, 16 bits each. Its three words follow.
 * A port serves pause frames, then the control queue, then the data queue unless that class is
 * paused. Of several data classes each has its queue in its lane.
 */
import { advanceHead, freeChunk, nextSlot } from "../memory/chunks";
import { check, DEBUG } from "../memory/debug";
import { Port } from "../memory/structs/port";
import { isControl } from "../packet/packet";
import { PacketRecord, packetAt } from "../packet/record";
import { passTag, tagBytes } from "../packet/tags";
import { extraOf } from "./port";

const INGRESS_SHIFT: u32 = 16;
export const ACCOUNT_MASK: u32 = (1 << INGRESS_SHIFT) - 1;

/** What stands first in the record of a packet that came by a local port. */
@inline
export function placeOf(account: u32, ingress: u32): u32 {
  return account | (ingress << INGRESS_SHIFT);
}

/** The account of a queued packet. */
@inline
export function accountIn(packet: PacketRecord): u32 {
  return packet.key & ACCOUNT_MASK;
}

/** The local port that a queued packet came by. */
@inline
export function ingressIn(packet: PacketRecord): u32 {
  return packet.key >> INGRESS_SHIFT;
}

/** Appends a packet, which takes `takesPs` to send, to the queue of its class. */
@inline
export function append(port: Port, place: u32, takesPs: u64, packet: PacketRecord): void {
  appendIn(port, port, place, takesPs, packet);
}

/** The same, where a data packet goes to the queue of a lane. */
@inline
export function appendIn(port: Port, lane: Port, place: u32, takesPs: u64, packet: PacketRecord): void {
  const word1 = packet.word1;
  const slot = slotFor(port, lane, takesPs, word1);
  slot.write(place, word1, packet.words23);
  if (tagBytes != 0) passTag(changetype<u32>(packet), changetype<u32>(slot));
}

/**
 * Puts a packet in the place of the last one of the lane's queue, whose time is off the queue
 * already.
 */
export function replaceLast(port: Port, lane: Port, place: u32, takesPs: u64, packet: PacketRecord): void {
  if (DEBUG) check(lane.dataTail != 0, 11);
  port.queuedPs += takesPs;
  const slot = packetAt(lane.dataTail);
  slot.write(place, packet.word1, packet.words23);
  if (tagBytes != 0) passTag(changetype<u32>(packet), changetype<u32>(slot));
}

/**
 * A new last record in the queue of its class, for a packet with this first word that takes
 * `takesPs` to send. The caller writes the packet and its tag.
 */
@inline
export function slotFor(port: Port, lane: Port, takesPs: u64, word1: u32): PacketRecord {
  port.queuedPs += takesPs;
  return packetAt(isControl(word1) ? controlSlot(port) : dataSlot(lane));
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
