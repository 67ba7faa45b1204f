/** Tail drop: an egress queue may hold a share of what is free, and no more than its own limit. */
import { run } from "../../memory/arena";
import { Port } from "../../memory/structs/port";
import { Switch } from "../../memory/structs/switch";
import { extraOf } from "../../port/port";
import { charge } from "./account";

/** Most data bytes that an egress queue of a lossy switch may hold. */
@inline
export function dropThreshold(sw: Switch, usedBytes: i64): i64 {
  return ((<i64>sw.bufferBytes - usedBytes) * run.dropAlphaNum) / run.dropAlphaDen;
}

/** Charges a packet to its egress; false if it does not fit. */
export function admit(sw: Switch, egress: Port, bytes: u32): bool {
  if (!fits(sw, egress, bytes, 0)) return false;
  charge(sw, egress, bytes);
  return true;
}

/** Whether there would be room for a packet once `goneBytes` of its egress queue were gone. */
@inline
export function fits(sw: Switch, egress: Port, bytes: u32, goneBytes: u32): bool {
  const used = sw.usedBytes - goneBytes;
  const queued = <i64>egress.chargedBytes - goneBytes;
  const own = <i64>extraOf(egress).queueLimitBytes;
  return used + bytes <= <i64>sw.bufferBytes && queued + bytes <= min(own, dropThreshold(sw, used));
}
