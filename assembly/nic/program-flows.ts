/**
 * What a NIC tells the programs of its rank: that the last packet of an operation was sent. Also
 * where the records of programs lie (docs/MODEL.md §11).
 */
import { run } from "../memory/arena";
import { FULL } from "../memory/features";
import { Member, ProgramFlow, ProgramHost, ProgramRank, ProgramStream } from "../memory/structs/program";
import { Port } from "../memory/structs/port";

/** Whether ranks run programs in this run. */
export let programmed: bool = false;
/** Whether an operation of theirs waits for packets to be sent. */
let awaitsSends: bool = false;

export function loadProgramParameters(): void {
  if (!FULL) return;
  programmed = run.programRankCount != 0;
  awaitsSends = run.awaitsSends != 0;
}


@inline
export function programFlowAt(flow: u32): ProgramFlow {
  return changetype<ProgramFlow>(run.programFlows + flow * offsetof<ProgramFlow>());
}


@inline
export function programHostAt(device: u32): ProgramHost {
  return changetype<ProgramHost>(run.programHosts + device * offsetof<ProgramHost>());
}


@inline
export function streamAt(rank: ProgramRank, index: u32): ProgramStream {
  return changetype<ProgramStream>(rank.streams + index * offsetof<ProgramStream>());
}

/** Lets a stream go on by itself at a later instant. */
export function goOnAt(rank: ProgramRank, stream: ProgramStream, timePs: u64): void {
  stream.untilPs = timePs;
  const host = changetype<ProgramHost>(rank.host);
  host.nextPs = min(host.nextPs, timePs);
}

/** A packet of a flow is being sent for the first time; the transmission is known to the port. */
@inline
export function packetStarted(flow: u32, highest: u32, port: Port): void {
  if (awaitsSends) heedStart(flow, highest, port);
}

function heedStart(flow: u32, highest: u32, port: Port): void {
  const record = programFlowAt(flow);
  if (record.awaitedSends != highest || record.awaitedSends == 0) return;
  record.awaitedSends = 0;
  const member = changetype<Member>(record.source);
  const rank = changetype<ProgramRank>(member.rank);
  changetype<ProgramHost>(rank.host).awaitedSends--;
  member.sentPs = max(member.sentPs, <u64>port.busyUntilPs);
  if (--member.left == 0) goOnAt(rank, streamAt(rank, member.stream), member.sentPs);
}
