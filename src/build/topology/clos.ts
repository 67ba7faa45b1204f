import type { Fabric, RangeRouting } from "../../plan/fabric.js";
import { type LinkLevelName, SWITCH_LEVELS, type SwitchLevel } from "../../plan/levels.js";
import { MAX_PORTS } from "../../plan/limits.js";
import type { ClosTopology, Scenario } from "../../scenario/types/scenario.js";
import { portsPerGpu } from "../../scenario/types/topology-facts.js";
import { FabricBuilder } from "./builder.js";
import type { Dimensions } from "./dimensions.js";
import { levelParameters } from "./link-classes.js";
import { addScaleUp } from "./scale-up.js";
import { parentPort, type Stage, widthOf } from "./stage.js";

/** Where a port of a GPU hangs. */
export interface Seat {
  /** Of the separate fabrics. */
  readonly fabric: number;
  readonly leaf: number;
  /** Place under its leaf, from 0 without gaps. */
  readonly slot: number;
}

/** Which GPU hangs where. */
export interface Seating {
  /** Fabrics of the same dimensions side by side, without a link between them: planes, or rails. */
  readonly fabrics: number;
  readonly seatOf: (rank: number, port: number) => Seat;
  readonly hostsOn: (leaf: number) => number;
  /** In two tiers: leaves that belong together in the order of devices. */
  readonly leavesPerBlock: number;
  /** What names of switches of a fabric begin with; left out where there is one. */
  readonly prefixOf?: (fabric: number) => string;
}

/** Of a Clos that is a part of a larger fabric. */
export interface Place {
  readonly builder: FabricBuilder;
  readonly firstRank: number;
  readonly firstAddress: number;
  /** What names of its switches begin with. */
  readonly prefix: string;
  /** Links up from each of its top switches. */
  readonly uplinks: number;
}

/** The top switches of a part: first ports of their links up. */
export interface TopPorts {
  readonly up: readonly number[];
}

const NO_UP = { upBase: 0, upCount: 0 };

/** Number of an address: contiguous per leaf, with room for a full leaf each. */
interface Addresses {
  readonly perLeaf: number;
  readonly perPod: number;
}

/** What the builders of the kinds agree on. */
export interface ClosShape {
  readonly dimensions: Dimensions;
  readonly seating: Seating;
}

/**
 * A folded Clos of the given dimensions. Devices come block by block (nodes, NVSwitches, leaves,
 * and the switches above them in three tiers), then the top: a pod, or a leaf of two tiers, is a
 * range of devices. Down ports of a switch come before its up ports.
 */
export function buildClos(scenario: Scenario, topology: ClosTopology, shape: ClosShape): Fabric {
  const place = { builder: new FabricBuilder(), firstRank: 0, firstAddress: 0, prefix: "", uplinks: 0 };
  addClos(scenario, topology, shape, place);
  return place.builder.build(topology.gpus, (rank) => `gpu-${rank}`);
}

/** Adds a Clos to a larger fabric. */
export function addClos(scenario: Scenario, topology: ClosTopology, shape: ClosShape, place: Place): TopPorts {
  return new ClosBuilder(scenario, topology, shape, place).build();
}

/** Addresses of a Clos, taken or free. */
export function addressCount({ hostsPerLeaf, leavesPerPod, pods }: Dimensions): number {
  return hostsPerLeaf * leavesPerPod * pods;
}

/** A node whose ports are too many for a device is several, as alike as trays of a rack. */
function gpusPerDevice(gpusPerNode: number, portsPerRank: number): number {
  let count = gpusPerNode;
  while (count > 1 && (gpusPerNode % count !== 0 || count * portsPerRank > MAX_PORTS)) count -= 1;
  return count;
}

class ClosBuilder {
  private readonly builder: FabricBuilder;
  private readonly dimensions: Dimensions;
  private readonly seating: Seating;
  private readonly addresses: Addresses;
  private readonly accessClass: number;
  private readonly fabricClass: number;
  private readonly ports: number;
  /** Fabric ports of each rank, rank by rank. */
  private readonly hostPorts: number[] = [];
  /** By fabric: first port of each leaf, and of each switch of the middle tier. */
  private readonly leafPorts: number[][];
  private readonly middlePorts: number[][];
  private readonly topPorts: number[] = [];

  constructor(
    private readonly scenario: Scenario,
    private readonly topology: ClosTopology,
    { dimensions, seating }: ClosShape,
    private readonly place: Place,
  ) {
    const { hostsPerLeaf, leavesPerPod } = dimensions;
    this.builder = place.builder;
    this.dimensions = dimensions;
    this.seating = seating;
    this.ports = portsPerGpu(topology);
    this.addresses = { perLeaf: hostsPerLeaf, perPod: hostsPerLeaf * leavesPerPod };
    this.accessClass = this.levelClass("access");
    this.fabricClass = this.levelClass("fabric");
    this.leafPorts = Array.from({ length: seating.fabrics }, () => []);
    this.middlePorts = Array.from({ length: seating.fabrics }, () => []);
  }

