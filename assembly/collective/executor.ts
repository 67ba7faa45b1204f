/**
 * The flow-graph executor. It knows no collective. The upstream flows of a flow end at the rank
 * where it begins. The flow may send chunk k once each of them has delivered chunk k - lag. Each
 * flow keeps the numbers of chunks that were delivered and posted.
 */
import { senderAt } from "../engine/queue-pairs";
import { deviceAt } from "../engine/state";
import { setBit } from "../memory/bitmap";
import { Nic } from "../memory/structs/nic";
import { Member } from "../memory/structs/program";
import { Receiver, Sender } from "../memory/structs/queue-pair";
import { advance } from "../nic/advance";
import { allowedChunks } from "../nic/allowed-chunks";
import { tryStart } from "../nic/egress";
import { postChunks, schedulePost } from "../nic/posts";
import { programFlowAt, programmed } from "../nic/program-flows";
import { chunkDelivered } from "../statistics/flows";
import { allowedOfOperation } from "./operations";

/** A chunk of the flow is complete at its receiver: passes it on to the flows that wait for it. */
export function deliverChunk(flow: u32, receiver: Receiver, nowPs: u64): void {
  chunkDelivered(flow, receiver, nowPs);
  const dependents = receiver.dependents;
  for (let i: u32 = 0; i < receiver.dependentCount; i++) {
    const dependent = load<u32>(dependents + i * 4);
    const sender = senderAt(dependent);
    if (sender.started) postAllowed(dependent, sender, sender.delayPs, nowPs);
  }
}

/** The rank of the member has reached an operation: posts what is allowed at once. */
export function postOwn(member: Member, nowPs: u64): void {
  for (let i: u32 = 0; i < member.leavingCount; i++) {
    const flow = load<u32>(member.leaving + i * 4);
    const sender = senderAt(flow);
    if (!sender.started) {
      sender.started = 1;
      programFlowAt(flow).startPs = nowPs;
    }
    postAllowed(flow, sender, 0, nowPs);
  }
}

function postAllowed(flow: u32, sender: Sender, delayPs: u64, nowPs: u64): void {
  const allowed = allowedOf(flow, sender);
  const more = allowed - sender.scheduled;
  if (<i32>more <= 0) return;
  sender.scheduled = allowed;
  post(flow, sender, more, delayPs, nowPs);
}


@inline
function allowedOf(flow: u32, sender: Sender): u32 {
  if (programmed) {
    const record = programFlowAt(flow);
    if (record.source != 0) return allowedOfOperation(record, sender);
  }
  return allowedChunks(sender);
}

/**
 * Chunks of a flow become sendable in their order: what an operation allows at once, not before
 * what a delivery has allowed after a delay.
 */
@inline
function inOrder(flow: u32, timePs: u64): u64 {
  if (!programmed) return timePs;
  const record = programFlowAt(flow);
  if (record.source == 0) return timePs;
  record.postedPs = max(record.postedPs, timePs);
  return record.postedPs;
}

function post(flow: u32, sender: Sender, chunks: u32, ownDelayPs: u64, nowPs: u64): void {
  const nic = changetype<Nic>(sender.nic);
  setBit(deviceAt(nic.device).active, nic.index);
  const timePs = inOrder(flow, nowPs + ownDelayPs + nic.latencyPs);
  if (timePs != nowPs) {
    schedulePost(nic, flow, chunks, timePs);
    return;
  }
  advance(nic, nowPs, nowPs);
  postChunks(nic, flow, chunks, nowPs);
  tryStart(nic, nowPs);
}
