/**
 * The receiving half of a QP: what it answers. How it takes data is the recovery scheme's affair.
 */
import { own, run } from "../memory/arena";
import { Nic } from "../memory/structs/nic";
import { Receiver } from "../memory/structs/queue-pair";
import { granting } from "../nic/agenda";
import { notifySender } from "../nic/due-cnps";
import { updateDemand, raiseGranted } from "../nic/granter";
import { MARK } from "../packet/packet";
import { PacketRecord } from "../packet/record";
import { miss, receiveAnyOrder } from "./receive-any-order";
import { receiveInOrder } from "./receive-in-order";

/** Takes a data packet that the NIC has processed. */
@inline
export function receive(nic: Nic, receiver: Receiver, packet: PacketRecord, nowPs: u64): void {
  if ((packet.word1 & MARK) != 0) recordMark(nic, receiver, packet, nowPs);
  if (granting) receiveWithGrants(nic, receiver, packet, nowPs);
  else take(nic, receiver, packet, nowPs);
}


@inline
function take(nic: Nic, receiver: Receiver, packet: PacketRecord, nowPs: u64): void {
  if (run.selective) receiveAnyOrder(nic, receiver, packet, nowPs);
  else receiveInOrder(nic, receiver, packet, nowPs);
}

/** Takes the header of a packet whose payload was cut off: asks for the packet again. */
export function receiveTrimmed(nic: Nic, receiver: Receiver, packet: PacketRecord, nowPs: u64): void {
  own.trimmedReceived++;
  const record = changetype<u32>(packet);
  if (granting) raiseGranted(packet.flow, record);
  miss(nic, receiver, packet, nowPs);
  if (granting) updateDemand(nic, packet.flow, receiver, record, nowPs);
}

/** The answer says what has been granted; what the packet says of its sender counts after it. */
function receiveWithGrants(nic: Nic, receiver: Receiver, packet: PacketRecord, nowPs: u64): void {
  const record = changetype<u32>(packet);
  raiseGranted(packet.flow, record);
  take(nic, receiver, packet, nowPs);
  updateDemand(nic, packet.flow, receiver, record, nowPs);
}

/** The network has marked a packet: the next answer says so, and a CNP, where they are sent. */
function recordMark(nic: Nic, receiver: Receiver, packet: PacketRecord, nowPs: u64): void {
  receiver.marked = 1;
  if (run.cnpIntervalPs == 0 || nowPs < receiver.nextCnpPs) return;
  receiver.nextCnpPs = nowPs + run.cnpIntervalPs;
  notifySender(nic, packet, nowPs);
}
