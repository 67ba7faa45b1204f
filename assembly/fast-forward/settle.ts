/**
 * What lags behind in the state between two windows: brought up to date before states are compared,
 * and after a jump.
 */
import { isElsewhere, NIC_BYTES, senderAt } from "../engine/queue-pairs";
import { deviceAt, deviceCount, NEVER, portAt, startOf } from "../engine/state";
import { run } from "../memory/arena";
import { FULL } from "../memory/features";
import { Device, DeviceKind } from "../memory/structs/device";
import { Nic } from "../memory/structs/nic";
import { Switch } from "../memory/structs/switch";
import { updateNextEvent } from "../nic/agenda";
import { programHostAt, programmed } from "../nic/program-flows";
import { updateDepths } from "../port/depths";
import { extraOf } from "../port/port";
import { dischargeHeld } from "../switch/buffers/account";

/**
 * Releases the packets whose transmission has ended, and clears what nobody will read before it is
 * written: two states that go on alike then look alike. Changes nothing about how the run goes on.
 * Called by the first thread, between windows.
 */
export function settle(): void {
  const nowPs = <i64>startOf(run.windowIndex + 1);
  for (let i: u32 = 0; i < deviceCount; i++) {
    const device = deviceAt(i);
    for (let local: u32 = 0; local < device.portCount; local++) {
      const port = portAt(device.ports, local);
      if (port.busyUntilPs < nowPs) dischargeHeld(changetype<Switch>(device.body), device.ports, port);
      if (port.heldBytes == 0) port.heldAccount = 0;
      const extra = extraOf(port);
      if (!port.paused) extra.pausedSincePs = 0;
      if (extra.framesWaiting == 0) extra.firstFrameIsPause = 0;
    }
  }
}

/** Finds anew what follows from times and counters, after these have been moved ahead. */
export function refresh(): void {
  for (let i: u32 = 0; i < run.nicCount; i++) refreshNic(changetype<Nic>(run.nics + i * NIC_BYTES));
  // Wake-ups moved with the clock, but flows start and programs go on when they did: their hosts
  // are looked for at once.
  run.nextScan = 0;
  if (FULL && programmed) wakeForPrograms();
  if (run.tickBytes == 0) return;
  run.sweptAt = startOf(run.windowIndex + 1) >> run.quantumShift;
  for (let i: u32 = 0; i < deviceCount; i++) {
    const device: Device = deviceAt(i);
    if (device.kind == DeviceKind.Switch) updateDepths(device);
  }
}

function wakeForPrograms(): void {
  for (let i: u32 = 0; i < deviceCount; i++) {
    const device = deviceAt(i);
    device.wakeAtPs = min(device.wakeAtPs, programHostAt(i).nextPs);
  }
}

/** The NIC's next timer may have been stopped meanwhile; now it is exact. */
function refreshNic(nic: Nic): void {
  let earliest = NEVER;
  for (let i: u32 = 0; i < nic.sendCount; i++) {
    const sender = senderAt(load<u32>(nic.sendList + i * 4));
    if (sender.deadlinePs != 0 && !isElsewhere(nic, sender)) earliest = min(earliest, sender.deadlinePs);
  }
  nic.timerAtPs = earliest;
  updateNextEvent(nic);
  const device = deviceAt(nic.device);
  device.wakeAtPs = min(device.wakeAtPs, nic.nextEventPs);
}
