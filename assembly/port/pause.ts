/** Pause frames taking effect at an egress, switch or NIC. */
import { Hold, Port } from "../memory/structs/port";
import { clocked, startLapse, stopLapse } from "./clock";
import { ALL_CLASSES, classCount, laneAt } from "./lanes";
import { extraOf } from "./port";

/** Stops new data packets from starting. Returns false if the port was paused already. */
export function pausePort(port: Port, nowPs: u64): bool {
  if (clocked) startLapse(port, nowPs);
  if (port.paused) return false;
  port.paused = <u8>Hold.Paused;
  extraOf(port).pausedSincePs = nowPs;
  return true;
}

/** Lets data packets start again. Returns false if the port was not paused. */
export function resumePort(port: Port, nowPs: u64): bool {
  if (!port.paused) return false;
  port.paused = <u8>Hold.None;
  if (clocked) stopLapse(port);
  const extra = extraOf(port);
  const lasted = nowPs - extra.pausedSincePs;
  extra.pausedPs += lasted;
  extra.longestPausePs = max(extra.longestPausePs, lasted);
  return true;
}

/** Lanes, a bit each, that a frame for a data class, or for all, is about. */
@inline
export function lanesOf(dataClass: u32): u32 {
  return dataClass == ALL_CLASSES ? (1 << classCount) - 1 : 1 << dataClass;
}

/**
 * A pause (1) or resume (0) frame takes effect at these lanes. Returns those that it has changed.
 */
export function heed(port: Port, kind: u32, lanes: u32, nowPs: u64): u32 {
  let changed: u32 = 0;
  for (let rest = lanes; rest != 0; rest &= rest - 1) {
    const lane = laneAt(port, ctz(rest));
    if (kind != 0 ? pausePort(lane, nowPs) : resumePort(lane, nowPs)) changed |= rest & (~rest + 1);
  }
  return changed;
}