  build(): TopPorts {
    const { leaves, leavesPerPod, pods, lower, upper } = this.dimensions;
    const { gpus, gpusPerNode, tiers } = this.topology;
    const leavesPerBlock = tiers === 3 ? leavesPerPod : this.seating.leavesPerBlock;
    const nodes = gpus / gpusPerNode;
    let node = 0;
    for (let firstLeaf = 0; firstLeaf < leaves; firstLeaf += leavesPerBlock) {
      const endLeaf = Math.min(leaves, firstLeaf + leavesPerBlock);
      let endNode = node;
      while (endNode < nodes && this.seating.seatOf(endNode * gpusPerNode, 0).leaf < endLeaf) endNode += 1;
      // A node that straddles two blocks needs leaves of both, so its links follow when all leaves
      // are there.
      this.addNodes(node, endNode);
      node = endNode;
      this.eachFabric((fabric) => {
        for (let leaf = firstLeaf; leaf < endLeaf; leaf++) this.addLeaf(fabric, leaf);
        if (tiers === 3 && lower !== null) this.addMiddle(fabric, Math.floor(firstLeaf / leavesPerPod), "aggregation");
      });
    }
    if (tiers === 2 && lower !== null) this.eachFabric((fabric) => this.addMiddle(fabric, 0, "spine"));
    this.linkHosts();
    this.eachFabric((fabric) => {
      for (let pod = 0; pod < pods && lower !== null; pod++) this.linkLeaves(fabric, pod, lower);
      if (upper !== null) this.addCores(fabric, upper);
    });
    return { up: this.topPorts };
  }

  private eachFabric(visit: (fabric: number) => void): void {
    for (let fabric = 0; fabric < this.seating.fabrics; fabric++) visit(fabric);
  }

  private addNodes(from: number, to: number): void {
    const { gpusPerNode, scaleUp, nvSwitches = 1 } = this.topology;
    const { firstRank, firstAddress } = this.place;
    const firstNode = firstRank / gpusPerNode;
    const scaleUpPortsPerRank = scaleUp ? nvSwitches : 0;
    const portsPerRank = this.ports + scaleUpPortsPerRank;
    const perDevice = gpusPerDevice(gpusPerNode, portsPerRank);
    const scaleUpPorts: number[] = [];
    for (let node = from; node < to; node++) {
      let first = 0;
      for (let local = 0; local < gpusPerNode; local++) {
        if (local % perDevice === 0) {
          const tray = perDevice === gpusPerNode ? "" : `-tray-${local / perDevice}`;
          first = this.builder.addHosts(`node-${firstNode + node}${tray}`, perDevice * portsPerRank);
        }
        const own = node * gpusPerNode + local;
        const rank = firstRank + own;
        const port = first + (local % perDevice) * portsPerRank;
        for (let i = 0; i < this.ports; i++) {
          const { leaf, slot } = this.seating.seatOf(own, i);
          const address = firstAddress + leaf * this.addresses.perLeaf + slot;
          this.hostPorts.push(port + i);
          this.builder.addNic({ port: port + i, rank, address, isScaleUp: false });
        }
        for (let i = 0; i < scaleUpPortsPerRank; i++) {
          this.builder.addNic({ port: port + this.ports + i, rank, address: local, isScaleUp: true });
          scaleUpPorts.push(port + this.ports + i);
        }
      }
    }
    if (!scaleUp) return;
    const nodes = { firstNode: firstNode + from, gpusPerNode, nvSwitches, ports: scaleUpPorts };
    addScaleUp(this.builder, this.scenario, nodes);
  }

  private addLeaf(fabric: number, leaf: number): void {
    const { lower } = this.dimensions;
    const hosts = this.seating.hostsOn(leaf);
    const low = this.place.firstAddress + leaf * this.addresses.perLeaf;
    const down = { low, high: low + hosts, stride: 1, downBase: 0, downWidth: 1 };
    const up = lower === null ? this.topUp(hosts) : { upBase: hosts, upCount: lower.uplinks };
    const port = this.addSwitch(fabric, "leaf", leaf, hosts + up.upCount, { ...down, ...up, pinDivisor: 1 });
    this.leafPorts[fabric]!.push(port);
    if (lower === null) this.topPorts.push(port + hosts);
  }

