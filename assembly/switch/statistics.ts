import { Port } from "../memory/structs/port";
import { backlogPs, extraOf } from "../port/port";

const MARK_SHIFT: u64 = 10;

/** Keeps the largest backlog seen right after a packet was queued or started. */
@inline
export function recordBacklog(port: Port, nowPs: u64): void {
  const backlog = backlogPs(port, nowPs);
  if (backlog >> MARK_SHIFT >= port.backlogMark) raiseBacklog(port, backlog);
}

/** The same for the largest backlog of a window. */
@inline
export function recordMost(port: Port, backlog: u64): void {
  if (backlog >> MARK_SHIFT >= port.backlogMark) raiseBacklog(port, backlog);
}

function raiseBacklog(port: Port, backlog: u64): void {
  const extra = extraOf(port);
  if (backlog <= extra.maxBacklogPs) return;
  extra.maxBacklogPs = backlog;
  port.backlogMark = <u32>min<u64>(backlog >> MARK_SHIFT, u32.MAX_VALUE);
}
