/**
 * Egress queues. A queued packet is a 16-byte record: the local port whose buffer account it is on, then its three words. A port
 * serves pause frames, then the control queue, then the data queue unless that class is paused.
 */
import { wakeAt } from "../engine/wake";
import { portAt, windowEnd } from "../engine/state";
import { extraOf, serializationPs, transmit } from "../link/transmit";
import { isControl, wireBytes } from "../link/packet";
import { advanceHead, freeChunk, nextSlot, CHUNK_MASK } from "../memory/chunks";
import { Port } from "../memory/structs";

/** Appends a packet to the queue of its class. */
// @ts-ignore: decorator
@inline
export function append(port: Port, account: u32, word1: u32, word2: u32, word3: u32, wire: u32): void {
  port.queuedPs += serializationPs(port, wire);
  let record: u32;
  if (isControl(word1)) {
    record = nextSlot(port.controlTail);
    port.controlTail = record;
    if (port.controlCount++ == 0) port.controlHead = record;
  } else {
    record = nextSlot(port.dataTail);
    port.dataTail = record;
    if (port.dataCount++ == 0) port.dataHead = record;
  }
  store<u32>(record, account);
  store<u32>(record, word1, 4);
  store<u32>(record, word2, 8);
  store<u32>(record, word3, 12);
}

/** Drops the first record of the data queue. */
// @ts-ignore: decorator
@inline
export function popData(port: Port): void {
  const head = port.dataHead;
  if (--port.dataCount == 0) {
    freeChunk(head & ~CHUNK_MASK);
    port.dataTail = 0;
  } else {
    port.dataHead = advanceHead(head);
  }
}

/** Drops the first record of the control queue. */
// @ts-ignore: decorator
@inline
export function popControl(port: Port): void {
  const head = port.controlHead;
  if (--port.controlCount == 0) {
    freeChunk(head & ~CHUNK_MASK);
    port.controlTail = 0;
  } else {
    port.controlHead = advanceHead(head);
  }
}
