/**
 * Operations of communicators at one rank: what it may send, and when an operation has ended there
 * (docs/MODEL.md §11).
 */
import { receiverAt, senderAt } from "../engine/queue-pairs";
import { Member, OperationEnd, ProgramFlow, ProgramHost, ProgramRank } from "../memory/structs/program";
import { Receiver, Sender, Upstream } from "../memory/structs/queue-pair";
import { programFlowAt } from "../nic/program-flows";

const UPSTREAM_BYTES: u32 = offsetof<Upstream>();

/** The rank reaches the next operation: counts what that waits for. */
export function reach(member: Member, stream: u32, ends: OperationEnd): void {
  const reached = ++member.reached;
  member.stream = stream;
  let left: u32 = 0;
  for (let i: u32 = 0; i < member.arrivingCount; i++) {
    const flow = load<u32>(member.arriving + i * 4);
    if (receiverAt(flow).delivered < reached * programFlowAt(flow).chunksPerOperation) left++;
  }
  if (ends != OperationEnd.Delivered) left += awaitOwn(member, ends);
  member.left = left;
}

/** Waits for what the rank itself sends; returns the number of flows. */
function awaitOwn(member: Member, ends: OperationEnd): u32 {
  for (let i: u32 = 0; i < member.leavingCount; i++) {
    const flow = load<u32>(member.leaving + i * 4);
    const record = programFlowAt(flow);
    const packets = member.reached * record.chunksPerOperation * senderAt(flow).packetsPerChunk;
    if (ends == OperationEnd.Acked) record.awaitedAcks = packets;
    else record.awaitedSends = packets;
  }
  if (ends == OperationEnd.Sent) hostOf(member).awaitedSends += member.leavingCount;
  return member.leavingCount;
}


@inline
function hostOf(member: Member): ProgramHost {
  return changetype<ProgramHost>(changetype<ProgramRank>(member.rank).host);
}

/** How many chunks of a flow of a communicator its source and its upstream flows allow by now. */
export function allowedOfOperation(record: ProgramFlow, sender: Sender): u32 {
  const before = changetype<Member>(record.source).reached - 1;
  let allowed: i64 = record.chunksPerOperation;
  let at = sender.upstreams;
  for (let i: u32 = 0; i < sender.upstreamCount; i++, at += UPSTREAM_BYTES) {
    const upstream = changetype<Upstream>(at);
    const perOperation = programFlowAt(upstream.flow).chunksPerOperation;
    const delivered = receiverAt(upstream.flow).delivered - before * perOperation;
    if (delivered >= perOperation) continue;
    allowed = min(allowed, <i64>delivered + upstream.lag);
  }
  return before * record.chunksPerOperation + <u32>max<i64>(allowed, 0);
}

/**
 * A chunk of a flow was delivered. Returns the member whose operation that has ended, or 0. If its
 * packets are still being sent, it has not ended.
 */
export function endedByDelivery(record: ProgramFlow, receiver: Receiver): u32 {
  if (record.destination == 0) return 0;
  const member = changetype<Member>(record.destination);
  if (member.left == 0 || receiver.delivered != member.reached * record.chunksPerOperation) return 0;
  return --member.left == 0 ? record.destination : 0;
}

/** The same of an acknowledgement. */
export function endedByAnswer(record: ProgramFlow, sender: Sender): u32 {
  if (record.awaitedAcks == 0 || sender.acked < record.awaitedAcks) return 0;
  record.awaitedAcks = 0;
  const member = changetype<Member>(record.source);
  return --member.left == 0 ? record.source : 0;
}
