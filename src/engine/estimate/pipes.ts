/**
 * Links as the estimate sees them. A pipe is one direction of a link, or, where a policy spreads
 * packets, all directions that traffic is spread over alike: the uplinks of a leaf, all links from
 * a pod to the cores. A place is where packets arrive: a switch, the switches that share their
 * traffic, or a group of hosts.
 */

import { bytesSetApart } from "../../plan/class-rules.js";
import type { RangeRouting, SwitchSpec } from "../../plan/fabric.js";
import type { RunPlan } from "../../plan/plan.js";
import { spreadsPackets } from "../../plan/policies/routing.js";
import { devicesOfPorts } from "../../plan/ports.js";
import type { Timing } from "../core/timing.js";

const DYNAMIC_XOFF = 0xffffffff;

export interface Pipe {
  /** One of its ports. */
  readonly port: number;
  /** Links side by side. */
  ports: number;
  bytesPerPs: number;
  /** From the end of a packet's transmission to its effect, in ps. */
  readonly delayPs: number;
  /** Where it leads, and where it comes from. */
  readonly to: number;
  readonly from: number;
  readonly isFromHost: boolean;
  /**
   * Blocks between credit updates the other way; Infinity where there are none. And from an
   * update's transmission to its effect.
   */
  readonly updateBlocks: number;
  readonly updateDelayPs: number;
}

export interface Place {
  /** One of its devices. */
  readonly device: number;
  /** Devices that make it up. */
  devices: number;
  readonly isSwitch: boolean;
  /** PFC or credit, or tail drop. */
  readonly isLossless: boolean;
  /** Sum of the buffers, and of their parts that ports share. */
  bufferBytes: number;
  sharedBytes: number;
  /** Of one ingress port: reserve, static threshold (Infinity where dynamic), 2^-shift. */
  readonly reserveBytes: number;
  readonly xoffBytes: number;
  readonly alpha: number;
}

/** Finds pipes and places as flows are walked over them. */
export class Network {
  readonly pipes: Pipe[] = [];
  readonly places: Place[] = [];
  /**
   * Switch number of a device, -1 for hosts; device and NIC of a port, -1 for ports of switches.
   */
  readonly switchOf: Int32Array;
  readonly deviceOf: Uint32Array;
  readonly #spreads: boolean;
  readonly #pipeOfPort: Int32Array;
  readonly #placeOfDevice: Int32Array;
  readonly #byKey = new Map<string, number>();

  constructor(
    readonly plan: RunPlan,
    readonly timing: Timing,
  ) {
    const { fabric } = plan;
    this.#spreads = spreadsPackets(plan.routing.policy);
    this.#pipeOfPort = new Int32Array(fabric.peerPort.length).fill(-1);
    this.#placeOfDevice = new Int32Array(fabric.deviceCount).fill(-1);
    this.switchOf = new Int32Array(fabric.deviceCount).fill(-1);
    this.deviceOf = devicesOfPorts(fabric);
    fabric.switches.forEach(({ device }, number) => {
      this.switchOf[device] = number;
    });
    if (this.#spreads) this.#bundle();
  }

  /** Pipe of the direction that leaves a port. */
  pipeAt(port: number): number {
    const known = this.#pipeOfPort[port]!;
    if (known >= 0) return known;
    const number = this.#newPipe(port);
    this.#pipeOfPort[port] = number;
    return number;
  }

  placeAt(device: number): number {
    const known = this.#placeOfDevice[device]!;
    if (known >= 0) return known;
    const place = this.places.push(this.#newPlace(device)) - 1;
    this.#placeOfDevice[device] = place;
    return place;
  }

  /**
   * Joins what is above and below the same addresses. Only address arithmetic tells; ports of
   * tables stay single.
   */
  #bundle(): void {
    const { switches, firstPort, peerPort } = this.plan.fabric;
    for (const sw of switches) this.#joinPlace(sw);
    for (const sw of switches) {
      if (sw.routing.kind !== "range") continue;
      const { routing } = sw;
      const first = firstPort[sw.device]!;
      for (let port = first; port < firstPort[sw.device + 1]!; port++) {
        const below = this.switchOf[this.deviceOf[peerPort[port]!]!]!;
        const isUp = port - first >= routing.upBase && port - first < routing.upBase + routing.upCount;
        if (!isUp && below < 0) continue;
        const spec = isUp ? sw : switches[below]!;
        if (spec.routing.kind === "range") this.#joinPipe(`${isUp} ${keyOf(spec, spec.routing)}`, port);
      }
    }
  }

  #joinPlace(sw: SwitchSpec): void {
    if (sw.routing.kind !== "range" || sw.level === "nvswitch") return;
    const key = `place ${keyOf(sw, sw.routing)}`;
    const known = this.#byKey.get(key);
    if (known === undefined) {
      this.#byKey.set(key, this.placeAt(sw.device));
      return;
    }
    const place = this.places[known]!;
    const added = this.#newPlace(sw.device);
    place.devices += 1;
    place.bufferBytes += added.bufferBytes;
    place.sharedBytes += added.sharedBytes;
    this.#placeOfDevice[sw.device] = known;
  }