  /** Links up of a switch of the top. */
  private topUp(downCount: number): { upBase: number; upCount: number } {
    const { uplinks } = this.place;
    return uplinks === 0 ? NO_UP : { upBase: downCount, upCount: uplinks };
  }

  /** Switches above the leaves of a pod, or of the whole fabric. */
  private addMiddle(fabric: number, pod: number, level: "aggregation" | "spine"): void {
    const { upper } = this.dimensions;
    const lower = this.dimensions.lower!;
    const leaves = this.leavesOf(pod);
    const low = this.place.firstAddress + pod * this.addresses.perPod;
    for (let i = 0; i < lower.parents; i++) {
      const downWidth = widthOf(lower, i);
      const downCount = leaves * downWidth;
      const high = low + leaves * this.addresses.perLeaf;
      const down = { low, high, stride: this.addresses.perLeaf, downBase: 0, downWidth };
      const up = upper === null ? this.topUp(downCount) : { upBase: downCount, upCount: upper.uplinks };
      // Leaves spread by the lowest digit of the address (D-mod-k): all that comes here shares it,
      // so the next one decides.
      const routing = { ...down, ...up, pinDivisor: lower.parents };
      const number = pod * lower.parents + i;
      const port = this.addSwitch(fabric, level, number, downCount + up.upCount, routing);
      this.middlePorts[fabric]!.push(port);
      if (upper === null) this.topPorts.push(port + downCount);
    }
  }

  private linkHosts(): void {
    this.hostPorts.forEach((port, i) => {
      const { fabric, leaf, slot } = this.seating.seatOf(Math.floor(i / this.ports), i % this.ports);
      this.builder.connect(port, this.leafPorts[fabric]![leaf]! + slot, this.accessClass);
    });
  }

  private linkLeaves(fabric: number, pod: number, lower: Stage): void {
    const firstLeaf = pod * this.dimensions.leavesPerPod;
    for (let child = 0; child < this.leavesOf(pod); child++) {
      const upBase = this.leafPorts[fabric]![firstLeaf + child]! + this.seating.hostsOn(firstLeaf + child);
      for (let uplink = 0; uplink < lower.uplinks; uplink++) {
        const { parent, port } = parentPort(lower, child, uplink);
        const parentBase = this.middlePorts[fabric]![pod * lower.parents + parent]!;
        this.builder.connect(upBase + uplink, parentBase + port, this.fabricClass);
      }
    }
  }

  private addCores(fabric: number, upper: Stage): void {
    const { pods } = this.dimensions;
    const lower = this.dimensions.lower!;
    const coreClass = this.levelClass("core");
    const low = this.place.firstAddress;
    const all = { low, high: low + pods * this.addresses.perPod, stride: this.addresses.perPod };
    for (let group = 0; group < lower.parents; group++) {
      const corePorts = Array.from({ length: upper.parents }, (_, i) => {
        const downWidth = widthOf(upper, i);
        const up = this.topUp(pods * downWidth);
        const pinDivisor = lower.parents * upper.parents;
        const routing = { ...all, downBase: 0, downWidth, ...up, pinDivisor };
        const number = group * upper.parents + i;
        const port = this.addSwitch(fabric, "core", number, pods * downWidth + up.upCount, routing);
        this.topPorts.push(port + pods * downWidth);
        return port;
      });
      for (let pod = 0; pod < pods; pod++) {
        const upBase =
          this.middlePorts[fabric]![pod * lower.parents + group]! + this.leavesOf(pod) * widthOf(lower, group);
        for (let uplink = 0; uplink < upper.uplinks; uplink++) {
          const { parent, port } = parentPort(upper, pod, uplink);
          this.builder.connect(upBase + uplink, corePorts[parent]! + port, coreClass);
        }
      }
    }
  }

  private leavesOf(pod: number): number {
    const { leaves, leavesPerPod } = this.dimensions;
    return Math.min(leavesPerPod, leaves - pod * leavesPerPod);
  }

  private addSwitch(
    fabric: number,
    level: SwitchLevel,
    number: number,
    ports: number,
    routing: Omit<RangeRouting, "kind">,
  ): number {
    const { latencyPs, bufferBytes } = this.scenario.switch;
    const prefix = `${this.place.prefix}${this.seating.prefixOf?.(fabric) ?? ""}`;
    const name = `${prefix}${SWITCH_LEVELS[level].prefix}-${number}`;
    return this.builder.addSwitch(
      { name, level, latencyPs, bufferBytes, routing: { kind: "range", ...routing } },
      ports,
    );
  }

  private levelClass(level: LinkLevelName): number {
    const { links, transport } = this.scenario;
    return this.builder.classes.of(levelParameters(level, links[level]!, transport.mtuBytes));
  }
}
