/** Members that only receive: they tell when they are ready for a sum (MODEL.md §12). */
import { own } from "../memory/arena";
import { Nic } from "../memory/structs/nic";
import { Sender } from "../memory/structs/queue-pair";
import { ACK, firstWord, thirdWord } from "../packet/packet";
import { memberAt } from "../reduction/members";
import { sendAnswer } from "./egress";
import { mayGoOn } from "./member";
import { updateSendable } from "./sender";

/** The member's window or what is posted has grown: lets it send, or tells what it is ready for. */
export function goOn(nic: Nic, flow: u32, sender: Sender, nowPs: u64): void {
  const member = memberAt(flow);
  if (member.contributes != 0) {
    updateSendable(nic, sender);
    return;
  }
  while (mayGoOn(sender, member)) {
    const number = sender.next++;
    sender.highest = sender.next;
    own.acksSent++;
    sendAnswer(nic, firstWord(sender.destination, ACK, 0), flow, thirdWord(number, 0), nowPs, 0);
  }
}
