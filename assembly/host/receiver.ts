/** The receiving half of a QP: what it answers. How it takes data is the recovery scheme's affair. */
import { firstWord, NACK, thirdWord } from "../link/packet";
import { own, run } from "../memory/arena";
import { Nic, Receiver } from "../memory/structs";
import { receiveInOrder } from "./go-back-n";
import { sendAnswer } from "./nic";
import { receiveAnyOrder } from "./selective";

/** Takes a data packet that the NIC has processed. */
@inline
export function receive(nic: Nic, flow: u32, receiver: Receiver, word3: u32, nowPs: u64): void {
  if (run.selective) receiveAnyOrder(nic, flow, receiver, word3, nowPs);
  else receiveInOrder(nic, flow, receiver, word3, nowPs);
}

/** Sends an ACK or NACK for the packet expected next; `beyond` names the packet that caused it (see link/packet.ts). */
export function answer(nic: Nic, flow: u32, receiver: Receiver, type: u32, beyond: u32, nowPs: u64): void {
  receiver.unanswered = 0;
  own.acksSent++;
  if (type == NACK) own.nacksSent++;
  sendAnswer(nic, firstWord(receiver.source, type, beyond), flow, thirdWord(receiver.expected, beyond), nowPs);
}
