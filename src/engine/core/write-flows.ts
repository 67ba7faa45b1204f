/** Writes NICs, QPs and the flow graph into the core's memory. */
import { checkFlowPackets } from "../../plan/capacity.js";
import { answerAddress, dataAddress, delayOfFlow, packetsPerChunk } from "../../plan/flows.js";
import type { RunPlan } from "../../plan/plan.js";
import { programFlows } from "../../plan/programs.js";
import { writeClasses } from "./data-classes.js";
import {
  DEVICE_BYTES,
  Device,
  NIC_BYTES,
  Nic,
  PACED_BYTES,
  PORT_BYTES,
  RECEIVER_BYTES,
  Receiver,
  SENDER_BYTES,
  Sender,
  START_BYTES,
  Start,
  UPSTREAM_BYTES,
  Upstream,
} from "./layout.js";
import type { CoreMemory } from "./memory.js";
import { nicsAtStart, ownPlaces, type SendLists, sendListsOf } from "./send-lists.js";
import { bitmapSize, type Sizes } from "./sizes.js";
import { writeStalls } from "./stalls.js";

export interface FlowRegions {
  readonly devices: number;
  readonly ports: number;
  readonly nics: number;
  readonly senders: number;
  readonly receivers: number;
  readonly connections: number;
  readonly sendLists: number;
  readonly starts: number;
  readonly upstreams: number;
  readonly dependents: number;
  readonly packetMaps: number;
  readonly paced: number;
  readonly stalls: number;
  readonly dataClasses: number;
  readonly flowClasses: number;
  readonly nicClasses: number;
  bitmaps: number;
}

/** Records of NICs in device order: those of one device are consecutive. */
interface NicOrder {
  /** Device of each NIC. */
  readonly device: Uint32Array;
  /** Address of each NIC's record. */
  readonly address: Float64Array;
}

export function writeFlows(memory: CoreMemory, plan: RunPlan, sizes: Sizes, regions: FlowRegions): void {
  const order = orderNics(plan, regions);
  const lists = sendListsOf(plan);
  writeNics(memory, plan, regions, order, lists);
  writeSenders(memory, plan, sizes, regions, order, lists);
  writeReceivers(memory, plan, sizes, regions);
  writeDependencies(memory, plan, regions);
  if (plan.dataClasses.length > 1)
    writeClasses(memory, plan, lists, regions, (nic) => order.address[nic]! - regions.nics);
  writeStalls(memory, plan, regions.stalls, (nic) => order.address[nic]!);
}

function orderNics(plan: RunPlan, regions: FlowRegions): NicOrder {
  const { nics, firstPort, deviceCount, peerPort } = plan.fabric;
  const nicOfPort = new Int32Array(peerPort.length).fill(-1);
  for (let nic = 0; nic < nics.count; nic++) nicOfPort[nics.port[nic]!] = nic;
  const device = new Uint32Array(nics.count);
  const address = new Float64Array(nics.count);
  let place = 0;
  for (let d = 0; d < deviceCount; d++) {
    for (let p = firstPort[d]!; p < firstPort[d + 1]!; p++) {
      const nic = nicOfPort[p]!;
      if (nic < 0) break;
      device[nic] = d;
      address[nic] = regions.nics + place++ * NIC_BYTES;
    }
  }
  return { device, address };
}

function writeNics(memory: CoreMemory, plan: RunPlan, regions: FlowRegions, order: NicOrder, lists: SendLists): void {
  const { fabric, flows } = plan;
  const { nics } = fabric;
  const firstStart = new Map<number, number>();
  const startNics = nicsAtStart(plan);
  for (let nic = 0; nic < nics.count; nic++) {
    const at = order.address[nic]!;
    const device = order.device[nic]!;
    const index = nics.port[nic]! - fabric.firstPort[device]!;
    const from = lists.first[nic]!;
    const count = lists.first[nic + 1]! - from;
    if (index === 0) memory.set(regions.devices + device * DEVICE_BYTES, Device.body, at);
    memory.set(at, Nic.port, regions.ports + nics.port[nic]! * PORT_BYTES);
    memory.set(at, Nic.device, device);
    memory.set(at, Nic.index, index);
    memory.set(at, Nic.latencyPs, plan.nicLatencyPs[nic]!);
    memory.set(at, Nic.messageOverheadPs, plan.messageOverheadPs?.[nic] ?? 0);
    memory.set(at, Nic.sendList, regions.sendLists + 4 * from);
    memory.set(at, Nic.sendCount, count);
    memory.set(at, Nic.paced, regions.paced + PACED_BYTES * from);
    memory.set(at, Nic.sendable, regions.bitmaps);
    memory.set(at, Nic.lastServed, Math.max(0, count - 1));
    regions.bitmaps += bitmapSize(count);
    for (let i = 0; i < count; i++) memory.setU32(regions.sendLists + 4 * (from + i), lists.list[from + i]!);
    memory.setNever(at, Nic.timerAtPs);
    memory.setNever(at, Nic.nextEventPs);
    const starts = lists.list
      .slice(from, from + count)
      .filter((flow) => startNics[flow] === nic && startsByItself(plan, flow))
      .sort((a, b) => flows.startPs[a]! - flows.startPs[b]! || a - b);
    if (starts.length === 0) continue;
    const startsAt = regions.starts + START_BYTES * from;
    memory.set(at, Nic.nextStart, startsAt);
    memory.set(at, Nic.nextFirstPost, startsAt);
    memory.set(at, Nic.endStarts, startsAt + START_BYTES * starts.length);
    starts.forEach((flow, i) => {
      memory.set(startsAt + i * START_BYTES, Start.timePs, flows.startPs[flow]!);
      memory.set(startsAt + i * START_BYTES, Start.flow, flow);
    });
    const earliestPs = flows.startPs[starts[0]!]!;
    memory.set(at, Nic.nextEventPs, earliestPs);
    setActive(memory, memory.get(regions.devices + device * DEVICE_BYTES, Device.active), index);
    firstStart.set(device, Math.min(firstStart.get(device) ?? Number.POSITIVE_INFINITY, earliestPs));
  }
  for (const { nic, fromPs } of plan.stalls) {
    const device = order.device[nic]!;
    firstStart.set(device, Math.min(firstStart.get(device) ?? Number.POSITIVE_INFINITY, fromPs));
  }
  for (const [device, timePs] of firstStart)
    memory.set(regions.devices + device * DEVICE_BYTES, Device.wakeAtPs, timePs);
}

