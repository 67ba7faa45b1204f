/** The plan of one copy of what is alike, and what its flows and ports stand for. */

import type { Fabric, NicTable, SwitchSpec } from "../../plan/fabric.js";
import type { FlowGraph } from "../../plan/flows.js";
import { MAX_PORTS } from "../../plan/limits.js";
import type { FlowControl, LinkCredit, PauseTimes, RunPlan } from "../../plan/plan.js";
import { addressing, type SmallWay } from "./addresses.js";
import { type Classes, firstOf } from "./classes.js";
import { foldPrograms } from "./fold-programs.js";
import { rankOfPart } from "./parts.js";
import { keptBytes, poolsOf } from "./pools.js";
import { type Skeleton, type SmallPort, skeletonOf } from "./skeleton.js";

/** A smaller run that stands for several parts of a run. */
export interface Fold {
  readonly plan: RunPlan;
  readonly copies: number;
  /**
   * Flows of the whole run that flow `f` stands for: `flowImages[f · copies] …`, as many as there
   * are copies. Likewise ports, where it stands for any.
   */
  readonly flowImages: Uint32Array;
  readonly portImages: Uint32Array;
  /** Program ranks of the whole run, by program rank, likewise. */
  readonly programImages: Uint32Array;
  /** By port: 1 where it stands for ports. */
  readonly isImaged: Uint8Array;
}

/**
 * @param inPart Classes that belong together, each with as many members as there are copies.
 * @returns null where they cannot be laid out as a fabric, "twice" where they cannot since a way
 * would come to one switch twice
 */
export function fold(classes: Classes, inPart: readonly number[], copies: number): Fold | "twice" | null {
  const skeleton = skeletonOf(classes, inPart);
  if (skeleton.devices.some(({ ports }) => ports.length > MAX_PORTS)) return null;
  const layout = layOut(skeleton);
  if (!isInOrder(classes, skeleton, layout)) return null;
  const ways = smallWays(classes, skeleton, layout);
  const switchPorts = skeleton.devices.filter(({ isSwitch }) => isSwitch).map(({ ports }) => ports.length);
  const found = addressing(ways, switchPorts);
  if (found === null || found === "twice") return found;
  const { plan } = classes.parts.usage;
  const nics = smallNics(classes, skeleton, layout);
  const pools = poolsOf(classes, skeleton);
  const switchNumbers = layout.switchDevices.map((device) => modelSwitch(classes, skeleton.devices[device]!.ports[0]!));
  const flowControl = smallFlowControl(plan.flowControl, layout, switchNumbers);
  const switches = layout.switchDevices.map((device, i): SwitchSpec => {
    const { name, level, latencyPs } = plan.fabric.switches[switchNumbers[i]!]!;
    const kept = keptBytes(flowControl, layout.firstPort[device]!, layout.firstPort[device + 1]!);
    const keptBySwitch = flowControl.lossless[i] === 0 ? 0 : plan.dataClasses.length * kept;
    return { device, name, level, latencyPs, bufferBytes: pools[device]! + keptBySwitch, routing: found.tables[i]! };
  });
  const models = layout.ports.map(({ model }) => model);
  const { usage } = classes.parts;
  const rankModels = skeleton.ranks.map((number) => rankOf(classes, number));
  const fabric: Fabric = {
    deviceCount: skeleton.devices.length,
    firstPort: layout.firstPort,
    peerPort: layout.peerPort,
    portClass: Uint16Array.from(models, (port) => plan.fabric.portClass[port]!),
    linkClasses: plan.fabric.linkClasses,
    switches,
    nics: nics.table,
    rankCount: skeleton.ranks.length,
    deviceName: (device) => plan.fabric.deviceName(usage.deviceOf[skeleton.devices[device]!.ports[0]!.model]!),
    rankName: (rank) => plan.fabric.rankName(rankModels[rank]!),
  };
  const programs = foldPrograms(classes, skeleton);
  return {
    // Every field by name: a new one must be thought about.
    plan: {
      seed: plan.seed,
      fabric,
      flows: smallFlows(classes, skeleton, nics.ofClass, found.addresses),
      wire: plan.wire,
      transport: plan.transport,
      // No switch has a choice.
      routing: withoutChoice(plan.routing),
      flowControl,
      dataClasses: plan.dataClasses,
      ecn: plan.ecn,
      hazards: plan.hazards,
      nicLatencyPs: Float64Array.from(nics.models, (nic) => plan.nicLatencyPs[nic]!),
      ...(programs !== undefined && { programs: programs.programs }),
      // It was folded into the link classes, whose ports have other numbers here.
      timeline: [],
      stalls: [],
      timeLimitPs: plan.timeLimitPs,
    },
    copies,
    flowImages: Uint32Array.from(skeleton.flows.flatMap((number) => membersOf(classes, number))),
    programImages: programs?.images ?? new Uint32Array(0),
    ...portImages(classes, layout, copies),
  };
}

