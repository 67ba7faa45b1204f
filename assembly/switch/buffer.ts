/**
 * The shared packet buffer. On a lossless switch a packet is on the account of its ingress port, on
 * a lossy one on that of its egress port. Bytes are charged when the packet arrives and released
 * when its transmission starts or ends; then the port "holds" the packet on the wire.
 */
import { portAt } from "../engine/state";
import { run, trap } from "../memory/arena";
import { check, DEBUG } from "../memory/debug";
import { Port, PortExtra } from "../memory/structs/port";
import { TrapCode } from "../memory/structs/run";
import { Switch } from "../memory/structs/switch";
import { extraOf } from "../port/port";

const DYNAMIC: u32 = u32.MAX_VALUE;
/** In the place of an account: the packet is not in the buffer. */
export const NO_ACCOUNT: u32 = 0xffff;

/**
 * Pause threshold of an ingress, in bytes above its reserve. `sharedUsed` is the sum over all ports
 * of what exceeds their reserve.
 */
export function pauseThreshold(sw: Switch, extra: PortExtra, sharedUsed: i64): i64 {
  if (extra.xoffBytes != DYNAMIC) return extra.xoffBytes;
  const free = sw.sharedPool - sharedUsed;
  return free > 0 ? free >> extra.alphaShift : 0;
}

/** Bytes of an ingress above its reserve, headroom aside. */
@inline
export function usedAboveReserve(port: Port, extra: PortExtra): i64 {
  return max<i64>(<i64>port.chargedBytes - extra.reserveBytes, 0);
}

/** Most data bytes that an egress queue of a lossy switch may hold. */
@inline
export function dropThreshold(sw: Switch, usedBytes: i64): i64 {
  return ((<i64>sw.bufferBytes - usedBytes) * run.dropAlphaNum) / run.dropAlphaDen;
}

/** Whether a packet fits into a switch with `used` bytes, `queued` of them for its egress. */
@inline
export function fitsLossy(sw: Switch, egress: Port, used: i64, queued: i64, bytes: u32): bool {
  const own = <i64>extraOf(egress).queueLimitBytes;
  return used + bytes <= <i64>sw.bufferBytes && queued + bytes <= min(own, dropThreshold(sw, used));
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
  discharge(sw, portAt(ports, port.heldAccount), held);
}
