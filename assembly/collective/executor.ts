/**
 * The flow-graph executor. It knows no collective: a flow may send chunk k once each of its
 * upstream flows, all of which end at the rank where it begins, has delivered chunk k - lag. What
 * is kept per flow is how many chunks were delivered and how many were posted.
 */
import { senderAt } from "../engine/queue-pairs";
import { deviceAt } from "../engine/state";
import { setBit } from "../memory/bitmap";
import { Nic } from "../memory/structs/nic";
import { Receiver, Sender } from "../memory/structs/queue-pair";
import { advance } from "../nic/advance";
import { allowedChunks } from "../nic/allowed-chunks";
import { tryStart } from "../nic/egress";
import { postChunks, schedulePost } from "../nic/posts";
import { chunkDelivered } from "../statistics/flows";

/** A chunk of the flow is complete at its receiver: passes it on to the flows that wait for it. */
export function deliverChunk(flow: u32, receiver: Receiver, nowPs: u64): void {
  chunkDelivered(flow, receiver, nowPs);
  const dependents = receiver.dependents;
  for (let i: u32 = 0; i < receiver.dependentCount; i++) {
    const dependent = load<u32>(dependents + i * 4);
    const sender = senderAt(dependent);
    if (!sender.started) continue;
    const allowed = allowedChunks(sender);
    const more = allowed - sender.scheduled;
    if (<i32>more <= 0) continue;
    sender.scheduled = allowed;
    post(dependent, sender, more, nowPs);
  }
}

function post(flow: u32, sender: Sender, chunks: u32, nowPs: u64): void {
  const nic = changetype<Nic>(sender.nic);
  setBit(deviceAt(nic.device).active, nic.index);
  const delay = sender.delayPs + nic.latencyPs;
  if (delay != 0) {
    schedulePost(nic, flow, chunks, nowPs + delay);
    return;
  }
  advance(nic, nowPs, nowPs);
  postChunks(nic, flow, chunks, nowPs);
  tryStart(nic, nowPs);
}
