import type { Fabric, RangeRouting, SwitchLevel } from "../../plan/fabric.js";
import type { ClosTopology, Scenario } from "../../scenario/types/scenario.js";
import { FabricBuilder } from "./builder.js";
import type { Dimensions } from "./dimensions.js";
import { levelParameters } from "./link-classes.js";
import { addScaleUp } from "./scale-up.js";
import { parentPort, type Stage, widthOf } from "./stage.js";

/** Which GPU hangs where. */
export interface Seating {
  readonly leafOf: (rank: number) => number;
  /** Place under its leaf, from 0 without gaps. */
  readonly slotOf: (rank: number) => number;
  readonly hostsOn: (leaf: number) => number;
  /** In two tiers: leaves that belong together in the order of devices. */
  readonly leavesPerBlock: number;
}

const NO_UP = { upBase: 0, upCount: 0 };

/** Number of an address: contiguous per leaf, with room for a full leaf each. */
interface Addresses {
  readonly perLeaf: number;
  readonly perPod: number;
}

/**
 * A folded Clos of the given dimensions. Devices come block by block (nodes, NVSwitches, leaves,
 * and the switches above them in three tiers), then the top: a pod, or a leaf of two tiers, is a
 * range of devices. Down ports of a switch come before its up ports.
 */
export function buildClos(
  scenario: Scenario,
  topology: ClosTopology,
  dimensions: Dimensions,
  seating: Seating,
): Fabric {
  return new ClosBuilder(scenario, topology, dimensions, seating).build();
}

class ClosBuilder {
  private readonly builder = new FabricBuilder();
  private readonly addresses: Addresses;
  private readonly accessClass: number;
  private readonly fabricClass: number;
  /** Fabric port of each rank. */
  private readonly hostPorts: number[] = [];
  /** First port of each leaf, and of each switch of the middle tier. */
  private readonly leafPorts: number[] = [];
  private readonly middlePorts: number[] = [];

  constructor(
    private readonly scenario: Scenario,
    private readonly topology: ClosTopology,
    private readonly dimensions: Dimensions,
    private readonly seating: Seating,
  ) {
    const { hostsPerLeaf, leavesPerPod } = dimensions;
    this.addresses = { perLeaf: hostsPerLeaf, perPod: hostsPerLeaf * leavesPerPod };
    this.accessClass = this.levelClass("access");
    this.fabricClass = this.levelClass("fabric");
  }

  build(): Fabric {
    const { leaves, leavesPerPod, pods, lower } = this.dimensions;
    const { gpus, gpusPerNode, tiers } = this.topology;
    const leavesPerBlock = tiers === 3 ? leavesPerPod : this.seating.leavesPerBlock;
    const nodes = gpus / gpusPerNode;
    let node = 0;
    for (let firstLeaf = 0; firstLeaf < leaves; firstLeaf += leavesPerBlock) {
      const endLeaf = Math.min(leaves, firstLeaf + leavesPerBlock);
      let endNode = node;
      while (endNode < nodes && this.seating.leafOf(endNode * gpusPerNode) < endLeaf) endNode += 1;
      // A node that straddles two blocks needs leaves of both, so its links follow when all leaves
      // are there.
      this.addNodes(node, endNode);
      node = endNode;
      for (let leaf = firstLeaf; leaf < endLeaf; leaf++) this.addLeaf(leaf);
      if (tiers === 3 && lower !== null) this.addMiddle(Math.floor(firstLeaf / leavesPerPod), "aggregation");
    }
    if (tiers === 2 && lower !== null) this.addMiddle(0, "spine");
    this.linkHosts();
    for (let pod = 0; pod < pods && lower !== null; pod++) this.linkLeaves(pod, lower);
    if (this.dimensions.upper !== null) this.addCores(this.dimensions.upper);
    return this.builder.build(gpus, (rank) => `gpu-${rank}`);
  }

  private addNodes(from: number, to: number): void {
    const { gpusPerNode, scaleUp } = this.topology;
    const portsPerRank = scaleUp ? 2 : 1;
    const scaleUpPorts: number[] = [];
    for (let node = from; node < to; node++) {
      const first = this.builder.addHosts(`node-${node}`, gpusPerNode * portsPerRank);
      for (let local = 0; local < gpusPerNode; local++) {
        const rank = node * gpusPerNode + local;
        const port = first + local * portsPerRank;
        const address = this.seating.leafOf(rank) * this.addresses.perLeaf + this.seating.slotOf(rank);
        this.hostPorts.push(port);
        this.builder.addNic({ port, rank, address, isScaleUp: false });
        if (!scaleUp) continue;
        this.builder.addNic({ port: port + 1, rank, address: local, isScaleUp: true });
        scaleUpPorts.push(port + 1);
      }
    }
    if (scaleUp) addScaleUp(this.builder, this.scenario, { firstNode: from, gpusPerNode, ports: scaleUpPorts });
  }

