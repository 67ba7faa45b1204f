import { expect } from "vitest";
import { type Fabric, UNREACHABLE } from "../../src/plan/fabric.js";

/** Looks at a fabric the way a packet does. */
export class Walker {
  readonly deviceOfPort: Uint32Array;
  private readonly switchOfDevice = new Map<number, number>();
  private readonly nicOfPort = new Map<number, number>();

  constructor(readonly fabric: Fabric) {
    const { firstPort, deviceCount, nics, peerPort, switches } = fabric;
    this.deviceOfPort = new Uint32Array(peerPort.length);
    for (let d = 0; d < deviceCount; d++) this.deviceOfPort.fill(d, firstPort[d], firstPort[d + 1]);
    for (let nic = 0; nic < nics.count; nic++) this.nicOfPort.set(nics.port[nic]!, nic);
    switches.forEach(({ device }, i) => {
      this.switchOfDevice.set(device, i);
    });
  }

  /** Local ports that a switch offers for an address. */
  candidates(sw: number, address: number): number[] {
    const { routing } = this.fabric.switches[sw]!;
    if (routing.kind === "table") {
      const group = routing.groupOf[address]!;
      return group === UNREACHABLE ? [] : [...routing.groups[group]!];
    }
    const { low, high, stride, downBase, downWidth, upBase, upCount } = routing;
    const isBelow = address >= low && address < high;
    const first = isBelow ? downBase + Math.floor((address - low) / stride) * downWidth : upBase;
    return Array.from({ length: isBelow ? downWidth : upCount }, (_, i) => first + i);
  }

  /**
   * Follows every candidate from one NIC to another, and fails unless all lead there.
   * @returns The most switches on any way.
   */
  switchesBetween(srcNic: number, dstNic: number): number {
    const { nics, peerPort, firstPort, switches } = this.fabric;
    const address = nics.address[dstNic]!;
    const known = new Map<number, number>();
    const longest = (port: number, depth: number): number => {
      const arrival = peerPort[port]!;
      const sw = this.switchOfDevice.get(this.deviceOfPort[arrival]!);
      if (sw === undefined) {
        expect(this.nicOfPort.get(arrival), "a packet arrives where it was sent").toBe(dstNic);
        return 0;
      }
      const before = known.get(sw);
      if (before !== undefined) return before;
      expect(depth, "a packet does not go round in circles").toBeLessThan(switches.length + 1);
      const next = this.candidates(sw, address);
      expect(next.length, `${switches[sw]!.name} has a way to address ${address}`).toBeGreaterThan(0);
      const first = firstPort[switches[sw]!.device]!;
      const result = 1 + Math.max(...next.map((local) => longest(first + local, depth + 1)));
      known.set(sw, result);
      return result;
    };
    return longest(nics.port[srcNic]!, 0);
  }

  /** NICs of the scale-out fabric. */
  fabricNics(): number[] {
    const { nics } = this.fabric;
    return Array.from({ length: nics.count }, (_, nic) => nic).filter((nic) => nics.isScaleUp[nic] === 0);
  }
}

/**
 * What holds for every fabric: links have two ends, devices few enough ports, NICs are the ports of
 * host devices in order.
 */
export function expectWellFormed(fabric: Fabric): void {
  const { deviceCount, firstPort, peerPort, portClass, linkClasses, switches, nics } = fabric;
  expect(firstPort).toHaveLength(deviceCount + 1);
  expect(peerPort).toHaveLength(firstPort[deviceCount]!);
  peerPort.forEach((peer, port) => {
    if (peer === port || peerPort[peer] !== port) expect.fail(`port ${port} and its peer ${peer} disagree`);
    if (portClass[port]! >= linkClasses.length) expect.fail(`port ${port} has no class`);
  });
  const isSwitch = new Set(switches.map(({ device }) => device));
  expect(switches.map(({ device }) => device)).toEqual([...isSwitch].sort((a, b) => a - b));
  const hostPorts: number[] = [];
  for (let d = 0; d < deviceCount; d++) {
    expect(firstPort[d + 1]! - firstPort[d]!).toBeLessThanOrEqual(1024);
    for (let port = firstPort[d]!; port < firstPort[d + 1]! && !isSwitch.has(d); port++) hostPorts.push(port);
  }
  expect([...nics.port]).toEqual(hostPorts);
  const fabricAddresses = [...nics.address].filter((_, nic) => nics.isScaleUp[nic] === 0);
  expect(new Set(fabricAddresses).size).toBe(fabricAddresses.length);
}
