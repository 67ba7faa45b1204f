/** The receiving half of a QP: what it answers. How it takes data is the recovery scheme's affair. */
import { own, run } from "../memory/arena";
import { Nic } from "../memory/structs/nic";
import { Receiver } from "../memory/structs/queue-pair";
import { granting } from "../nic/agenda";
import { sendAnswer } from "../nic/egress";
import { noteDemand, noteGranted } from "../nic/granter";
import { CNP, firstWord, MARK } from "../packet/packet";
import { miss, receiveAnyOrder } from "./receive-any-order";
import { receiveInOrder } from "./receive-in-order";

/** Takes a data packet, whose record is at `record`, that the NIC has processed. */
@inline
export function receive(
  nic: Nic,
  flow: u32,
  receiver: Receiver,
  word1: u32,
  word3: u32,
  nowPs: u64,
  record: u32,
): void {
  if ((word1 & MARK) != 0) noteMark(nic, flow, receiver, nowPs, record);
  if (granting) receiveOnCredit(nic, flow, receiver, word3, nowPs, record);
  else take(nic, flow, receiver, word3, nowPs, record);
}


@inline
function take(nic: Nic, flow: u32, receiver: Receiver, word3: u32, nowPs: u64, record: u32): void {
  if (run.selective) receiveAnyOrder(nic, flow, receiver, word3, nowPs, record);
  else receiveInOrder(nic, flow, receiver, word3, nowPs, record);
}

/** Takes the header of a packet whose payload was cut off: asks for the packet again. */
export function receiveTrimmed(nic: Nic, flow: u32, receiver: Receiver, word3: u32, nowPs: u64, record: u32): void {
  own.trimmedReceived++;
  if (granting) noteGranted(flow, record);
  miss(nic, flow, receiver, word3, nowPs, record);
  if (granting) noteDemand(nic, flow, receiver, record, nowPs);
}

/** The answer says what has been granted; what the packet says of its sender counts after it. */
function receiveOnCredit(nic: Nic, flow: u32, receiver: Receiver, word3: u32, nowPs: u64, record: u32): void {
  noteGranted(flow, record);
  take(nic, flow, receiver, word3, nowPs, record);
  noteDemand(nic, flow, receiver, record, nowPs);
}

/** The network has marked a packet: the next answer says so, and a CNP, where they are sent, at once. */
function noteMark(nic: Nic, flow: u32, receiver: Receiver, nowPs: u64, record: u32): void {
  receiver.marked = 1;
  if (run.cnpIntervalPs == 0 || nowPs < receiver.nextCnpPs) return;
  receiver.nextCnpPs = nowPs + run.cnpIntervalPs;
  own.cnpsSent++;
  sendAnswer(nic, firstWord(receiver.source, CNP, 0), flow, 0, nowPs, record);
}
