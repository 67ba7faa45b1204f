/**
 * Changes the policy of a run under way; what the new one needs to know is found from the state of
 * the ports.
 */
import { deviceAt } from "../engine/state";
import { allocate, run } from "../memory/arena";
import { Device, DeviceKind } from "../memory/structs/device";
import { PolicyId } from "../memory/structs/run";
import { Flowlet, Group, Switch } from "../memory/structs/switch";
import { updateDepths } from "../port/depths";
import { loadRoutingParameters } from "../routing/route";
import { planPolicy } from "./lay-out";

/** Depths are read four at a time. */
const TICK_PADDING: u32 = 4;

/**
 * From the next window on, routes by another policy. Called by the first thread, alone, between
 * windows.
 * @param tickBytes of the queue depths of all switches; 0 where the policy does not read them
 */
export function setRouting(
  policy: PolicyId,
  quantumShift: u32,
  stateWords: u32,
  policyIdentity: u32,
  tickBytes: u32,
): void {
  run.policy = policy;
  run.quantumShift = quantumShift;
  run.stateWords = stateWords;
  run.policyIdentity = policyIdentity;
  if (stateWords != 0) planPolicy();
  loadRoutingParameters();
  if (tickBytes != 0 && run.tickBytes == 0) run.ticks = allocate(tickBytes);
  run.tickBytes = tickBytes;
  run.sweptAt = run.nowPs >> quantumShift;
  let ticks = run.ticks;
  for (let i: u32 = 0; i < run.deviceCount; i++) {
    const device = deviceAt(i);
    if (device.kind != DeviceKind.Switch) continue;
    changetype<Switch>(device.body).ticks = tickBytes != 0 ? ticks : 0;
    updateDepths(device);
    ticks += ticksOf(device);
  }
}

/**
 * Gives every switch that may have a choice an empty table. Called after `setRouting`.
 * @param entries of each table; 0 where the policy has no flowlets
 */
export function setFlowlets(gapPs: f64, entries: u32): void {
  run.flowletGapPs = <u64>gapPs;
  const tableBytes = entries * offsetof<Flowlet>();
  let bytes: u32 = 0;
  for (let i: u32 = 0; i < run.switchCount; i++) {
    if (mayChoose(switchAt(i))) bytes += tableBytes;
  }
  if (bytes > run.flowletBytes) run.flowlets = allocate(bytes);
  else memory.fill(run.flowlets, 0, bytes);
  run.flowletEntries = entries;
  run.flowletBytes = bytes;
  let table = run.flowlets;
  for (let i: u32 = 0; i < run.switchCount; i++) {
    switchAt(i).flowlets = table;
    if (mayChoose(switchAt(i))) table += tableBytes;
  }
}


@inline
function switchAt(number: u32): Switch {
  return changetype<Switch>(run.switches + number * offsetof<Switch>());
}

function mayChoose(sw: Switch): bool {
  return sw.table != 0 || changetype<Group>(sw.upGroup).count > 1 || sw.downWidth > 1;
}


@inline
function ticksOf(device: Device): u32 {
  return 4 * (device.portCount + TICK_PADDING);
}
