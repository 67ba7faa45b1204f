/** What is recorded when a chunk is delivered and when a flow is acknowledged in full. */
import { own, run } from "../memory/arena";
import { Receiver, Sender } from "../memory/structs/queue-pair";
import { deliveriesHash, deliveryHash } from "./digest";
import { countRepetitions } from "./repetitions";

export function chunkDelivered(flow: u32, receiver: Receiver, nowPs: u64): void {
  const chunk = receiver.delivered++;
  own.chunksDelivered++;
  own.deliveryHash += deliveriesHash(flow, chunk, nowPs);
  own.endPs = max(own.endPs, nowPs);
  if (run.repetitions != 0) countRepetitions(flow, chunk, nowPs);
  if (chunk + 1 == receiver.chunks) receiver.finishPs = nowPs;
}

export function flowAcknowledged(sender: Sender, nowPs: u64): void {
  sender.ackedPs = nowPs;
  own.flowsAcked++;
  own.endPs = max(own.endPs, nowPs);
}
