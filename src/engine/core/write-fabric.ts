/** Writes devices, ports, switches and routing tables into the core's memory. */
import { portClasses } from "../../plan/changes.js";
import { bytesSetApart, ecnThresholds, lossyClassesAt, portRules } from "../../plan/class-rules.js";
import type { RangeRouting, SwitchSpec, TableRouting } from "../../plan/fabric.js";
import { UNREACHABLE } from "../../plan/fabric.js";
import { MAX_PORTS } from "../../plan/limits.js";
import { type EcnThresholds, NO_QUEUE_LIMIT, type PortBuffers, type RunPlan } from "../../plan/plan.js";
import { blocksAhead, creditFlags } from "./credit.js";
import { flowletTableBytes, looksAtQueues } from "./flowlets.js";
import { writeHazards } from "./hazards.js";
import {
  DEVICE_BYTES,
  Device,
  DeviceKind,
  ExactStep,
  GROUP_BYTES,
  Group,
  KEY,
  PORT_BYTES,
  PORTEXTRA_BYTES,
  Port,
  PortExtra,
  PortFlag,
  SWITCH_BYTES,
  Switch,
} from "./layout.js";
import type { CoreMemory } from "./memory.js";
import { advertisesQueues, remoteRowBytes } from "./remote-queues.js";
import { bitmapSize, childrenOf, TICK_PADDING, tableBytes } from "./sizes.js";
import type { Timing } from "./timing.js";

const DYNAMIC = 0xffffffff;

/** Region addresses and running allocations within them. */
export interface Regions {
  readonly devices: number;
  readonly ports: number;
  readonly portExtras: number;
  readonly switches: number;
  groups: number;
  routes: number;
  readonly nics: number;
  readonly hazards: number;
  bitmaps: number;
  ticks: number;
  flowlets: number;
  remotes: number;
}

/** Returns the address of the hazards of each link class; 0 where there are none. */
export function writeFabric(memory: CoreMemory, plan: RunPlan, timing: Timing, regions: Regions): readonly number[] {
  writeDevices(memory, plan, regions);
  const hazardAt = writeHazards(memory, plan.hazards, regions.hazards);
  writePorts(memory, plan, timing, regions, hazardAt);
  plan.fabric.switches.forEach((sw, number) => {
    writeSwitch(memory, plan, sw, number, regions);
  });
  return hazardAt;
}

function writeDevices(memory: CoreMemory, plan: RunPlan, regions: Regions): void {
  const { deviceCount, firstPort } = plan.fabric;
  for (let d = 0; d < deviceCount; d++) {
    const at = regions.devices + d * DEVICE_BYTES;
    const count = firstPort[d + 1]! - firstPort[d]!;
    if (count > MAX_PORTS) throw new RangeError(`device ${d} has ${count} ports; the core allows ${MAX_PORTS}`);
    memory.set(at, Device.ports, regions.ports + firstPort[d]! * PORT_BYTES);
    memory.set(at, Device.portCount, count);
    memory.set(at, Device.kind, DeviceKind.Hosts);
    memory.set(at, Device.active, regions.bitmaps);
    memory.set(at, Device.activeWords, bitmapSize(count) / 8);
    memory.setNever(at, Device.wakeAtPs);
    regions.bitmaps += bitmapSize(count);
  }
}

