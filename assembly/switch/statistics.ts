import { backlogPs } from "../link/transmit";
import { Port } from "../memory/structs";

/** Keeps the largest backlog seen right after a packet was queued or started. */
// @ts-ignore: decorator
@inline
export function noteBacklog(port: Port, nowPs: u64): void {
  const backlog = backlogPs(port, nowPs);
  if (backlog > port.maxBacklogPs) port.maxBacklogPs = backlog;
}
