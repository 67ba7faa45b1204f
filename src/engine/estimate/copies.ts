/**
 * Where the parts of the traffic that are not followed go: to devices and links that none of the
 * followed flows uses, as far as there are any, and otherwise over the same ones. Rings and trees
 * of other channels take other rails, but the same nodes and spines.
 */
import type { Network } from "./pipes.js";

export interface Copies {
  /** By pipe and by place: likenesses elsewhere, itself included. */
  readonly ofPipe: Float64Array;
  readonly ofPlace: Float64Array;
  /** By pipe and by place: parts of the traffic that share it. */
  readonly overPipe: Float64Array;
  readonly atPlace: Float64Array;
}

/**
 * @param flowsOn by pipe: followed flows that use it
 * @param copies parts, the followed one included
 */
export function copiesOf(network: Network, flowsOn: Uint32Array, copies: number): Copies {
  const { pipes, places, plan, deviceOf, switchOf } = network;
  const { fabric } = plan;
  const elsewhere = {
    ofPipe: new Float64Array(pipes.length).fill(1),
    ofPlace: new Float64Array(places.length).fill(1),
  };
  if (copies > 1) {
    const kindOfDevice = (device: number) => fabric.switches[switchOf[device]!]?.level ?? "host";
    const kindOfPort = (port: number) =>
      `${kindOfDevice(deviceOf[port]!)} ${fabric.linkClasses[fabric.portClass[port]!]!.level} ${kindOfDevice(deviceOf[fabric.peerPort[port]!]!)}`;
    const [allPorts, usedPorts] = [new Map<string, number>(), new Map<string, number>()];
    for (let port = 0; port < fabric.peerPort.length; port++) add(allPorts, kindOfPort(port), 1);
    pipes.forEach(({ port, ports }, i) => {
      if (flowsOn[i]! > 0) add(usedPorts, kindOfPort(port), ports);
    });
    const [allDevices, usedDevices] = [new Map<string, number>(), new Map<string, number>()];
    for (let device = 0; device < fabric.deviceCount; device++) add(allDevices, kindOfDevice(device), 1);
    const isUsed = new Uint8Array(places.length);
    pipes.forEach(({ to, from }, i) => {
      if (flowsOn[i]! > 0) isUsed[to] = isUsed[from] = 1;
    });
    places.forEach(({ device, devices }, i) => {
      if (isUsed[i] === 1) add(usedDevices, kindOfDevice(device), devices);
    });
    const room = (all: Map<string, number>, used: Map<string, number>, kind: string) =>
      Math.min(copies, (all.get(kind) ?? 1) / (used.get(kind) ?? 1));
    pipes.forEach(({ port }, i) => {
      if (flowsOn[i]! > 0) elsewhere.ofPipe[i] = room(allPorts, usedPorts, kindOfPort(port));
    });
    places.forEach(({ device }, i) => {
      if (isUsed[i] === 1) elsewhere.ofPlace[i] = room(allDevices, usedDevices, kindOfDevice(device));
    });
  }
  return {
    ...elsewhere,
    overPipe: elsewhere.ofPipe.map((count) => copies / count),
    atPlace: elsewhere.ofPlace.map((count) => copies / count),
  };
}

function add(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}
