/** What NICs and QPs need of the run's parameters, and the records they live in. */
import { run } from "../memory/arena";
import { FULL } from "../memory/features";
import { Nic } from "../memory/structs/nic";
import { Receiver, Sender } from "../memory/structs/queue-pair";

export const NIC_BYTES: u32 = offsetof<Nic>();
export const SENDER_BYTES: u32 = offsetof<Sender>();
const RECEIVER_BYTES: u32 = offsetof<Receiver>();

/** Packets that fit the bitmaps of selective recovery, minus one: a power of two minus one. */
export let mapMask: u32 = 0;

/** Whether QPs move between NICs in this run. */
export let moving: bool = false;

export function loadHostParameters(): void {
  if (FULL) moving = run.moveCount != 0;
  if (!run.selective) return;
  let bits: u32 = 64;
  while (bits < run.windowPackets) bits <<= 1;
  mapMask = bits - 1;
}


@inline
export function senderAt(flow: u32): Sender {
  return changetype<Sender>(run.senders + flow * SENDER_BYTES);
}


@inline
export function receiverAt(flow: u32): Receiver {
  return changetype<Receiver>(run.receivers + flow * RECEIVER_BYTES);
}

/** Whether the QP sends from another NIC, and is only listed at this one. */
@inline
export function isElsewhere(nic: Nic, sender: Sender): bool {
  return moving && sender.nic != changetype<u32>(nic);
}
