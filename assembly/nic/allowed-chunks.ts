/** How far the flow graph lets a flow go. */
import { receiverAt } from "../engine/queue-pairs";
import { Sender, Upstream } from "../memory/structs/queue-pair";

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
