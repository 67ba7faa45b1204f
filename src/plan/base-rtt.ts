/** The round trip that congestion control takes for the base: the longest of the fabric, unloaded. */
import type { Fabric } from "./fabric.js";
import { nextPorts } from "./next-hops.js";
import type { WireFormat } from "./plan.js";

/** Pairs of NICs that are looked at. In a regular fabric the first of a far pod is as far as any. */
const MOST_PAIRS = 512;

/** What an unloaded round trip depends on. */
export interface UnloadedNetwork {
  readonly fabric: Fabric;
  readonly wire: WireFormat;
  readonly nicLatencyPs: Float64Array;
}

/**
 * From the start of a full packet's transmission to the processing of its ACK, in ps, on a network without other traffic: the longest from the
 * first NIC of the fabric to up to 512 others, spread evenly. NICs of scale-up networks do not count.
 */
export function longestRttPs(network: UnloadedNetwork): number {
  const { nics } = network.fabric;
  const outward: number[] = [];
  for (let nic = 0; nic < nics.count; nic++) if (nics.isScaleUp[nic] === 0) outward.push(nic);
  const step = Math.max(1, Math.floor(outward.length / MOST_PAIRS));
  const locate = locator(network.fabric);
  let longestPs = 0;
  for (let i = outward.length - 1; i > 0; i -= step) {
    longestPs = Math.max(longestPs, rttPs(network, locate, outward[0]!, outward[i]!));
  }
  return longestPs;
}

/** Switch number of the switch that a port belongs to; -1 for a host. */
type Locator = (port: number) => number;

function locator({ deviceCount, firstPort, peerPort, switches }: Fabric): Locator {
  const switchOfPort = new Int32Array(peerPort.length).fill(-1);
  switches.forEach(({ device }, number) => {
    if (device < deviceCount) switchOfPort.fill(number, firstPort[device]!, firstPort[device + 1]!);
  });
  return (port) => switchOfPort[port]!;
}

function rttPs(network: UnloadedNetwork, locate: Locator, from: number, to: number): number {
  const { nics, linkClasses, portClass } = network.fabric;
  const { headerBytes, gapBytes, ackBytes } = network.wire;
  const mtuBytes = linkClasses[portClass[nics.port[from]!]!]!.mtuBytes;
  return (
    oneWayPs(network, locate, from, to, mtuBytes + headerBytes + gapBytes) +
    oneWayPs(network, locate, to, from, ackBytes + gapBytes)
  );
}

/** From the start of a packet's transmission to its processing; 0 where there is no path. */
function oneWayPs(
  { fabric, nicLatencyPs }: UnloadedNetwork,
  locate: Locator,
  from: number,
  to: number,
  wireBytes: number,
): number {
  const { nics, linkClasses, portClass, peerPort, switches } = fabric;
  let ps = 0;
  let port: number | undefined = nics.port[from]!;
  while (port !== undefined) {
    const { rateBps, propagationPs, fecPs } = linkClasses[portClass[port]!]!;
    ps += Math.round((wireBytes * 8e12) / rateBps) + propagationPs + fecPs;
    const next = locate(peerPort[port]!);
    if (next < 0) return ps + nicLatencyPs[to]!;
    ps += switches[next]!.latencyPs;
    port = nextPorts(fabric, next, nics.address[to]!)[0];
  }
  return 0;
}
