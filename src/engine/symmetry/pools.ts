/** Buffers of switches of which only a part is simulated, or which are simulated in pieces. */
import type { RunPlan } from "../../plan/plan.js";
import type { Classes } from "./classes.js";
import type { Skeleton } from "./skeleton.js";

/**
 * By device of the skeleton, in bytes: what its ports share. A switch shares its pool between all
 * that comes to it. Where `n` copies of what arrives at the small switch come to one real switch,
 * or at several small ones together, each gets an n-th: as long as that never holds up or drops a
 * packet, the whole pool, with all of them, does not either. 0 at hosts.
 */
export function poolsOf(classes: Classes, skeleton: Skeleton): Float64Array {
  const { plan, deviceOf, ports: usedPorts, placeOf } = classes.parts.usage;
  const { firstPort, usage } = classes.parts;
  const { fabric } = plan;
  const smallOf = new Map<number, number>();
  skeleton.devices.forEach(({ isSwitch, ports }, device) => {
    if (isSwitch) for (const port of ports) if (port.in >= 0) smallOf.set(port.in, device);
  });
  // Real device to small device to class that arrives to how often.
  const arrivals = new Map<number, Map<number, Map<number, number>>>();
  usedPorts.forEach((port) => {
    if (usage.nicOf[port]! >= 0) return;
    const arriving = classes.classOf[firstPort + placeOf[fabric.peerPort[port]!]!]!;
    const small = smallOf.get(arriving);
    const bySmall = entry(arrivals, deviceOf[port]!, () => new Map<number, Map<number, number>>());
    // What other runs simulate takes its part of the pool, too.
    const counts = entry(bySmall, small ?? -1 - arriving, () => new Map<number, number>());
    counts.set(arriving, (counts.get(arriving) ?? 0) + 1);
  });
  const pools = new Float64Array(skeleton.devices.length).fill(Number.POSITIVE_INFINITY);
  for (const [device, bySmall] of arrivals) {
    let shares = 0;
    for (const counts of bySmall.values()) shares += Math.max(...counts.values());
    const share = Math.floor(sharedBytes(plan, usage.switchOf[device]!) / shares);
    for (const small of bySmall.keys()) if (small >= 0) pools[small] = Math.min(pools[small]!, share);
  }
  return pools.map((bytes) => (Number.isFinite(bytes) ? Math.max(0, bytes) : 0));
}

/** With PFC what is left of the buffer beside headroom and reserves, else all of it. */
export function sharedBytes({ fabric, flowControl, dataClasses }: RunPlan, switchNumber: number): number {
  const { device, bufferBytes } = fabric.switches[switchNumber]!;
  if (flowControl.lossless[switchNumber] === 0) return bufferBytes;
  const kept = keptBytes(flowControl, fabric.firstPort[device]!, fabric.firstPort[device + 1]!);
  return bufferBytes - dataClasses.length * kept;
}

/** Headroom and reserves of a range of ports, for one data class. */
export function keptBytes({ ports }: RunPlan["flowControl"], firstPort: number, endPort: number): number {
  let kept = 0;
  for (let port = firstPort; port < endPort; port++) kept += ports.headroomBytes[port]! + ports.reserveBytes[port]!;
  return kept;
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
