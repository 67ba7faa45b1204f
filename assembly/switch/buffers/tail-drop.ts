/** Tail drop: an egress queue may hold a share of what is free, and no more than its own limit. */
import { run } from "../../memory/arena";
import { Port } from "../../memory/structs/port";
import { Switch } from "../../memory/structs/switch";
import { extraOf } from "../../port/port";
import { charge, discharge } from "./account";
import { Due } from "./due";

/** Most data bytes that an egress queue of a lossy switch may hold. */
@inline
export function dropThreshold(sw: Switch, usedBytes: i64): i64 {
  return ((<i64>sw.bufferBytes - usedBytes) * run.dropAlphaNum) / run.dropAlphaDen;
}

/** Charges a packet to its egress; false if it does not fit. */
export function admit(sw: Switch, lane: Port, bytes: u32): bool {
  if (!fits(sw, lane, bytes, 0)) return false;
  charge(sw, lane, bytes);
  return true;
}

/** Whether there would be room for a packet once `goneBytes` of its egress queue were gone. */
@inline
export function fits(sw: Switch, lane: Port, bytes: u32, goneBytes: u32): bool {
  const used = sw.usedBytes - goneBytes;
  const queued = <i64>lane.chargedBytes - goneBytes;
  const limit = min(<i64>extraOf(lane).queueLimitBytes, dropThreshold(sw, used));
  return used + bytes <= <i64>sw.bufferBytes && queued + bytes <= limit;
}


@inline
export function release(sw: Switch, lane: Port, bytes: u32): Due {
  discharge(sw, lane, bytes);
  return Due.Nothing;
}
