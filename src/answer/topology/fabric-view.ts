/** A fabric for those who draw it, and what its links do at an instant. */
import type { PortLoads } from "../../plan/loads.js";
import { type PlanView, switchAt } from "../ideal/view.js";
import { levelAt, type Places, placesOf } from "./places.js";

/** A GPU or a switch. */
export interface FabricDevice {
  /** The name that faults use. */
  readonly name: string;
  /** 0 for GPUs and switches of scale-up networks, 1 for leaves, 2 and up above them. */
  readonly tier: number;
  readonly kind: "gpu" | "switch";
  /** Number of its node; -1 for switches of the fabric. */
  readonly node: number;
  /** Set of nodes and leaves that access links join, and set of units that the fabric joins. */
  readonly unit: number;
  readonly pod: number;
  /** Of a GPU its place in the node, of a leaf the one that all its GPUs share; -1 for none. */
  readonly rail: number;
}

/** A link, from the GPU where it has one. */
export interface FabricLink {
  /** Indexes into the devices. */
  readonly from: number;
  readonly to: number;
  /** Which of several links between the same two devices, from 0. */
  readonly index: number;
  readonly level: string;
  /** Bits per second at the start, there and back. */
  readonly rateBps: number;
  readonly rateBackBps: number;
}

/** The fabric as a picture needs it: devices, links, and where they belong. */
export interface FabricView {
  /** GPUs by rank, then switches. */
  readonly devices: readonly FabricDevice[];
  readonly links: readonly FabricLink[];
  readonly pods: number;
  readonly rails: number;
}

/**
 * What all links do at an instant. Entry `2 * l` of each column is link `l` as listed, entry
 * `2 * l + 1` its other direction.
 */
export interface LinkLoads {
  /** Instant of the simulation, in ns. */
  readonly simulatedNs: number;
  /** Wire bytes sent since the start. */
  readonly txBytes: Float64Array;
  /** Wire bytes that wait at the sending end, with the rest of the packet that it is sending. */
  readonly queuedBytes: Float64Array;
  /** Bits per second at which it sends now. */
  readonly rateBps: Float64Array;
  /** A sum of `LinkState`s. */
  readonly state: Uint8Array;
  /** Packets lost since the start. */
  readonly dropped: Float64Array;
}

/** What holds a direction of a link back. */
export const LinkState = { paused: 1, waitsForCredit: 2, down: 4 } as const;

/** The view, and the global port of each link, at the end that it is listed from. */
export function fabricView(view: PlanView): { readonly fabric: FabricView; readonly ports: Uint32Array } {
  const places = placesOf(view);
  const { fabric } = view;
  const devices = [
    ...Array.from({ length: fabric.rankCount }, (_, rank) => gpuAt(view, places, rank)),
    ...fabric.switches.map((_, sw) => switchDevice(view, places, sw)),
  ];
  const ports = linkPorts(view);
  const known = new Map<number, number>();
  const links = Array.from(ports, (port): FabricLink => {
    const [from, to] = [deviceAt(view, port), deviceAt(view, fabric.peerPort[port]!)];
    const key = from * devices.length + to;
    const index = known.get(key) ?? 0;
    known.set(key, index + 1);
    return {
      ...{ from, to, index, level: levelAt(view, port) },
      rateBps: rateAt(view, port),
      rateBackBps: rateAt(view, fabric.peerPort[port]!),
    };
  });
  return { fabric: { devices, links, pods: places.podCount, rails: places.railCount }, ports };
}

function gpuAt({ fabric }: PlanView, places: Places, rank: number): FabricDevice {
  return {
    ...{ name: fabric.rankName(rank), tier: 0, kind: "gpu", node: places.nodeOfRank[rank]! },
    ...{ unit: places.unitOfRank[rank]!, pod: places.podOfRank[rank]!, rail: places.localOfRank[rank]! },
  };
}

function switchDevice(view: PlanView, places: Places, sw: number): FabricDevice {
  const { device, name } = view.fabric.switches[sw]!;
  const tier = places.tierOfSwitch[sw]!;
  return {
    ...{ name, tier, kind: "switch", node: tier === 0 ? nodeBelow(view, places, device) : -1 },
    ...{ unit: places.unitOfSwitch[sw]!, pod: places.podOfSwitch[sw]!, rail: places.railOfSwitch[sw]! },
  };
}

/** The node of a switch of a scale-up network. */
function nodeBelow({ fabric, nicOfPort }: PlanView, places: Places, device: number): number {
  for (let port = fabric.firstPort[device]!; port < fabric.firstPort[device + 1]!; port++) {
    const nic = nicOfPort[fabric.peerPort[port]!]!;
    if (nic >= 0) return places.nodeOfRank[fabric.nics.rank[nic]!]!;
  }
  return -1;
}

/** Each link once: the port at a NIC, or the lower one. */
function linkPorts({ fabric: { peerPort }, nicOfPort }: PlanView): Uint32Array {
  const ports: number[] = [];
  for (let port = 0; port < peerPort.length; port++) {
    const peer = peerPort[port]!;
    if (peer > port) ports.push(nicOfPort[port]! < 0 && nicOfPort[peer]! >= 0 ? peer : port);
  }
  return Uint32Array.from(ports);
}

function deviceAt(view: PlanView, port: number): number {
  const { fabric, nicOfPort } = view;
  const nic = nicOfPort[port]!;
  return nic >= 0 ? fabric.nics.rank[nic]! : fabric.rankCount + switchAt(view, port);
}

function rateAt({ fabric }: PlanView, port: number): number {
  return fabric.linkClasses[fabric.portClass[port]!]!.rateBps;
}

/** Columns by port to columns by direction of links. */
export function linkLoads(loads: PortLoads, ports: Uint32Array, peerPort: ArrayLike<number>): LinkLoads {
  const count = 2 * ports.length;
  const columns = {
    txBytes: new Float64Array(count),
    queuedBytes: new Float64Array(count),
    rateBps: new Float64Array(count),
    state: new Uint8Array(count),
    dropped: new Float64Array(count),
  };
  for (let at = 0; at < count; at++) {
    const there = ports[at >> 1]!;
    const port = (at & 1) === 0 ? there : peerPort[there]!;
    columns.txBytes[at] = loads.txBytes[port]!;
    columns.queuedBytes[at] = loads.waitingBytes[port]!;
    columns.rateBps[at] = loads.rateBps[port]!;
    columns.state[at] =
      loads.isPaused[port]! * LinkState.paused +
      loads.waitsForCredit[port]! * LinkState.waitsForCredit +
      loads.isDown[port]! * LinkState.down;
    columns.dropped[at] = loads.dropped[port]!;
  }
  return { simulatedNs: loads.nowPs / 1000, ...columns };
}
