/**
 * The accounts of the shared packet buffer. On a lossless switch a packet is on the account of its
 * ingress port, on a lossy one on that of its egress port. Bytes are charged when the packet
 * arrives and released when its transmission starts or ends; until then the port "holds" the packet
 * on the wire.
 */
import { trap } from "../../memory/arena";
import { check, DEBUG } from "../../memory/debug";
import { FULL } from "../../memory/features";
import { Port } from "../../memory/structs/port";
import { TrapCode } from "../../memory/structs/run";
import { Switch } from "../../memory/structs/switch";
import { laneOfAccount } from "../../port/lanes";

/** In the place of an account: the packet is not in the buffer. */
export const NO_ACCOUNT: u32 = 0xffff;
/** In the place of a local port: the packet leaves by none. */
export const NO_PORT: u32 = 0xffff;

/**
 * Whether a data class is dropped at the switch, and not paused: the account of its packets is that
 * of their egress.
 */
@inline
export function isLossy(sw: Switch, dataClass: u32): bool {
  return sw.lossless == 0 || (FULL && ((sw.lossyClasses >> dataClass) & 1) != 0);
}


@inline
export function charge(sw: Switch, account: Port, bytes: u32): void {
  account.chargedBytes += bytes;
  sw.usedBytes += bytes;
  if (DEBUG) check(account.chargedBytes >= bytes && sw.usedBytes >= <i64>bytes, 24);
}

/** Takes bytes off an account that has no headroom in use. */
@inline
export function discharge(sw: Switch, account: Port, bytes: u32): void {
  const charged = account.chargedBytes;
  if (charged < bytes) trap(TrapCode.Underflow);
  account.chargedBytes = charged - bytes;
  if (DEBUG) check(sw.usedBytes >= <i64>bytes, 25);
  sw.usedBytes -= bytes;
}

/** Takes the packet that was on the wire off its account. */
@inline
export function dischargeHeld(sw: Switch, ports: u32, port: Port): void {
  const held = port.heldBytes;
  if (held == 0) return;
  port.heldBytes = 0;
  discharge(sw, laneOfAccount(ports, port.heldAccount), held);
}
