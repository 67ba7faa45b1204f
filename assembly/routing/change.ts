/** Changes the policy of a run under way; what the new one needs to know is found from the state of the ports. */
import { deviceAt, portAt } from "../engine/state";
import { allocate, run } from "../memory/arena";
import { Device, DeviceKind, PolicyId, Switch } from "../memory/structs";
import { noteDepth } from "./adaptive";
import { loadRoutingParameters } from "./route";

/** Depths are read four at a time. */
const TICK_PADDING: u32 = 4;

/** From the next window on, routes by another policy. Called by the first thread, alone, between windows. */
export function setRouting(policy: PolicyId, quantumShift: u32): void {
  run.policy = policy;
  run.quantumShift = quantumShift;
  loadRoutingParameters();
  const adaptive = policy == PolicyId.Adaptive;
  if (adaptive && run.tickBytes == 0) run.ticks = allocate(tickBytes());
  run.tickBytes = adaptive ? tickBytes() : 0;
  run.sweptAt = run.nowPs >> quantumShift;
  let ticks = run.ticks;
  for (let i: u32 = 0; i < run.deviceCount; i++) {
    const device = deviceAt(i);
    if (device.kind != DeviceKind.Switch) continue;
    const sw = changetype<Switch>(device.body);
    sw.ticks = adaptive ? ticks : 0;
    for (let local: u32 = 0; local < device.portCount; local++) {
      const port = portAt(device.ports, local);
      noteDepth(sw, local, <u64>max<i64>(port.busyUntilPs, 0) + port.queuedPs);
    }
    ticks += ticksOf(device);
  }
}

function tickBytes(): u32 {
  let bytes: u32 = 0;
  for (let i: u32 = 0; i < run.deviceCount; i++) {
    const device = deviceAt(i);
    if (device.kind == DeviceKind.Switch) bytes += ticksOf(device);
  }
  return bytes;
}


@inline
function ticksOf(device: Device): u32 {
  return 4 * (device.portCount + TICK_PADDING);
}
