/**
 * Whether a run has come to rest, which the wake-ups alone do not tell: a host may be woken for a
 * timer that was stopped meanwhile.
 */
import { anyBoxed } from "../engine/inbox";
import { deviceAt, deviceCount, portAt, threadAt } from "../engine/state";
import { isAwaited } from "../engine/wake";
import { haveWork } from "../host/step";
import { run } from "../memory/arena";
import { Device, DeviceKind } from "../memory/structs/device";
import { clocked } from "../port/clock";
import { haveTurn } from "../switch/rest";

/**
 * True when nothing more would happen even without a time limit. Slow: to be asked when the limit
 * has been reached.
 */
export function isAtRest(): bool {
  for (let i: u32 = 0; i < run.threadCount; i++) {
    if (threadAt(i).cutOff != 0 || anyBoxed(i)) return false;
  }
  for (let i: u32 = 0; i < deviceCount; i++) {
    const device = deviceAt(i);
    if (device.kind != DeviceKind.Switch ? haveWork(i, device) : clocked ? haveTurn(device) : isAwaited(i))
      return false;
    if (isTransmitting(device)) return false;
  }
  return true;
}

/**
 * Whether a port is still transmitting when the time limit comes: of a packet that gets lost
 * nothing else tells.
 */
function isTransmitting(device: Device): bool {
  for (let i: u32 = 0; i < device.portCount; i++) {
    if (portAt(device.ports, i).busyUntilPs > <i64>run.lastPs) return true;
  }
  return false;
}
