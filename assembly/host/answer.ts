/** What a receiver answers. */
import { own, run } from "../memory/arena";
import { FULL } from "../memory/features";
import { Nic } from "../memory/structs/nic";
import { Receiver } from "../memory/structs/queue-pair";
import { sendAnswer } from "../nic/egress";
import { firstWord, MARK, NACK, thirdWord } from "../packet/packet";
import { PacketRecord } from "../packet/record";

/** Sends an ACK or NACK for the packet expected next; `packet` caused it, `beyond` names it. */
export function answer(nic: Nic, receiver: Receiver, type: u32, beyond: u32, packet: PacketRecord, nowPs: u64): void {
  const mark: u32 = receiver.marked ? MARK : 0;
  receiver.marked = 0;
  receiver.unanswered = 0;
  own.acksSent++;
  if (type == NACK) own.nacksSent++;
  sendAnswer(
    nic,
    firstWord(receiver.source, type | mark, beyond),
    packet.flow,
    thirdWord(receiver.expected, beyond),
    nowPs,
    changetype<u32>(packet),
  );
}

/** Whether a mark waits for an answer, which is to be sent at once. */
@inline
export function mustTellMark(receiver: Receiver): bool {
  return FULL && run.ackMarked != 0 && receiver.marked != 0;
}
