/**
 * Tail drop: an egress queue may hold a share of what is free, and no more than its own limit. On a
 * lossless switch lossy classes have a part of the buffer to themselves.
 */
import { portAt } from "../../engine/state";
import { run } from "../../memory/arena";
import { FULL } from "../../memory/features";
import { Port } from "../../memory/structs/port";
import { Switch } from "../../memory/structs/switch";
import { classCount, classOfLane, laneAt } from "../../port/lanes";
import { extraOf } from "../../port/port";
import { ruleOf } from "../../port/turns";
import { charge, discharge, isLossy } from "./account";

/** Bytes of the lossy classes of a lossless switch, while it is played exactly. */
let lossyUsed: i64 = 0;

/** Sums up what lossy classes of a lossless switch hold. */
export function sumLossy(sw: Switch, ports: u32, portCount: u32): i64 {
  lossyUsed = 0;
  for (let i: u32 = 0; i < portCount; i++) {
    for (let c: u32 = 0; c < classCount; c++) {
      if (isLossy(sw, c)) lossyUsed += laneAt(portAt(ports, i), c).chargedBytes;
    }
  }
  return lossyUsed;
}


@inline
function hasLossyPool(sw: Switch): bool {
  return FULL && sw.lossyClasses != 0;
}

/** Bytes that all queues together may hold. */
@inline
export function poolBytes(sw: Switch): i64 {
  return hasLossyPool(sw) ? sw.lossyBytes : sw.bufferBytes;
}

/** Most data bytes that an egress queue may hold, of any class: where all have one rule, exact. */
@inline
export function dropThreshold(sw: Switch, usedBytes: i64): i64 {
  return ((poolBytes(sw) - usedBytes) * run.dropAlphaNum) / run.dropAlphaDen;
}

/** The same for the class of a lane. */
@inline
function laneThreshold(sw: Switch, lane: Port, usedBytes: i64): i64 {
  if (!FULL || classCount == 1) return dropThreshold(sw, usedBytes);
  const rule = ruleOf(classOfLane(lane));
  return ((poolBytes(sw) - usedBytes) * rule.dropAlphaNum) / rule.dropAlphaDen;
}

/** Charges a packet to its egress; false if it does not fit. */
export function admit(sw: Switch, egress: Port, bytes: u32): bool {
  if (!fits(sw, egress, bytes, 0)) return false;
  take(sw, egress, bytes);
  return true;
}

/** Charges a packet that fits. */
@inline
export function take(sw: Switch, egress: Port, bytes: u32): void {
  charge(sw, egress, bytes);
  if (FULL) lossyUsed += bytes;
}

/** Takes a packet's bytes off. */
@inline
export function release(sw: Switch, egress: Port, bytes: u32): void {
  discharge(sw, egress, bytes);
  if (FULL) lossyUsed -= bytes;
}

/** Whether there would be room for a packet once `goneBytes` of its egress queue were gone. */
@inline
export function fits(sw: Switch, egress: Port, bytes: u32, goneBytes: u32): bool {
  const used = (hasLossyPool(sw) ? lossyUsed : sw.usedBytes) - goneBytes;
  const queued = <i64>egress.chargedBytes - goneBytes;
  const own = <i64>extraOf(egress).queueLimitBytes;
  return used + bytes <= poolBytes(sw) && queued + bytes <= min(own, laneThreshold(sw, egress, used));
}
