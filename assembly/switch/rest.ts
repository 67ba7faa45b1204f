/** Whether a switch has something left to do. Where pauses lapse its wake-ups do not tell: it may be woken for a lapse that was called off. */
import { NEVER, portAt } from "../engine/state";
import { extraOf } from "../link/transmit";
import { run } from "../memory/arena";
import { Device } from "../memory/structs";
import { nextClockPs } from "./clock";

/** Whether a port of the switch sends, releases, lapses or refreshes something after the end of the run. */
export function haveTurn(device: Device): bool {
  for (let i: u32 = 0; i < device.portCount; i++) {
    const port = portAt(device.ports, i);
    if (extraOf(port).framesWaiting != 0 || port.controlHead != 0 || (port.dataHead != 0 && !port.paused)) return true;
    if (port.heldBytes != 0 && port.busyUntilPs > <i64>run.lastPs) return true;
    if (nextClockPs(port) != NEVER) return true;
  }
  return false;
}
