/** Whether a run has come to rest, which the wake-ups alone do not tell: a host may be woken for a timer that was stopped meanwhile. */
import { haveWork } from "../host/step";
import { run } from "../memory/arena";
import { haveTurn } from "../switch/rest";
import { clocked } from "../switch/clock";
import { Device, DeviceKind } from "../memory/structs";
import { anyBoxed } from "./inbox";
import { deviceAt, deviceCount, portAt } from "./state";
import { threadAt } from "./thread";
import { isAwaited } from "./wake";

/** True when nothing more would happen even without a time limit. Slow: to be asked when the limit has been reached. */
export function isAtRest(): bool {
  for (let i: u32 = 0; i < run.threadCount; i++) {
    if (threadAt(i).cutOff != 0 || anyBoxed(i)) return false;
  }
  for (let i: u32 = 0; i < deviceCount; i++) {
    const device = deviceAt(i);
    if (device.kind != DeviceKind.Switch ? haveWork(device) : clocked ? haveTurn(device) : isAwaited(i)) return false;
    if (isTransmitting(device)) return false;
  }
  return true;
}

/** Whether a port is still transmitting when the time limit comes: of a packet that gets lost nothing else tells. */
function isTransmitting(device: Device): bool {
  for (let i: u32 = 0; i < device.portCount; i++) {
    if (portAt(device.ports, i).busyUntilPs > <i64>run.lastPs) return true;
  }
  return false;
}