function writePorts(
  memory: CoreMemory,
  plan: RunPlan,
  timing: Timing,
  regions: Regions,
  hazardAt: readonly number[],
): void {
  const { fabric, flowControl, wire } = plan;
  const rules = plan.dataClasses.map((_, dataClass) => ({
    buffers: portRules(plan, dataClass),
    ecn: ecnThresholds(plan, dataClass),
  }));
  const classesOf = portClasses(plan);
  const switchDevices = new Set(fabric.switches.map(({ device }) => device));
  const heedlessDevices = new Set(
    fabric.switches.filter((_, number) => flowControl.heedless?.[number] === 1).map(({ device }) => device),
  );
  const keys = ingressKeys(plan);
  for (let d = 0; d < fabric.deviceCount; d++) {
    const marks = plan.ecn?.at === "dequeue" && switchDevices.has(d) ? PortFlag.MarksAtStart : 0;
    const heedless = heedlessDevices.has(d) ? PortFlag.Heedless : 0;
    for (let p = fabric.firstPort[d]!; p < fabric.firstPort[d + 1]!; p++) {
      const peer = fabric.peerPort[p]!;
      const linkClass = fabric.portClass[p]!;
      const rate = timing.psPerByte[linkClass]!;
      const at = regions.ports + p * PORT_BYTES;
      memory.set(at, Port.peer, keys[peer]!);
      memory.set(at, Port.busyUntilPs, -1);
      const { downAtPs, retries: repeats } = fabric.linkClasses[linkClass]!;
      const mayLose = classesOf(p).some((taken) => hazardAt[taken] !== 0) || downAtPs !== Number.POSITIVE_INFINITY;
      const lossy = mayLose ? PortFlag.Lossy : 0;
      const retries = repeats ? PortFlag.Retries : 0;
      memory.set(at, Port.psPerByte, rate.num);
      const ratio = rate.den === 1 ? 0 : PortFlag.Fractional;
      const far = timing.farPs[linkClass]! > 0 ? PortFlag.Far : 0;
      const flags = lossy | ratio | retries | marks | far | heedless | creditFlags(plan, p);
      memory.set(at, Port.delayPs, timing.packetDelayPs[p]! - timing.farPs[linkClass]!);
      const extra = regions.portExtras + p * PORTEXTRA_BYTES;
      const incoming = classesOf(peer);
      const arrivals = incoming.map(
        (taken) => (timing.windowPs * timing.psPerByte[taken]!.den) / timing.psPerByte[taken]!.num,
      );
      const largest = Math.max(...incoming.map((taken) => timing.maxWireBytes[taken]!));
      memory.set(extra, PortExtra.psPerByteDen, rate.den);
      memory.set(extra, PortExtra.retryPs, timing.retryPs[linkClass]! - 2 * timing.farPs[linkClass]!);
      memory.set(extra, PortExtra.farPs, timing.farPs[linkClass]!);
      memory.set(extra, PortExtra.pauseDelayPs, timing.pauseDelayPs[p]! - timing.farPs[linkClass]!);
      rules.forEach(({ buffers, ecn }, dataClass) => {
        const lane = p + dataClass * fabric.peerPort.length;
        memory.set(regions.ports + lane * PORT_BYTES, Port.flags, flags);
        writeBufferRules(memory, buffers, p, regions.portExtras + lane * PORTEXTRA_BYTES);
        writeMarking(memory, ecn, linkClass, regions.portExtras + lane * PORTEXTRA_BYTES);
      });
      memory.set(extra, PortExtra.windowBytes, Math.ceil(Math.max(...arrivals)) + 2 * (largest + wire.ackBytes));
      memory.set(extra, PortExtra.hazard, hazardAt[linkClass]!);
      if (downAtPs === Number.POSITIVE_INFINITY) memory.setNever(extra, PortExtra.downAtPs);
      else memory.set(extra, PortExtra.downAtPs, downAtPs);
    }
  }
}

function writeMarking(memory: CoreMemory, ecn: EcnThresholds | null, linkClass: number, extra: number): void {
  if (ecn === null) return;
  memory.set(extra, PortExtra.ecnKminPs, ecn.kminPs[linkClass]!);
  memory.set(extra, PortExtra.ecnKmaxPs, ecn.kmaxPs[linkClass]!);
  memory.set(extra, PortExtra.ecnSlope, ecn.slope[linkClass]!);
}

