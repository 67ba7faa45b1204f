/**
 * The flow-graph executor. It knows no collective: a flow may send chunk k once each of its upstream flows, all of which end at the rank where it
 * begins, has delivered chunk k - lag. What is kept per flow is how many chunks were delivered and how many were posted.
 */
import { setBit } from "../memory/bitmap";
import { advance, kick } from "../host/nic";
import { receiverAt, senderAt } from "../host/parameters";
import { postChunks, schedulePost } from "../host/posts";
import { deviceAt } from "../engine/state";
import { run } from "../memory/arena";
import { Nic, Receiver, Sender, Upstream } from "../memory/structs";
import { chunkDelivered } from "../statistics/flows";

const UPSTREAM_BYTES: u32 = offsetof<Upstream>();

/** How many chunks of the flow its upstream flows allow by now. */
export function allowedChunks(sender: Sender): u32 {
  let allowed: i64 = sender.chunks;
  let at = sender.upstreams;
  for (let i: u32 = 0; i < sender.upstreamCount; i++, at += UPSTREAM_BYTES) {
    const upstream = changetype<Upstream>(at);
    const receiver = receiverAt(upstream.flow);
    if (receiver.delivered == receiver.chunks) continue;
    allowed = min(allowed, <i64>receiver.delivered + upstream.lag);
  }
  return <u32>max<i64>(allowed, 0);
}

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
  const delay = run.reductionDelayPs + nic.latencyPs;
  if (delay != 0) {
    schedulePost(nic, flow, chunks, nowPs + delay);
    return;
  }
  advance(nic, nowPs, nowPs);
  postChunks(nic, sender, chunks);
  kick(nic, nowPs);
}
