/** The receiver's half of selective repeat. */
import { takeChunk } from "../collective/progress";
import { mapMask } from "../engine/queue-pairs";
import { watchDelivery, watchesDeliveries } from "../engine/watch";
import { own, run } from "../memory/arena";
import { clearBit, hasBit, setBit } from "../memory/bitmap";
import { Nic } from "../memory/structs/nic";
import { Receiver } from "../memory/structs/queue-pair";
import { ACK, fullNumber, NACK } from "../packet/packet";
import { PacketRecord } from "../packet/record";
import { answer, mustTellMark } from "./answer";

/** Takes a data packet. */
export function receiveAnyOrder(nic: Nic, receiver: Receiver, packet: PacketRecord, nowPs: u64): void {
  const expected = receiver.expected;
  const number = fullNumber(packet.word3, expected);
  const distance = <i32>(number - expected);
  if (distance > 0) own.outOfOrder++;
  if (distance < 0 || hasBit(receiver.placed, number & mapMask)) {
    own.droppedOrdering++;
    answer(nic, receiver, ACK, distance < 0 ? 0 : <u32>distance + 1, packet, nowPs);
    return;
  }
  own.dataDelivered++;
  const unanswered = ++receiver.unanswered;
  setBit(receiver.placed, number & mapMask);
  receiver.placedCount++;
  let ended = false;
  while (receiver.placedCount != 0 && hasBit(receiver.placed, receiver.expected & mapMask)) {
    clearBit(receiver.placed, receiver.expected & mapMask);
    receiver.placedCount--;
    receiver.expected++;
    if (--receiver.leftInChunk == 0) {
      receiver.leftInChunk = receiver.packetsPerChunk;
      ended = true;
      if (watchesDeliveries()) watchDelivery(packet.flow, receiver.delivered, number, nowPs);
      takeChunk(packet.flow, receiver, nowPs);
    }
  }
  const mayWait = unanswered < run.ackEvery && !mustTellMark(receiver);
  if (distance == 0 && receiver.placedCount == 0 && !ended && mayWait) return;
  const beyond = <i32>(number - receiver.expected);
  answer(nic, receiver, ACK, beyond < 0 ? 0 : <u32>beyond + 1, packet, nowPs);
}

/** Takes the header of a trimmed packet. */
export function miss(nic: Nic, receiver: Receiver, packet: PacketRecord, nowPs: u64): void {
  const number = fullNumber(packet.word3, receiver.expected);
  const distance = <i32>(number - receiver.expected);
  if (distance < 0 || hasBit(receiver.placed, number & mapMask)) return;
  answer(nic, receiver, NACK, <u32>distance + 1, packet, nowPs);
}