  #joinPipe(key: string, port: number): void {
    const known = this.#byKey.get(key);
    if (known === undefined) {
      this.#byKey.set(key, this.pipeAt(port));
      return;
    }
    const pipe = this.pipes[known]!;
    pipe.ports += 1;
    pipe.bytesPerPs += this.#bytesPerPs(port);
    this.#pipeOfPort[port] = known;
  }

  #newPipe(port: number): number {
    const { peerPort } = this.plan.fabric;
    const from = this.deviceOf[port]!;
    return (
      this.pipes.push({
        port,
        ports: 1,
        bytesPerPs: this.#bytesPerPs(port),
        delayPs: this.timing.packetDelayPs[port]!,
        to: this.placeAt(this.deviceOf[peerPort[port]!]!),
        from: this.placeAt(from),
        isFromHost: this.switchOf[from]! < 0,
        updateBlocks: this.plan.flowControl.credit?.updateBlocks[peerPort[port]!] || Number.POSITIVE_INFINITY,
        updateDelayPs: this.timing.pauseDelayPs[peerPort[port]!]!,
      }) - 1
    );
  }

  #bytesPerPs(port: number): number {
    const { portClass, linkClasses } = this.plan.fabric;
    return linkClasses[portClass[port]!]!.rateBps / 8e12;
  }

  #newPlace(device: number): Place {
    const { fabric, flowControl } = this.plan;
    const { reserveBytes, xoffBytes, alphaShift } = flowControl.ports;
    const number = this.switchOf[device]!;
    const [first, end] = [fabric.firstPort[device]!, fabric.firstPort[device + 1]!];
    const bufferBytes = number < 0 ? 0 : fabric.switches[number]!.bufferBytes;
    const sharedBytes = bufferBytes - bytesSetApart(this.plan, number, first, end);
    const creditBytes = number < 0 ? 0 : bufferBehind(this.plan, first);
    if (creditBytes > 0) return { ...ONE_SWITCH, device, bufferBytes, sharedBytes: 0, reserveBytes: creditBytes };
    return {
      device,
      devices: 1,
      isSwitch: number >= 0,
      isLossless: number >= 0 && flowControl.lossless[number] === 1,
      bufferBytes,
      sharedBytes,
      reserveBytes: reserveBytes[first]!,
      xoffBytes: xoffBytes[first] === DYNAMIC_XOFF ? Number.POSITIVE_INFINITY : xoffBytes[first]!,
      alpha: 2 ** -alphaShift[first]!,
    };
  }
}

/** Where links are on credit, ports have nothing but what is theirs alone. */
const ONE_SWITCH = { devices: 1, isSwitch: true, isLossless: true, xoffBytes: 0, alpha: 0 } as const;

/** Bytes of the receive buffers of a port, of all data classes; 0 where it has none. */
function bufferBehind({ flowControl: { credit }, dataClasses }: RunPlan, port: number): number {
  return credit === null ? 0 : dataClasses.length * credit.bufferBlocks[port]! * credit.blockBytes;
}

function keyOf({ level }: SwitchSpec, { low, high }: RangeRouting): string {
  return `${level} ${low} ${high}`;
}
