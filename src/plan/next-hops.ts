import { type Fabric, UNREACHABLE } from "./fabric.js";

/**
 * Global ports that a switch may send a packet for `address` out of, in group order; empty where
 * there is no path.
 */
export function nextPorts(fabric: Fabric, switchNumber: number, address: number): readonly number[] {
  const { device, routing } = fabric.switches[switchNumber]!;
  const firstPort = fabric.firstPort[device]!;
  if (routing.kind === "table") {
    const group = routing.groupOf[address] ?? UNREACHABLE;
    return group === UNREACHABLE ? [] : routing.groups[group]!.map((local) => firstPort + local);
  }
  const { low, high, stride, downBase, downWidth, upBase, upCount } = routing;
  if (address < low || address >= high) return consecutive(firstPort + upBase, upCount);
  const child = Math.floor((address - low) / stride);
  return consecutive(firstPort + downBase + child * downWidth, downWidth);
}

function consecutive(base: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => base + i);
}
