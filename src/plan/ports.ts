/** What ports of a fabric belong to, by global port. */
import type { Fabric } from "./fabric.js";

export function devicesOfPorts({ deviceCount, firstPort, peerPort }: Fabric): Uint32Array {
  const devices = new Uint32Array(peerPort.length);
  for (let device = 0; device < deviceCount; device++) {
    devices.fill(device, firstPort[device], firstPort[device + 1]);
  }
  return devices;
}

/** Numbers of switches; -1 at hosts. */
export function switchesOfPorts({ switches, firstPort, peerPort }: Fabric): Int32Array {
  const numbers = new Int32Array(peerPort.length).fill(-1);
  switches.forEach(({ device }, number) => {
    numbers.fill(number, firstPort[device], firstPort[device + 1]);
  });
  return numbers;
}
