/**
 * The sending half of a member of an operation that switches reduce (MODEL.md §12): no timer, no
 * repetition, and a window that is opened by what comes back.
 */
import { SENDER_BYTES } from "../engine/queue-pairs";
import { own, run } from "../memory/arena";
import { Port } from "../memory/structs/port";
import { Sender } from "../memory/structs/queue-pair";
import { ReductionMember } from "../memory/structs/reduction";
import { DATA, firstWord, gapBytes, thirdWord, wordPair } from "../packet/packet";
import { clearTag, tagBytes } from "../packet/tags";
import { spendCredit } from "../port/credit";
import { serializationPs } from "../port/port";
import { transmitWords } from "../port/transmit";
import { memberAt } from "../reduction/members";

/** What a QP is to operations; only where the run has any. */
@inline
export function memberOf(sender: Sender): ReductionMember {
  return memberAt((changetype<u32>(sender) - run.senders) / SENDER_BYTES);
}

/** Whether the member may send its next packet, full or empty. */
@inline
export function mayGoOn(sender: Sender, member: ReductionMember): bool {
  return sender.next < sender.posted && sender.next - sender.acked < member.windowPackets;
}

/** Sends the next contribution at `startPs`. The QP must be sendable and the port free. */
export function contribute(port: Port, flow: u32, sender: Sender, startPs: u64): void {
  const number = sender.next;
  let payload = sender.payloadBytes;
  if (--sender.leftInChunk == 0) {
    sender.leftInChunk = sender.packetsPerChunk;
    payload = sender.lastPayloadBytes;
  }
  sender.next = number + 1;
  sender.highest = number + 1;
  own.dataSent++;
  const wire = payload + run.headerBytes + gapBytes;
  const word1 = firstWord(sender.destination, DATA, wire);
  const words23 = wordPair(flow, thirdWord(number, wire));
  const record = transmitWords(port, startPs, serializationPs(port, wire), word1, words23, wire);
  if (record == 0) return;
  spendCredit(port, word1, flow, wire);
  if (tagBytes != 0) clearTag(record, startPs);
}
