/**
 * What a flow tells the programs at its ends: chunks delivered, packets acknowledged.
 */
import { senderAt } from "../engine/queue-pairs";
import { Member } from "../memory/structs/program";
import { Receiver } from "../memory/structs/queue-pair";
import { programFlowAt, programmed } from "../nic/program-flows";
import { deliverChunk } from "./executor";
import { endedByAnswer, endedByDelivery } from "./operations";
import { endOperation } from "./programs";

/** A chunk of the flow is complete at its receiver. */
@inline
export function takeChunk(flow: u32, receiver: Receiver, nowPs: u64): void {
  deliverChunk(flow, receiver, nowPs);
  if (programmed) tellOfDelivery(flow, receiver, nowPs);
}

function tellOfDelivery(flow: u32, receiver: Receiver, nowPs: u64): void {
  const ended = endedByDelivery(programFlowAt(flow), receiver);
  if (ended != 0) endOperation(changetype<Member>(ended), nowPs);
}

/** An answer to the flow was processed, and the NIC has looked for its next packet. */
export function tellOfAnswer(flow: u32, nowPs: u64): void {
  const ended = endedByAnswer(programFlowAt(flow), senderAt(flow));
  if (ended != 0) endOperation(changetype<Member>(ended), nowPs);
}