/** Of a port, or of one of its data classes. */
function writeBufferRules(memory: CoreMemory, rules: PortBuffers, port: number, extra: number): void {
  memory.set(extra, PortExtra.reserveBytes, rules.reserveBytes[port]!);
  memory.set(extra, PortExtra.headroomBytes, rules.headroomBytes[port]!);
  memory.set(extra, PortExtra.xoffBytes, rules.xoffBytes[port]!);
  memory.set(extra, PortExtra.alphaShift, rules.alphaShift[port]!);
  memory.set(extra, PortExtra.resumeOffsetBytes, rules.resumeOffsetBytes[port]!);
  memory.set(extra, PortExtra.queueLimitBytes, rules.queueLimitBytes[port]!);
}

/** By port: what packets that arrive there are sorted by. */
function ingressKeys({ fabric: { deviceCount, firstPort, peerPort } }: RunPlan): Uint32Array {
  const keys = new Uint32Array(peerPort.length);
  for (let d = 0; d < deviceCount; d++) {
    for (let p = firstPort[d]!; p < firstPort[d + 1]!; p++) {
      keys[p] = (d << KEY.TIME_SHIFT) | ((p - firstPort[d]!) << KEY.PORT_SHIFT);
    }
  }
  return keys;
}

function writeSwitch(memory: CoreMemory, plan: RunPlan, sw: SwitchSpec, number: number, regions: Regions): void {
  const at = regions.switches + number * SWITCH_BYTES;
  const device = regions.devices + sw.device * DEVICE_BYTES;
  memory.set(device, Device.kind, DeviceKind.Switch);
  memory.set(device, Device.body, at);
  const first = plan.fabric.firstPort[sw.device]!;
  const end = plan.fabric.firstPort[sw.device + 1]!;
  const credited = (plan.flowControl.credit?.bufferBlocks[first] ?? 0) > 0;
  memory.set(at, Switch.lossless, credited ? 1 : plan.flowControl.lossless[number]!);
  memory.set(at, Switch.credited, credited ? 1 : 0);
  const isExact = credited || sendsOnCredit(plan, first, end);
  memory.set(at, Switch.exactStep, isExact ? ExactStep.Always : ExactStep.WhereNeeded);
  memory.set(at, Switch.guarded, plan.flowControl.watchdog?.guarded[number] ?? 0);
  writeBuffer(memory, plan, sw, number, at);
  const classes = plan.fabric.portClass.subarray(first, end);
  const retries = classes.some((linkClass) => plan.fabric.linkClasses[linkClass]!.retries);
  memory.set(at, Switch.retries, retries ? 1 : 0);
  memory.set(at, Switch.flowlets, regions.flowlets);
  regions.flowlets += flowletTableBytes(plan, sw);
  if (advertisesQueues(plan)) {
    const rowBytes = remoteRowBytes(plan, sw.device);
    memory.set(at, Switch.remotes, regions.remotes);
    memory.set(at, Switch.remoteRowBytes, rowBytes);
    regions.remotes += rowBytes * plan.routing.remoteEntries;
  }
  if (looksAtQueues(plan)) {
    memory.set(at, Switch.ticks, regions.ticks);
    regions.ticks += 4 * (plan.fabric.firstPort[sw.device + 1]! - first + TICK_PADDING);
  }
  if (sw.routing.kind === "range") writeRange(memory, sw.routing, at, regions);
  else writeTable(memory, sw.routing, at, regions, sw.name);
}

function sendsOnCredit(plan: RunPlan, firstPort: number, endPort: number): boolean {
  for (let port = firstPort; port < endPort; port++) if (blocksAhead(plan, port) > 0) return true;
  return false;
}

