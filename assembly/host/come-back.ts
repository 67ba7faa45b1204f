/** What a NIC does with a packet of an operation that comes back to a member (MODEL.md §12). */
import { deliverChunk } from "../collective/executor";
import { receiverAt, senderAt } from "../engine/queue-pairs";
import { own } from "../memory/arena";
import { Nic } from "../memory/structs/nic";
import { tryStart } from "../nic/egress";
import { goOn } from "../nic/ready";
import { NUMBER_MASK } from "../packet/packet";
import { PacketRecord } from "../packet/record";
import { flowAcknowledged } from "../statistics/flows";

/** Takes a packet that the NIC has processed, full or empty. */
export function comeBack(nic: Nic, packet: PacketRecord, nowPs: u64): void {
  const flow = packet.flow;
  const receiver = receiverAt(flow);
  const full = packet.isData;
  if (!full) own.acksReceived++;
  const number = receiver.expected;
  if (packet.number != (number & NUMBER_MASK)) {
    if (full) own.droppedOrdering++;
    return;
  }
  if (full) own.dataDelivered++;
  receiver.expected = number + 1;
  if (--receiver.leftInChunk == 0) {
    receiver.leftInChunk = receiver.packetsPerChunk;
    deliverChunk(flow, receiver, nowPs);
  }
  const sender = senderAt(flow);
  sender.acked = number + 1;
  if (sender.acked == sender.totalPackets) flowAcknowledged(sender, nowPs);
  goOn(nic, flow, sender, nowPs);
  tryStart(nic, nowPs);
}