function withoutChoice({ custom: _, ...routing }: RunPlan["routing"]): RunPlan["routing"] {
  return { ...routing, policy: "pinned" };
}

function membersOf({ first, members }: Classes, number: number): number[] {
  return Array.from(members.subarray(first[number]!, first[number + 1]!));
}

/** Ports in the order of devices. */
interface Layout {
  readonly ports: readonly SmallPort[];
  readonly firstPort: Uint32Array;
  readonly peerPort: Uint32Array;
  readonly deviceOf: Uint32Array;
  /** Devices that are switches, in order, and the number of each; -1 for hosts. */
  readonly switchDevices: readonly number[];
  readonly switchOf: Int32Array;
  /** By class: ports that it leaves and arrives by. */
  readonly leaves: ReadonlyMap<number, number>;
  readonly arrives: ReadonlyMap<number, number>;
}

function layOut({ devices }: Skeleton): Layout {
  const ports = devices.flatMap((device) => device.ports);
  const firstPort = new Uint32Array(devices.length + 1);
  const deviceOf = new Uint32Array(ports.length);
  devices.forEach((device, number) => {
    firstPort[number + 1] = firstPort[number]! + device.ports.length;
    deviceOf.fill(number, firstPort[number], firstPort[number + 1]);
  });
  const leaves = new Map<number, number>();
  const arrives = new Map<number, number>();
  ports.forEach((port, number) => {
    if (port.out >= 0) leaves.set(port.out, number);
    if (port.in >= 0) arrives.set(port.in, number);
  });
  const switchOf = new Int32Array(devices.length).fill(-1);
  const switchDevices = [...devices.keys()].filter((device) => devices[device]!.isSwitch);
  switchDevices.forEach((device, number) => {
    switchOf[device] = number;
  });
  return {
    ports,
    firstPort,
    deviceOf,
    switchDevices,
    switchOf,
    leaves,
    arrives,
    // Where only one direction is simulated, what the other end would send comes from nowhere.
    peerPort: Uint32Array.from(ports, (port) => (port.out >= 0 ? arrives.get(port.out)! : leaves.get(port.in)!)),
  };
}

/** Whether what comes to a port comes by ports in the same order as in the whole fabric. */
function isInOrder(classes: Classes, skeleton: Skeleton, { ports, arrives, deviceOf }: Layout): boolean {
  const { classOf, parts } = classes;
  const { usage, firstPort } = parts;
  const { passFirst, passing, hopPort, placeOf } = usage;
  return ports.every(({ out }, small) => {
    if (out < 0 || !skeleton.devices[deviceOf[small]!]!.isSwitch) return true;
    const place = firstOf(classes, out) - firstPort;
    let last = -1;
    for (let i = passFirst[place]!; i < passFirst[place + 1]!; i++) {
      const port = arrives.get(classOf[firstPort + placeOf[hopPort[passing[i]! - 1]!]!]!)!;
      if (port < last || deviceOf[port] !== deviceOf[small]) return false;
      last = port;
    }
    return true;
  });
}

/** Ways of the flows, two each. */
function smallWays(
  classes: Classes,
  { flows }: Skeleton,
  { leaves, deviceOf, switchOf, firstPort }: Layout,
): SmallWay[] {
  const { classOf, parts } = classes;
  const { wayFirst, hopPort, placeOf } = parts.usage;
  return flows.flatMap((number) => {
    const flow = firstOf(classes, number);
    return [2 * flow, 2 * flow + 1].map((way) => {
      const hops = Array.from(
        hopPort.subarray(wayFirst[way]! + 1, wayFirst[way + 1]!),
        (port) => leaves.get(classOf[parts.firstPort + placeOf[port]!]!)!,
      );
      return {
        switches: hops.map((port) => switchOf[deviceOf[port]!]!),
        ports: hops.map((port) => port - firstPort[deviceOf[port]!]!),
      };
    });
  });
}

function modelSwitch({ parts }: Classes, { model }: SmallPort): number {
  return parts.usage.switchOf[parts.usage.deviceOf[model]!]!;
}

/** The rank of the fabric that stands for a class. */
function rankOf(classes: Classes, number: number): number {
  return rankOfPart(classes.parts, firstOf(classes, number));
}

/** NICs in the order of their ports; `ofClass` finds one by the class of what leaves it. */
function smallNics(classes: Classes, { devices, ranks }: Skeleton, { ports, firstPort }: Layout) {
  const { usage } = classes.parts;
  const { nics } = usage.plan.fabric;
  const rankNumbers = new Map(ranks.map((number, rank) => [rankOf(classes, number), rank]));
  const ofClass = new Map<number, number>();
  const places: number[] = [];
  devices.forEach(({ isSwitch }, device) => {
    for (let port = firstPort[device]!; !isSwitch && port < firstPort[device + 1]!; port++) {
      ofClass.set(ports[port]!.out, places.push(port) - 1);
    }
  });
  const models = places.map((port) => usage.nicOf[ports[port]!.model]!);
  const table: NicTable = {
    count: places.length,
    port: Uint32Array.from(places),
    rank: Uint32Array.from(models, (nic) => rankNumbers.get(nics.rank[nic]!)!),
    address: new Uint32Array(places.length),
    isScaleUp: Uint8Array.from(models, (nic) => nics.isScaleUp[nic]!),
  };
  return { table, models, ofClass };
}

