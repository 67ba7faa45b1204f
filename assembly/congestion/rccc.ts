/**
 * RCCC, the receiver-credit congestion control of Ultra Ethernet: a sender spends credit for every
 * byte on the wire, says with every packet how much it wants, and gets more from the receiver
 * (nic/granter.ts). It begins with speculative credit for about a round trip. What is left of that
 * at the first answer is forfeited.
 */
import { run } from "../memory/arena";
import { CREDIT_QUANTUM_SHIFT } from "../memory/structs/limits";
import { Sender } from "../memory/structs/queue-pair";
import { signedNumber } from "../packet/packet";
import { tagOf } from "../packet/tags";
import { inQuanta, mostWantedQuanta, roundTripQuanta } from "./quanta";
import { CreditTag, Rccc, RcccParameters } from "./records";


@inline
function parameters(): RcccParameters {
  return changetype<RcccParameters>(run.controlParameters);
}

export function start(state: Rccc): void {
  state.speculative = roundTripQuanta(parameters().speculativeShare, state.linePsPerByte);
  state.granted = state.speculative;
  state.mostWantedBytes = mostWantedQuanta(state.linePsPerByte) << CREDIT_QUANTUM_SHIFT;
  updateWindow(state);
}

/**
 * Spends credit for a packet, whose record at the next device is at `record`; 0 where it got lost.
 */
export function sent(state: Rccc, sender: Sender, wireBytes: u32, record: u32): void {
  state.spentBytes += wireBytes;
  updateWindow(state);
  if (record == 0) return;
  const tag = changetype<CreditTag>(tagOf(record));
  const waiting = <u64>(sender.posted - sender.next + sender.resendCount);
  const packetBytes = sender.payloadBytes + run.headerBytes + run.gapBytes;
  tag.spent = inQuanta(state.spentBytes);
  tag.wanted = inQuanta(state.spentBytes + min(waiting * packetBytes, state.mostWantedBytes));
  tag.granted = state.granted;
}

/** A pull has come, which names the quanta granted so far by their lowest 24 bits. */
export function pulled(state: Rccc, word3: u32): void {
  const more = signedNumber(word3 - <u32>state.granted);
  take(state, more > 0 ? state.granted + more : state.granted);
}

export function answered(state: Rccc, tag: CreditTag): void {
  take(state, tag.granted);
}

/** The receiver has been heard, which ends speculation. */
function take(state: Rccc, granted: u64): void {
  state.spentBytes = max(state.spentBytes, state.speculative << CREDIT_QUANTUM_SHIFT);
  state.granted = max(state.granted, granted);
  updateWindow(state);
}

/** The last packet may spend more than there is. */
function updateWindow(state: Rccc): void {
  state.windowBytes = state.spentBytes < state.granted << CREDIT_QUANTUM_SHIFT ? Infinity : 0;
}
