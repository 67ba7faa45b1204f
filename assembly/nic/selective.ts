/**
 * Selective repeat: the receiver places packets in any order within the window, and each answer names the packet that caused it. The sender
 * resends only what is missing: a hole far enough below the highest packet held counts as lost, once; after that the timer decides.
 *
 * Bitmaps are rings: packet `n` is bit `n & mapMask`. The window keeps the packets that matter within one turn.
 */
import { mapMask } from "../engine/queue-pairs";
import { run } from "../memory/arena";
import { clearBit, hasBit, nextBit, setBit } from "../memory/bitmap";
import { Sender } from "../memory/structs/queue-pair";

/** Queues the packet that a NACK names (as `acknowledgeHeld`), whose payload was cut off. Returns whether it had to be. */
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
 * Notes the packet that an answer names (`beyond` - 1 past `expected`; 0 for none) and queues what must be lost below it. Returns whether
 * there was such a loss.
 */
export function acknowledgeHeld(sender: Sender, expected: u32, beyond: u32): bool {
  if (beyond == 0) return false;
  const number = expected + beyond - 1;
  if (<i32>(number - sender.acked) < 0) return false;
  if (!hasBit(sender.held, number & mapMask)) {
    setBit(sender.held, number & mapMask);
    sender.heldCount++;
  }
  if (sender.resendCount != 0 && hasBit(sender.resend, number & mapMask)) {
    clearBit(sender.resend, number & mapMask);
    sender.resendCount--;
  }
  sender.highestHeld = max(sender.highestHeld, number);
  const queued = sender.resendCount;
  let scan = max(sender.scanned, sender.acked);
  while (scan + run.reorderPackets <= sender.highestHeld) {
    queueResend(sender, scan);
    scan++;
  }
  sender.scanned = scan;
  return sender.resendCount != queued;
}

/** Queues everything that was sent and is not held. */
export function queueUnheld(sender: Sender): void {
  for (let number = sender.acked; number != sender.next; number++) queueResend(sender, number);
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
