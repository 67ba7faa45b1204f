/** What a receiver answers. */
import { own, run } from "../memory/arena";
import { FULL } from "../memory/features";
import { Nic } from "../memory/structs/nic";
import { Receiver } from "../memory/structs/queue-pair";
import { sendAnswer } from "../nic/egress";
import { firstWord, MARK, NACK, thirdWord } from "../packet/packet";

/** Sends an ACK or NACK for the packet expected next; the packet at `record` caused it, and `beyond` names it (see packet/packet.ts). */
export function answer(nic: Nic, flow: u32, receiver: Receiver, type: u32, beyond: u32, nowPs: u64, record: u32): void {
  const mark: u32 = receiver.marked ? MARK : 0;
  receiver.marked = 0;
  receiver.unanswered = 0;
  own.acksSent++;
  if (type == NACK) own.nacksSent++;
  sendAnswer(
    nic,
    firstWord(receiver.source, type | mark, beyond),
    flow,
    thirdWord(receiver.expected, beyond),
    nowPs,
    record,
  );
}

/** Whether a mark waits for an answer, which is to be sent at once. */
@inline
export function mustTellMark(receiver: Receiver): bool {
  return FULL && run.ackMarked != 0 && receiver.marked != 0;
}
