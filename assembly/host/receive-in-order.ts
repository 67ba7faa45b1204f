/** The receiver's half of go-back-N. */
import { takeChunk } from "../collective/progress";
import { watchDelivery, watchesDeliveries, watchesFlows, watchRefusal } from "../engine/watch";
import { own, run } from "../memory/arena";
import { Nic } from "../memory/structs/nic";
import { Receiver } from "../memory/structs/queue-pair";
import { ACK, fullNumber, NACK } from "../packet/packet";
import { PacketRecord } from "../packet/record";
import { answer, mustTellMark } from "./answer";

/** Takes a data packet. */
@inline
export function receiveInOrder(nic: Nic, receiver: Receiver, packet: PacketRecord, nowPs: u64): void {
  const expected = receiver.expected;
  const distance = <i32>(fullNumber(packet.word3, expected) - expected);
  if (distance != 0) {
    own.droppedOrdering++;
    if (distance < 0) {
      answer(nic, receiver, ACK, 0, packet, nowPs);
      return;
    }
    own.outOfOrder++;
    if (watchesFlows()) watchRefusal(packet, nowPs);
    if (receiver.nacked) return;
    receiver.nacked = 1;
    answer(nic, receiver, NACK, 0, packet, nowPs);
    return;
  }
  own.dataDelivered++;
  receiver.expected = expected + 1;
  receiver.nacked = 0;
  const unanswered = ++receiver.unanswered;
  if (--receiver.leftInChunk == 0) {
    receiver.leftInChunk = receiver.packetsPerChunk;
    if (watchesDeliveries()) watchDelivery(packet.flow, receiver.delivered, expected, nowPs);
    takeChunk(packet.flow, receiver, nowPs);
  } else if (unanswered < run.ackEvery && !mustTellMark(receiver)) {
    return;
  }
  answer(nic, receiver, ACK, 0, packet, nowPs);
}
