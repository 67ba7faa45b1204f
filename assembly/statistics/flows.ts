/** What is recorded when a chunk is delivered and when a flow is acknowledged in full. */
import { noteRepetitions } from "../fast-forward/deliveries";
import { own, run } from "../memory/arena";
import { Receiver, Sender } from "../memory/structs";

/** Hash of one delivery. The run's digest is a sum of these, so that it does not depend on the order in which devices are stepped. */
export function deliveryHash(flow: u32, chunk: u32, nowPs: u64): u64 {
  let x = nowPs * 0x9e3779b97f4a7c15 + (((<u64>flow) << 32) | chunk);
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9;
  x ^= x >> 27;
  x *= 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

export function chunkDelivered(flow: u32, receiver: Receiver, nowPs: u64): void {
  const chunk = receiver.delivered++;
  own.chunksDelivered++;
  own.deliveryHash += deliveryHash(flow, chunk, nowPs);
  own.endPs = max(own.endPs, nowPs);
  if (run.repetitions != 0) noteRepetitions(flow, chunk, nowPs);
  if (chunk + 1 == receiver.chunks) receiver.finishPs = nowPs;
}

export function flowAcknowledged(sender: Sender, nowPs: u64): void {
  sender.ackedPs = nowPs;
  own.flowsAcked++;
  own.endPs = max(own.endPs, nowPs);
}
