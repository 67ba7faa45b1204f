/**
 * Selective repeat: the receiver places packets in any order within the window, and each answer
 * names the packet that caused it. The sender resends only what is missing: a hole far enough below
 * the highest packet held counts as lost, once; after that the timer decides, or the answers to
 * resends (`moveBorder`).
 *
 * Bitmaps are rings: packet `n` is bit `n & mapMask`. The window keeps the packets that matter
 * within one turn.
 */
import { mapMask } from "../engine/queue-pairs";
import { run } from "../memory/arena";
import { clearBit, hasBit, nextBit, setBit } from "../memory/bitmap";
import { MAX_RESEND_BORDERS } from "../memory/structs/limits";
import { Sender } from "../memory/structs/queue-pair";

/**
 * Queues the packet that a NACK names (as `acknowledgeHeld`), whose payload was cut off. Returns
 * whether it had to be.
 */
export function resendTrimmed(sender: Sender, expected: u32, beyond: u32): bool {
  const number = expected + beyond - 1;
  if (beyond == 0 || <i32>(number - sender.acked) < 0) return false;
  const queued = sender.resendCount;
  queueResend(sender, number);
  return sender.resendCount != queued;
}

/** Takes packets that are acknowledged now off the bitmaps. */
export function dropAcknowledged(sender: Sender, from: u32, to: u32): void {
  for (let number = from; number != to; number++) {
    const bit = number & mapMask;
    if (hasBit(sender.held, bit)) {
      clearBit(sender.held, bit);
      sender.heldCount--;
    }
    if (sender.resendCount != 0 && hasBit(sender.resend, bit)) {
      clearBit(sender.resend, bit);
      sender.resendCount--;
    }
  }
}

/**
 * Notes the packet that an answer names (`beyond` - 1 past `expected`; 0 for none) and queues what
 * must be lost below it. Returns whether there was such a loss.
 */
export function acknowledgeHeld(sender: Sender, expected: u32, beyond: u32): bool {
  if (beyond == 0) return false;
  const number = expected + beyond - 1;
  if (<i32>(number - sender.acked) < 0) return false;
  const isNew = !hasBit(sender.held, number & mapMask);
  if (isNew) {
    setBit(sender.held, number & mapMask);
    sender.heldCount++;
  }
  const before = sender.resendCount;
  if (sender.resendCount != 0 && hasBit(sender.resend, number & mapMask)) {
    clearBit(sender.resend, number & mapMask);
    sender.resendCount--;
  }
  sender.highestHeld = max(sender.highestHeld, number);
  const queued = sender.resendCount;
  const answersResend = isNew && queued == before && number < sender.scanned;
  let scan = max(sender.scanned, sender.acked);
  while (scan + run.reorderPackets <= sender.highestHeld) {
    queueResend(sender, scan);
    scan++;
  }
  sender.scanned = scan;
  if (answersResend && run.borderBytes != 0) moveBorder(sender, number);
  return sender.resendCount != queued;
}

/** Queues everything that was sent and is not held. */
export function queueUnheld(sender: Sender): void {
  for (let number = sender.acked; number != sender.next; number++) queueResend(sender, number);
  if (run.borderBytes == 0) return;
  sender.scanned = sender.next;
  sender.borderCount = 0;
}

/** Forgets borders at or below the first unacknowledged packet. */
export function dropBorders(sender: Sender): void {
  while (sender.borderCount != 0 && borderAt(sender, sender.borderCount - 1) <= sender.acked) sender.borderCount--;
}

/**
 * The answer to a resend of `number`: packets that were sent as often, and before it, are lost
 * again. Borders fall, so the last one above the packet says how often it was sent.
 */
function moveBorder(sender: Sender, number: u32): void {
  let index: u32 = 0;
  while (index < sender.borderCount && number < borderAt(sender, index)) index++;
  if (index == MAX_RESEND_BORDERS) return;
  let border = index < sender.borderCount ? borderAt(sender, index) : sender.acked;
  if (border + run.reorderPackets > number) return;
  for (; border + run.reorderPackets <= number; border++) queueResend(sender, border);
  store<u32>(sender.borders + index * 4, border);
  if (index == sender.borderCount) sender.borderCount++;
}


@inline
function borderAt(sender: Sender, index: u32): u32 {
  return load<u32>(sender.borders + index * 4);
}

/** Takes the lowest packet from the resend queue. */
export function takeResend(sender: Sender): u32 {
  const number = firstResend(sender);
  clearBit(sender.resend, number & mapMask);
  sender.resendCount--;
  return number;
}

/** The lowest packet in the resend queue. */
export function firstResend(sender: Sender): u32 {
  const bit = nextBit(sender.resend, (sender.acked - 1) & mapMask, mapMask + 1);
  return sender.acked + ((bit - sender.acked) & mapMask);
}

function queueResend(sender: Sender, number: u32): void {
  const bit = number & mapMask;
  if (hasBit(sender.held, bit) || hasBit(sender.resend, bit)) return;
  setBit(sender.resend, bit);
  sender.resendCount++;
}
