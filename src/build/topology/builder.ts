import type { Fabric, SwitchSpec } from "../../plan/fabric.js";
import { MAX_ADDRESSES, MAX_PORTS } from "../../plan/limits.js";
import { PlanError } from "../../plan/plan-error.js";
import { LinkClasses } from "./link-classes.js";

const UNCONNECTED = 0xffffffff;

export interface NewNic {
  readonly port: number;
  readonly rank: number;
  readonly address: number;
  readonly isScaleUp: boolean;
}

/** Assembles a fabric device by device. Ports are numbered as devices are added. */
export class FabricBuilder {
  readonly classes = new LinkClasses();
  private readonly firstPort: number[] = [0];
  private readonly names: string[] = [];
  private readonly switches: SwitchSpec[] = [];
  private readonly nics: NewNic[] = [];
  private readonly links: { readonly a: number; readonly b: number; readonly linkClass: number }[] = [];

  /** Adds a device of hosts. @returns Its first port. */
  addHosts(name: string, portCount: number): number {
    return this.addDevice(name, portCount);
  }

  /** Adds a switch. @returns Its first port. */
  addSwitch(spec: Omit<SwitchSpec, "device">, portCount: number): number {
    this.switches.push({ ...spec, device: this.names.length });
    return this.addDevice(spec.name, portCount);
  }

  /** Adds the NIC behind a port of a host device; NICs come in the order of their ports. */
  addNic(nic: NewNic): void {
    if (nic.address >= MAX_ADDRESSES) {
      throw new PlanError(
        `the fabric needs more than ${MAX_ADDRESSES} addresses, one for each place under a leaf; write fewer gpus`,
        [
          ["topology", "gpus"],
          ["topology", "hosts"],
        ],
      );
    }
    this.nics.push(nic);
  }

  /** Links two ports by a link whose directions are alike. */
  connect(a: number, b: number, linkClass: number): void {
    this.links.push({ a, b, linkClass });
  }

  build(rankCount: number, rankName: (rank: number) => string): Fabric {
    const portCount = this.firstPort.at(-1)!;
    const peerPort = new Uint32Array(portCount).fill(UNCONNECTED);
    const portClass = new Uint16Array(portCount);
    for (const { a, b, linkClass } of this.links) {
      peerPort[a] = b;
      peerPort[b] = a;
      portClass[a] = linkClass;
      portClass[b] = linkClass;
    }
    if (this.links.length * 2 !== portCount || peerPort.includes(UNCONNECTED)) {
      throw new Error("every port of a fabric has exactly one link");
    }
    const { names, nics } = this;
    return {
      deviceCount: names.length,
      firstPort: Uint32Array.from(this.firstPort),
      peerPort,
      portClass,
      linkClasses: this.classes.list,
      switches: this.switches,
      nics: {
        count: nics.length,
        port: Uint32Array.from(nics, (nic) => nic.port),
        rank: Uint32Array.from(nics, (nic) => nic.rank),
        address: Uint32Array.from(nics, (nic) => nic.address),
        isScaleUp: Uint8Array.from(nics, (nic) => (nic.isScaleUp ? 1 : 0)),
      },
      rankCount,
      deviceName: (device) => names[device]!,
      rankName,
    };
  }

  private addDevice(name: string, portCount: number): number {
    if (portCount > MAX_PORTS) {
      throw new PlanError(`${name} would have ${portCount} ports; at most ${MAX_PORTS}`, [
        ["topology", "radix"],
        ["topology", "links"],
      ]);
    }
    const first = this.firstPort.at(-1)!;
    this.firstPort.push(first + portCount);
    this.names.push(name);
    return first;
  }
}
