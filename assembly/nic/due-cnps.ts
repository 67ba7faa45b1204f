/**
 * CNPs, and those that wait for their time. The delay of all is the same, so that each NIC keeps
 * them in a queue.
 */
import { receiverAt } from "../engine/queue-pairs";
import { own, run } from "../memory/arena";
import { advanceHead, CHUNK_MASK, freeChunk, nextSlot } from "../memory/chunks";
import { DueCnp, Nic } from "../memory/structs/nic";
import { CNP, firstWord } from "../packet/packet";
import { PacketRecord } from "../packet/record";
import { passTag, tagBytes } from "../packet/tags";
import { delaysCnps, dueCnpsOf, updateNextEvent } from "./agenda";
import { sendAnswer } from "./egress";

/** Notifies the sender of a marked packet's QP, at once or after the delay. */
export function notifySender(nic: Nic, packet: PacketRecord, nowPs: u64): void {
  if (delaysCnps) scheduleCnp(nic, packet, nowPs + run.cnpDelayPs);
  else sendCnp(nic, packet.flow, changetype<u32>(packet), nowPs);
}

function scheduleCnp(nic: Nic, packet: PacketRecord, timePs: u64): void {
  const due = dueCnpsOf(nic);
  const record = nextSlot(due.tail);
  due.tail = record;
  if (due.count++ == 0) due.head = record;
  const cnp = changetype<DueCnp>(record);
  cnp.timePs = timePs;
  cnp.flow = packet.flow;
  if (tagBytes != 0) passTag(changetype<u32>(packet), record);
  if (timePs < nic.nextEventPs) nic.nextEventPs = timePs;
}

/** Sends the first CNP that waits, which is due at `nowPs`. */
export function sendDueCnp(nic: Nic, nowPs: u64): void {
  const due = dueCnpsOf(nic);
  const record = due.head;
  // The record holds the tag until it was passed on.
  sendCnp(nic, changetype<DueCnp>(record).flow, record, nowPs);
  if (--due.count == 0) {
    freeChunk(record & ~CHUNK_MASK);
    due.tail = 0;
  } else {
    due.head = advanceHead(record);
  }
  updateNextEvent(nic);
}

/** Sends a CNP with the tag of the record at `cause`. */
function sendCnp(nic: Nic, flow: u32, cause: u32, nowPs: u64): void {
  own.cnpsSent++;
  sendAnswer(nic, firstWord(receiverAt(flow).source, CNP, 0), flow, 0, nowPs, cause);
}
