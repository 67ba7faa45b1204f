/** Pause frames taking effect at an egress, switch or NIC. */
import { watchesPauses, watchesWaits, watchPause } from "../engine/watch";
import { run } from "../memory/arena";
import { Hold, Port, PortFlag } from "../memory/structs/port";
import { clocked, startLapse, stopLapse } from "./clock";
import { tellHeld } from "./held";
import { extraOf, portNumber, serializationPs } from "./port";

/** Time that a pause or resume frame takes on the port's link. */
@inline
export function framePs(port: Port): u64 {
  return serializationPs(port, run.pauseWireBytes);
}

/** Stops new data packets from starting. Returns false if that changes nothing. */
export function pausePort(port: Port, nowPs: u64): bool {
  if (port.flags & PortFlag.Heedless) return false;
  if (clocked) startLapse(port, nowPs);
  if (port.paused) return false;
  port.paused = <u8>Hold.Paused;
  if (watchesPauses()) watchPause(portNumber(port), true, nowPs);
  extraOf(port).pausedSincePs = nowPs;
  return true;
}

/** Lets data packets start again. Returns false if the port was not paused. */
export function resumePort(port: Port, nowPs: u64): bool {
  if (!port.paused) return false;
  port.paused = <u8>Hold.None;
  if (watchesWaits()) tellHeld(port, nowPs);
  if (watchesPauses()) watchPause(portNumber(port), false, nowPs);
  if (clocked) stopLapse(port);
  const extra = extraOf(port);
  const lasted = nowPs - extra.pausedSincePs;
  extra.pausedPs += lasted;
  extra.longestPausePs = max(extra.longestPausePs, lasted);
  return true;
}
