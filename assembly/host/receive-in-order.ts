/** The receiver's half of go-back-N. */
import { deliverChunk } from "../collective/executor";
import { own, run } from "../memory/arena";
import { Nic } from "../memory/structs/nic";
import { Receiver } from "../memory/structs/queue-pair";
import { ACK, fullNumber, NACK } from "../packet/packet";
import { answer, mustTellMark } from "./answer";

/** Takes a data packet. */
@inline
export function receiveInOrder(nic: Nic, flow: u32, receiver: Receiver, word3: u32, nowPs: u64, record: u32): void {
  const expected = receiver.expected;
  const distance = <i32>(fullNumber(word3, expected) - expected);
  if (distance != 0) {
    own.droppedOrdering++;
    if (distance < 0) {
      answer(nic, flow, receiver, ACK, 0, nowPs, record);
      return;
    }
    own.outOfOrder++;
    if (receiver.nacked) return;
    receiver.nacked = 1;
    answer(nic, flow, receiver, NACK, 0, nowPs, record);
    return;
  }
  own.dataDelivered++;
  receiver.expected = expected + 1;
  receiver.nacked = 0;
  const unanswered = ++receiver.unanswered;
  if (--receiver.leftInChunk == 0) {
    receiver.leftInChunk = receiver.packetsPerChunk;
    deliverChunk(flow, receiver, nowPs);
  } else if (unanswered < run.ackEvery && !mustTellMark(receiver)) {
    return;
  }
  answer(nic, flow, receiver, ACK, 0, nowPs, record);
}
