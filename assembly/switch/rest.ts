/**
 * Whether a switch has something left to do. Where pauses lapse its wake-ups do not tell: it may be
 * woken for a lapse that was called off.
 */
import { NEVER, portAt } from "../engine/state";
import { run } from "../memory/arena";
import { Device } from "../memory/structs/device";
import { Switch } from "../memory/structs/switch";
import { nextClockPs } from "../port/clock";
import { classCount, laneAt } from "../port/lanes";
import { extraOf } from "../port/port";
import { reducing } from "../reduction/members";
import { holdsSum } from "../reduction/unit";

/**
 * Whether a port of the switch sends, releases, lapses or refreshes something after the end of the
 * run.
 */
export function haveTurn(device: Device): bool {
  if (reducing && holdsSum(changetype<Switch>(device.body))) return true;
  for (let i: u32 = 0; i < device.portCount; i++) {
    const port = portAt(device.ports, i);
    if (port.controlHead != 0) return true;
    if (port.heldBytes != 0 && port.busyUntilPs > <i64>run.lastPs) return true;
    for (let c: u32 = 0; c < classCount; c++) {
      const lane = laneAt(port, c);
      if (extraOf(lane).framesWaiting != 0 || (lane.dataHead != 0 && !lane.paused)) return true;
      if (nextClockPs(lane) != NEVER) return true;
    }
  }
  return false;
}