function writeBuffer(memory: CoreMemory, plan: RunPlan, sw: SwitchSpec, number: number, at: number): void {
  const [first, end] = [plan.fabric.firstPort[sw.device]!, plan.fabric.firstPort[sw.device + 1]!];
  const lossy = lossyClassesAt(plan, number);
  let leastXoff = DYNAMIC;
  let leastQueue = NO_QUEUE_LIMIT;
  let largestShift = 0;
  let dynamic = 0;
  for (let dataClass = 0; dataClass < plan.dataClasses.length; dataClass++) {
    const { xoffBytes, alphaShift, queueLimitBytes } = portRules(plan, dataClass);
    const pauses = ((lossy >> dataClass) & 1) === 0;
    for (let p = first; p < end; p++) {
      leastQueue = Math.min(leastQueue, queueLimitBytes[p]!);
      if (!pauses) continue;
      if (xoffBytes[p] === DYNAMIC) {
        dynamic = 1;
        largestShift = Math.max(largestShift, alphaShift[p]!);
      } else leastXoff = Math.min(leastXoff, xoffBytes[p]!);
    }
  }
  memory.set(at, Switch.bufferBytes, sw.bufferBytes);
  memory.set(at, Switch.lossyClasses, lossy);
  memory.set(at, Switch.lossyBytes, plan.flowControl.lossyBytes?.[number] ?? 0);
  memory.set(at, Switch.sharedPool, sw.bufferBytes - bytesSetApart(plan, number, first, end));
  memory.set(at, Switch.leastXoffBytes, leastXoff);
  memory.set(at, Switch.leastQueueBytes, leastQueue);
  memory.set(at, Switch.largestShift, largestShift);
  memory.set(at, Switch.dynamic, dynamic);
}

function writeRange(memory: CoreMemory, routing: RangeRouting, at: number, regions: Regions): void {
  const children = childrenOf(routing);
  memory.set(at, Switch.low, routing.low);
  memory.set(at, Switch.span, routing.high - routing.low);
  memory.set(at, Switch.strideReciprocal, Math.ceil(2 ** 40 / routing.stride));
  memory.set(at, Switch.downBase, routing.downBase);
  memory.set(at, Switch.downWidth, routing.downWidth);
  memory.set(at, Switch.pinDivisor, routing.pinDivisor);
  memory.set(at, Switch.groups, regions.groups);
  for (let child = 0; child < children; child++) {
    writeGroup(memory, regions, routing.downBase + child * routing.downWidth, routing.downWidth, 0);
  }
  memory.set(at, Switch.upGroup, regions.groups);
  writeGroup(memory, regions, routing.upBase, routing.upCount, 0);
}

function writeTable(memory: CoreMemory, routing: TableRouting, at: number, regions: Regions, name: string): void {
  memory.set(at, Switch.pinDivisor, routing.pinDivisor);
  memory.set(at, Switch.groups, regions.groups);
  for (const ports of routing.groups) {
    if (ports.length === 0) throw new RangeError(`switch ${name} has a group of no ports`);
    const consecutive = ports.every((port, i) => port === ports[0]! + i);
    writeGroup(memory, regions, ports[0]!, ports.length, consecutive ? 0 : regions.routes);
    for (const port of ports) {
      memory.setU32(regions.routes, port);
      regions.routes += 4;
    }
  }
  memory.set(at, Switch.table, regions.routes);
  // Flows to unreachable addresses are refused before the run, so their entries are never looked
  // up.
  const groupOf = routing.groupOf.map((group) => (group === UNREACHABLE ? 0 : group));
  writeByAddress(memory, groupOf, regions);
  if (routing.pins === undefined) return;
  memory.set(at, Switch.pins, regions.routes);
  writeByAddress(memory, routing.pins, regions);
}

function writeByAddress(memory: CoreMemory, table: Uint16Array, regions: Regions): void {
  new Uint16Array(memory.memory.buffer, regions.routes, table.length).set(table);
  regions.routes += tableBytes(table);
}

function writeGroup(memory: CoreMemory, regions: Regions, first: number, count: number, list: number): void {
  memory.set(regions.groups, Group.first, first);
  memory.set(regions.groups, Group.count, count);
  memory.set(regions.groups, Group.list, list);
  regions.groups += GROUP_BYTES;
}
