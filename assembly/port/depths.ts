/** Depths of egress queues in quanta, as adaptive policies see them. */
import { portAt } from "../engine/state";
import { run } from "../memory/arena";
import { Device } from "../memory/structs/device";
import { Port } from "../memory/structs/port";
import { Switch } from "../memory/structs/switch";
import { classCount } from "./lanes";
import { backlogPs } from "./port";

const SWEEP_QUANTA: u64 = 1 << 30;
export const DEEPEST: u32 = (1 << 21) - 1;

/** Keeps the depth of a queue up to date, by the time at which its port will be free. */
@inline
export function updateDepth(sw: Switch, local: u32, freePs: u64): void {
  const ticks = sw.ticks;
  if (ticks != 0) store<u32>(ticks + local * 4, <u32>(freePs >> run.quantumShift));
}

/**
 * Depths are kept modulo 2^32 quanta. Called at every window: long before a port that fell idle
 * could be taken for a busy one, its depth is moved up to now.
 */
export function sweepDepths(nowPs: u64): void {
  if (run.tickBytes == 0) return;
  const now = nowPs >> run.quantumShift;
  const elapsed = now - run.sweptAt;
  if (elapsed < SWEEP_QUANTA) return;
  run.sweptAt = now;
  for (let at = run.ticks, end = run.ticks + run.tickBytes; at < end; at += 4) {
    if (elapsed >= 2 * SWEEP_QUANTA || <i32>(load<u32>(at) - <u32>now) < 0) store<u32>(at, <u32>now);
  }
}

/** Depth in quanta. */
@inline
export function depthOf(sw: Switch, ports: u32, local: u32, nowPs: u64): u32 {
  const port = portAt(ports, local);
  // Of several data classes any may be paused.
  if (port.paused || (classCount != 1 && sw.pausedPorts != 0)) return depthNow(port, nowPs);
  const ahead = <i32>(load<u32>(sw.ticks + local * 4) - <u32>(nowPs >> run.quantumShift));
  return min<u32>(<u32>max<i32>(ahead, 0), DEEPEST);
}

/** Of a paused queue, which has no time at which it will be free: its backlog counts from now. */
function depthNow(port: Port, nowPs: u64): u32 {
  const shift = run.quantumShift;
  return <u32>min<u64>(((nowPs + backlogPs(port, nowPs)) >> shift) - (nowPs >> shift), DEEPEST);
}

/** Finds the depths of a switch's queues from the state of its ports. */
export function updateDepths(device: Device): void {
  const sw = changetype<Switch>(device.body);
  for (let local: u32 = 0; local < device.portCount; local++) {
    const port = portAt(device.ports, local);
    updateDepth(sw, local, <u64>max<i64>(port.busyUntilPs, 0) + port.queuedPs);
  }
}