function smallFlows(
  { classOf, parts, ...classes }: Classes,
  { flows }: Skeleton,
  nicOfClass: ReadonlyMap<number, number>,
  addresses: Uint32Array,
): FlowGraph {
  const { plan, placeOf } = parts.usage;
  const whole = plan.flows;
  const models = Uint32Array.from(flows, (number) => firstOf({ classOf, parts, ...classes }, number));
  const numberOf = new Map(flows.map((number, flow) => [number, flow]));
  const nicOf = (nic: number) => nicOfClass.get(classOf[parts.firstPort + placeOf[plan.fabric.nics.port[nic]!]!]!)!;
  const ups = Array.from(models, (flow) =>
    Array.from({ length: whole.upFirst[flow + 1]! - whole.upFirst[flow]! }, (_, i) => whole.upFirst[flow]! + i),
  );
  const upFirst = new Uint32Array(models.length + 1);
  ups.forEach((list, flow) => {
    upFirst[flow + 1] = upFirst[flow]! + list.length;
  });
  return {
    count: models.length,
    srcNic: models.map((flow) => nicOf(whole.srcNic[flow]!)),
    dstNic: models.map((flow) => nicOf(whole.dstNic[flow]!)),
    chunkBytes: Float64Array.from(models, (flow) => whole.chunkBytes[flow]!),
    chunks: models.map((flow) => whole.chunks[flow]!),
    startPs: Float64Array.from(models, (flow) => whole.startPs[flow]!),
    connection: models.map((_, flow) => flow),
    ...(whole.delayPs === undefined ? {} : { delayPs: Float64Array.from(models, (flow) => whole.delayPs![flow]!) }),
    ...(whole.dataClass === undefined ? {} : { dataClass: Uint8Array.from(models, (flow) => whole.dataClass![flow]!) }),
    // Not the jobs: a fold's flows may stand for several, and results are made of the whole plan.
    upFirst,
    upFlow: Uint32Array.from(ups.flat(), (i) => numberOf.get(classOf[whole.upFlow[i]!]!)!),
    upLag: Int32Array.from(ups.flat(), (i) => whole.upLag[i]!),
    addresses: {
      data: addresses.filter((_, way) => way % 2 === 0),
      answers: addresses.filter((_, way) => way % 2 === 1),
    },
  };
}

function smallFlowControl(whole: FlowControl, { ports }: Layout, switches: readonly number[]): FlowControl {
  const { watchdog, pauses, credit, ports: rules } = whole;
  const models = Uint32Array.from(ports, ({ model }) => model);
  const words = (column: Uint32Array) => models.map((port) => column[port]!);
  const times = (column: Float64Array) => Float64Array.from(models, (port) => column[port]!);
  const smallPauses: PauseTimes | null = pauses && {
    lastsPs: times(pauses.lastsPs),
    refreshPs: times(pauses.refreshPs),
  };
  const smallCredit: LinkCredit | null = credit && {
    ...credit,
    bufferBlocks: words(credit.bufferBlocks),
    updateBlocks: words(credit.updateBlocks),
  };
  return {
    release: whole.release,
    pauseResponsePs: whole.pauseResponsePs,
    trim: whole.trim,
    victim: whole.victim,
    dropAlphaNum: whole.dropAlphaNum,
    dropAlphaDen: whole.dropAlphaDen,
    lossless: Uint8Array.from(switches, (number) => whole.lossless[number]!),
    ports: {
      reserveBytes: words(rules.reserveBytes),
      headroomBytes: words(rules.headroomBytes),
      xoffBytes: words(rules.xoffBytes),
      alphaShift: Uint8Array.from(models, (port) => rules.alphaShift[port]!),
      resumeOffsetBytes: words(rules.resumeOffsetBytes),
      queueLimitBytes: words(rules.queueLimitBytes),
    },
    pauses: smallPauses,
    watchdog: watchdog && { ...watchdog, guarded: Uint8Array.from(switches, (number) => watchdog.guarded[number]!) },
    credit: smallCredit,
  };
}

/** A port stands for those that the same leaves by. */
function portImages(classes: Classes, { ports }: Layout, copies: number) {
  const { usage, firstPort } = classes.parts;
  const portImages = new Uint32Array(ports.length * copies);
  const isImaged = Uint8Array.from(ports, ({ out }) => (out >= 0 ? 1 : 0));
  ports.forEach(({ out }, small) => {
    if (out < 0) return;
    membersOf(classes, out).forEach((part, copy) => {
      portImages[small * copies + copy] = usage.ports[part - firstPort]!;
    });
  });
  return { portImages, isImaged };
}