/** Whether a flow starts at its time. Others start when a program says so. */
function startsByItself({ programs }: RunPlan, flow: number): boolean {
  if (programs === undefined) return true;
  const [first, end] = programFlows(programs);
  return flow < first || flow >= end;
}

function setActive(memory: CoreMemory, bitmap: number, index: number): void {
  const at = bitmap + (index >> 3);
  memory.view.setUint8(at, memory.view.getUint8(at) | (1 << (index & 7)));
}

function writeSenders(
  memory: CoreMemory,
  plan: RunPlan,
  sizes: Sizes,
  regions: FlowRegions,
  order: NicOrder,
  lists: SendLists,
): void {
  const { flows, fabric } = plan;
  const mapBytes = sizes.packetMapBits / 8;
  const borders = regions.packetMaps + 3 * flows.count * mapBytes;
  const places = ownPlaces(plan, lists);
  for (let f = 0; f < flows.count; f++) {
    const at = regions.senders + f * SENDER_BYTES;
    const nic = flows.srcNic[f]!;
    const mtu = fabric.linkClasses[fabric.portClass[fabric.nics.port[nic]!]!]!.mtuBytes;
    const packets = packetsPerChunk(fabric, flows, f);
    const total = packets * flows.chunks[f]!;
    checkFlowPackets(f, total);
    memory.set(at, Sender.packetsPerChunk, packets);
    memory.set(at, Sender.leftInChunk, packets);
    memory.set(at, Sender.payloadBytes, mtu);
    memory.set(at, Sender.lastPayloadBytes, flows.chunkBytes[f]! - (packets - 1) * mtu);
    memory.set(at, Sender.totalPackets, total);
    memory.set(at, Sender.nic, order.address[nic]!);
    memory.set(at, Sender.index, places[f]!);
    memory.set(at, Sender.destination, dataAddress(fabric, flows, f));
    memory.set(at, Sender.chunks, flows.chunks[f]!);
    memory.set(at, Sender.delayPs, delayOfFlow(flows, f));
    memory.set(at, Sender.upstreams, regions.upstreams + UPSTREAM_BYTES * flows.upFirst[f]!);
    memory.set(at, Sender.upstreamCount, flows.upFirst[f + 1]! - flows.upFirst[f]!);
    memory.set(at, Sender.held, regions.packetMaps + 3 * f * mapBytes);
    memory.set(at, Sender.resend, regions.packetMaps + (3 * f + 1) * mapBytes);
    memory.set(at, Sender.borders, borders + f * sizes.borderBytes);
    memory.setU32(regions.connections + 4 * f, flows.connection[f]!);
  }
}

function writeReceivers(memory: CoreMemory, plan: RunPlan, sizes: Sizes, regions: FlowRegions): void {
  const { flows, fabric } = plan;
  const mapBytes = sizes.packetMapBits / 8;
  for (let f = 0; f < flows.count; f++) {
    const at = regions.receivers + f * RECEIVER_BYTES;
    const packets = packetsPerChunk(fabric, flows, f);
    memory.set(at, Receiver.leftInChunk, packets);
    memory.set(at, Receiver.packetsPerChunk, packets);
    memory.set(at, Receiver.chunks, flows.chunks[f]!);
    memory.set(at, Receiver.source, answerAddress(fabric, flows, f));
    memory.set(at, Receiver.placed, regions.packetMaps + (3 * f + 2) * mapBytes);
  }
}

/** Data packets of all flows, each counted once. */
export function dataPackets({ fabric, flows }: RunPlan): number {
  return flows.chunks.reduce((sum, chunks, flow) => sum + chunks * packetsPerChunk(fabric, flows, flow), 0);
}

function writeDependencies(memory: CoreMemory, plan: RunPlan, regions: FlowRegions): void {
  const { count, upFirst, upFlow, upLag } = plan.flows;
  const first = new Uint32Array(count + 1);
  for (const upstream of upFlow) first[upstream + 1]!++;
  for (let f = 0; f < count; f++) first[f + 1]! += first[f]!;
  for (let f = 0; f < count; f++) {
    const at = regions.receivers + f * RECEIVER_BYTES;
    memory.set(at, Receiver.dependents, regions.dependents + 4 * first[f]!);
    memory.set(at, Receiver.dependentCount, first[f + 1]! - first[f]!);
  }
  const next = first.slice();
  for (let f = 0; f < count; f++) {
    for (let i = upFirst[f]!; i < upFirst[f + 1]!; i++) {
      const upstream = upFlow[i]!;
      memory.set(regions.upstreams + UPSTREAM_BYTES * i, Upstream.flow, upstream);
      memory.set(regions.upstreams + UPSTREAM_BYTES * i, Upstream.lag, upLag[i]!);
      memory.setU32(regions.dependents + 4 * next[upstream]!++, f);
    }
  }
}
