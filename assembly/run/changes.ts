/**
 * What changes while a run lasts: links, routes, computations (docs/MODEL.md §3). A window in
 * which a change falls is cut to end there. The first thread makes the change alone, between
 * windows, so nothing on the path of packets knows of it.
 */
import { NEVER, PORT_BYTES, startOf, windowPs } from "../engine/state";
import { regrid } from "../fast-forward/regrid";
import { run } from "../memory/arena";
import { Change, ChangeKind, LinkState } from "../memory/structs/change";
import { Device, DeviceKind } from "../memory/structs/device";
import { Port, PortFlag } from "../memory/structs/port";
import { ProgramRank } from "../memory/structs/program";
import { Switch } from "../memory/structs/switch";
import { updateDepth } from "../port/depths";
import { laneAt } from "../port/lanes";
import { extraOf } from "../port/port";
import { recountQueue } from "../port/recount";
import { sampleAfter, sampleBefore } from "../routing/samples";

export function startChanges(): void {
  run.nextChange = 0;
  findNext();
}

/**
 * Makes all changes up to the start of the window `index`, which is entered next, and cuts it at
 * the first one within it. False where there is none: the window stands.
 */
export function cutAtChange(index: u64): bool {
  if (run.nextChangePs == NEVER) return false;
  const startPs = startOf(index);
  makeChanges(<i64>startPs);
  if (run.nextChangePs == NEVER) return false;
  const aheadPs = <i64>(run.nextChangePs - startPs);
  if (aheadPs <= 0 || aheadPs >= <i64>windowPs) return false;
  regrid(<f64>run.nextChangePs);
  return true;
}

function makeChanges(startPs: i64): void {
  while (run.nextChangePs != NEVER && <i64>run.nextChangePs <= startPs) {
    make(changeAt(run.nextChange));
    run.nextChange++;
    findNext();
  }
}

function findNext(): void {
  run.nextChangePs = run.nextChange < run.changeCount ? changeAt(run.nextChange).atPs : NEVER;
}

function changeAt(number: u32): Change {
  return changetype<Change>(run.changes + number * offsetof<Change>());
}

function make(change: Change): void {
  switch (change.kind) {
    case ChangeKind.Link:
      changeLink(
        changetype<Device>(change.device),
        changetype<Port>(change.target),
        changetype<LinkState>(change.place),
        change.atPs,
      );
      break;
    case ChangeKind.Up:
      extraOf(changetype<Port>(change.target)).downAtPs = change.downAtPs;
      break;
    case ChangeKind.Route:
      for (let i: u32 = 0; i < change.count; i++) store<u16>(change.place + 2 * i, <u16>change.group);
      break;
    default:
      changetype<ProgramRank>(change.target).computeFactor = change.factor;
  }
}

function changeLink(device: Device, port: Port, state: LinkState, atPs: u64): void {
  const isSwitch = device.kind == DeviceKind.Switch;
  const sw = changetype<Switch>(isSwitch ? device.body : 0);
  if (isSwitch && sw.samples != 0) sampleBefore(sw, device.ports, atPs);
  const extra = extraOf(port);
  const isFractional = state.psPerByteDen != 1;
  port.psPerByte = state.psPerByte;
  extra.psPerByteDen = state.psPerByteDen;
  extra.hazard = state.hazard;
  for (let c: u32 = 0; c < run.classCount; c++) {
    const lane = laneAt(port, c);
    // States of a link class come one behind another, for each data class.
    const marks = changetype<LinkState>(changetype<u32>(state) + c * offsetof<LinkState>());
    const laneExtra = extraOf(lane);
    laneExtra.ecnKminPs = marks.ecnKminPs;
    laneExtra.ecnKmaxPs = marks.ecnKmaxPs;
    laneExtra.ecnSlope = marks.ecnSlope;
    lane.flags = <u8>(isFractional ? lane.flags | PortFlag.Fractional : lane.flags & ~PortFlag.Fractional);
  }
  recountQueue(port, isSwitch);
  if (!isSwitch) return;
  const local = (changetype<u32>(port) - device.ports) / PORT_BYTES;
  updateDepth(sw, local, <u64>max<i64>(port.busyUntilPs, 0) + port.queuedPs);
  if (sw.samples != 0) sampleAfter(sw, device.ports);
}
