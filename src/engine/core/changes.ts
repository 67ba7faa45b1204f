/** What the core keeps of changes that come while a run lasts. */

import type { Change, MoveChange, RouteChange } from "../../plan/changes.js";
import { ecnThresholds } from "../../plan/class-rules.js";
import type { RunPlan } from "../../plan/plan.js";
import { devicesOfPorts } from "../../plan/ports.js";
import type { CoreInstance } from "./instance.js";
import {
  CHANGE_BYTES,
  ChangeKind,
  Change as ChangeRecord,
  DEVICE_BYTES,
  Device,
  LINKSTATE_BYTES,
  LinkState,
  NIC_BYTES,
  PACED_BYTES,
  PORT_BYTES,
  Run,
  START_BYTES,
  SWITCH_BYTES,
  Switch,
} from "./layout.js";
import { movesOf, placeInList, type SendLists, sendHeader, sendListsOf } from "./send-lists.js";
import type { Timing } from "./timing.js";
import { programRankAddresses } from "./write-programs.js";

const KINDS = {
  link: ChangeKind.Link,
  up: ChangeKind.Up,
  route: ChangeKind.Route,
  compute: ChangeKind.Compute,
  move: ChangeKind.Move,
} as const;

/** The header's fields. */
export function changeHeader({ changes = [], fabric, dataClasses }: RunPlan) {
  const takesClasses = changes.some(({ kind }) => kind === "link");
  return {
    changeCount: changes.length,
    linkStateCount: takesClasses ? fabric.linkClasses.length * dataClasses.length : 0,
  };
}

/** Bytes of all records. */
export function changeBytes(plan: RunPlan): number {
  const { changeCount, linkStateCount } = changeHeader(plan);
  // A queue pair that moves has a place in the list, the starts and the heap of each NIC.
  const guests = sendHeader(plan).sendEntries - plan.flows.count;
  return changeCount * CHANGE_BYTES + linkStateCount * LINKSTATE_BYTES + guests * (4 + START_BYTES + PACED_BYTES);
}

/**
 * Writes the records, where there are any. Fabric and programs must be written.
 * @param hazardAt Address of the hazards of each link class; 0 where there are none.
 */
export function writeChanges(core: CoreInstance, plan: RunPlan, timing: Timing, hazardAt: readonly number[]): void {
  const { changes = [] } = plan;
  if (changes.length === 0) return;
  const { memory, header } = core;
  const at = (field: (typeof Run)[keyof typeof Run]) => memory.get(header, field);
  if (changeHeader(plan).linkStateCount > 0) writeStates(core, plan, timing, hazardAt);
  const ranks = plan.programs === undefined ? undefined : programRankAddresses(core, plan, plan.programs);
  const deviceOf = changes.some(({ kind }) => kind === "link") ? devicesOfPorts(plan.fabric) : undefined;
  const lists = movesOf(plan).length > 0 ? sendListsOf(plan) : undefined;
  changes.forEach((change, i) => {
    const record = at(Run.changes) + i * CHANGE_BYTES;
    memory.set(record, ChangeRecord.kind, KINDS[change.kind]);
    memory.set(record, ChangeRecord.atPs, change.atPs);
    memory.set(record, ChangeRecord.target, targetOf(core, plan, change, ranks));
    if (change.kind === "link") {
      memory.set(
        record,
        ChangeRecord.place,
        at(Run.linkStates) + change.linkClass * plan.dataClasses.length * LINKSTATE_BYTES,
      );
      memory.set(record, ChangeRecord.device, at(Run.devices) + deviceOf![change.port]! * DEVICE_BYTES);
    } else if (change.kind === "up") memory.setTime(record, ChangeRecord.downAtPs, change.downAtPs);
    else if (change.kind === "compute") memory.set(record, ChangeRecord.factor, change.factor);
    else if (change.kind === "move") writeMove(core, record, plan, change, lists!);
    else writeRoute(core, record, change);
  });
}

function targetOf(core: CoreInstance, plan: RunPlan, change: Change, ranks: Float64Array | undefined): number {
  const { memory, header } = core;
  switch (change.kind) {
    case "compute":
      return ranks![change.programRank]!;
    case "move":
      return nicAddress(core, plan, change.srcNic);
    case "route":
      return memory.get(header, Run.switches) + change.switchNumber * SWITCH_BYTES;
    default:
      return memory.get(header, Run.ports) + change.port * PORT_BYTES;
  }
}

function writeMove(
  { memory }: CoreInstance,
  record: number,
  { fabric }: RunPlan,
  { flow, srcNic, dstNic, away }: MoveChange,
  lists: SendLists,
): void {
  memory.set(record, ChangeRecord.place, flow);
  memory.set(record, ChangeRecord.count, placeInList(lists, srcNic, flow));
  memory.set(record, ChangeRecord.group, fabric.nics.address[dstNic]!);
  memory.set(record, ChangeRecord.source, fabric.nics.address[srcNic]!);
  memory.set(record, ChangeRecord.away, away ? 1 : 0);
}

/** The core's NICs stand in the order of their devices, then ports. */
function nicAddress({ memory, header }: CoreInstance, { fabric }: RunPlan, nic: number): number {
  const port = fabric.nics.port[nic]!;
  const device = fabric.firstPort.findLastIndex((first) => first <= port);
  const body = memory.get(memory.get(header, Run.devices) + device * DEVICE_BYTES, Device.body);
  return body + (port - fabric.firstPort[device]!) * NIC_BYTES;
}

function writeRoute({ memory, header }: CoreInstance, record: number, change: RouteChange): void {
  const sw = memory.get(header, Run.switches) + change.switchNumber * SWITCH_BYTES;
  const table = memory.get(sw, Switch.table);
  if (table === 0) throw new RangeError(`switch ${change.switchNumber} has no table whose routes could change`);
  memory.set(record, ChangeRecord.place, table + 2 * change.firstAddress);
  memory.set(record, ChangeRecord.count, change.addressCount);
  memory.set(record, ChangeRecord.group, change.group);
}

function writeStates(core: CoreInstance, plan: RunPlan, timing: Timing, hazardAt: readonly number[]): void {
  const { memory, header } = core;
  const { length } = plan.dataClasses;
  for (let i = 0; i < plan.fabric.linkClasses.length * length; i++) {
    const linkClass = Math.floor(i / length);
    const state = memory.get(header, Run.linkStates) + i * LINKSTATE_BYTES;
    const { num, den } = timing.psPerByte[linkClass]!;
    memory.set(state, LinkState.psPerByte, num);
    memory.set(state, LinkState.psPerByteDen, den);
    memory.set(state, LinkState.hazard, hazardAt[linkClass]!);
    const ecn = ecnThresholds(plan, i % length);
    if (ecn === null) continue;
    memory.set(state, LinkState.ecnKminPs, ecn.kminPs[linkClass]!);
    memory.set(state, LinkState.ecnKmaxPs, ecn.kmaxPs[linkClass]!);
    memory.set(state, LinkState.ecnSlope, ecn.slope[linkClass]!);
  }
}