  private addLeaf(leaf: number): void {
    const { lower } = this.dimensions;
    const hosts = this.seating.hostsOn(leaf);
    const low = leaf * this.addresses.perLeaf;
    const down = { low, high: low + hosts, stride: 1, downBase: 0, downWidth: 1 };
    const up = lower === null ? NO_UP : { upBase: hosts, upCount: lower.uplinks };
    this.leafPorts.push(this.addSwitch("leaf", leaf, hosts + up.upCount, { ...down, ...up, pinDivisor: 1 }));
  }

  /** Switches above the leaves of a pod, or of the whole fabric. */
  private addMiddle(pod: number, level: "aggregation" | "spine"): void {
    const { upper } = this.dimensions;
    const lower = this.dimensions.lower!;
    const leaves = this.leavesOf(pod);
    const low = pod * this.addresses.perPod;
    for (let i = 0; i < lower.parents; i++) {
      const downWidth = widthOf(lower, i);
      const downCount = leaves * downWidth;
      const high = low + leaves * this.addresses.perLeaf;
      const down = { low, high, stride: this.addresses.perLeaf, downBase: 0, downWidth };
      const up = upper === null ? NO_UP : { upBase: downCount, upCount: upper.uplinks };
      // Leaves spread by the lowest digit of the address (D-mod-k): all that comes here shares it,
      // so the next one decides.
      const routing = { ...down, ...up, pinDivisor: lower.parents };
      const number = pod * lower.parents + i;
      this.middlePorts.push(this.addSwitch(level, number, downCount + up.upCount, routing));
    }
  }

  private linkHosts(): void {
    this.hostPorts.forEach((port, rank) => {
      const leafPort = this.leafPorts[this.seating.leafOf(rank)]! + this.seating.slotOf(rank);
      this.builder.connect(port, leafPort, this.accessClass);
    });
  }

  private linkLeaves(pod: number, lower: Stage): void {
    const firstLeaf = pod * this.dimensions.leavesPerPod;
    for (let child = 0; child < this.leavesOf(pod); child++) {
      const upBase = this.leafPorts[firstLeaf + child]! + this.seating.hostsOn(firstLeaf + child);
      for (let uplink = 0; uplink < lower.uplinks; uplink++) {
        const { parent, port } = parentPort(lower, child, uplink);
        const parentBase = this.middlePorts[pod * lower.parents + parent]!;
        this.builder.connect(upBase + uplink, parentBase + port, this.fabricClass);
      }
    }
  }

  private addCores(upper: Stage): void {
    const { pods } = this.dimensions;
    const lower = this.dimensions.lower!;
    const coreClass = this.levelClass("core");
    for (let group = 0; group < lower.parents; group++) {
      const corePorts = Array.from({ length: upper.parents }, (_, i) => {
        const downWidth = widthOf(upper, i);
        const down = {
          low: 0,
          high: pods * this.addresses.perPod,
          stride: this.addresses.perPod,
          downBase: 0,
          downWidth,
        };
        const pinDivisor = lower.parents * upper.parents;
        return this.addSwitch("core", group * upper.parents + i, pods * downWidth, { ...down, ...NO_UP, pinDivisor });
      });
      for (let pod = 0; pod < pods; pod++) {
        const upBase = this.middlePorts[pod * lower.parents + group]! + this.leavesOf(pod) * widthOf(lower, group);
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

  private addSwitch(level: SwitchLevel, number: number, ports: number, routing: Omit<RangeRouting, "kind">): number {
    const { latencyPs, bufferBytes } = this.scenario.switch;
    const name = `${level === "aggregation" ? "agg" : level}-${number}`;
    return this.builder.addSwitch(
      { name, level, latencyPs, bufferBytes, routing: { kind: "range", ...routing } },
      ports,
    );
  }

  private levelClass(level: "access" | "fabric" | "core"): number {
    const { links, transport } = this.scenario;
    return this.builder.classes.of(levelParameters(level, links[level], transport.mtuBytes));
  }
}
