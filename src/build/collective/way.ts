import type { Fabric } from "../../plan/fabric.js";
import { nextPorts } from "../../plan/next-hops.js";
import type { NicParams } from "../../scenario/types/devices.js";
import type { RankLayout } from "../ranks.js";

/** Time from one rank to another on an idle network, without serialization, in ps. */
export type WayTimes = (from: number, to: number) => number;

/**
 * Latencies of NICs, links and switches along the first of the ways between two ranks. Faults that
 * leave no way make it the way up to there.
 */
export function wayTimes(fabric: Fabric, layout: RankLayout, nic: NicParams): WayTimes {
  const { nics, peerPort, portClass, linkClasses, switches, firstPort } = fabric;
  const switchOfPort = new Int32Array(peerPort.length).fill(-1);
  switches.forEach(({ device }, number) => {
    switchOfPort.fill(number, firstPort[device], firstPort[device + 1]);
  });
  const flightPs = (port: number) => {
    const { propagationPs, fecPs } = linkClasses[portClass[port]!]!;
    return propagationPs + fecPs;
  };
  return (from, to) => {
    const relay = layout.relayOf(from, to);
    if (relay >= 0) return alongPs(from, relay) + alongPs(relay, to);
    return alongPs(from, to);
  };
  function alongPs(from: number, to: number): number {
    const { src, dst } = layout.waysOf(from, to)[0]!;
    const isScaleUp = nics.isScaleUp[src] === 1;
    let sumPs = 2 * (isScaleUp ? nic.scaleUpLatencyPs : nic.latencyPs);
    let port = nics.port[src];
    // No way crosses a switch twice.
    for (let hops = 0; port !== undefined && hops <= switches.length; hops++) {
      sumPs += flightPs(port);
      const at = switchOfPort[peerPort[port]!]!;
      if (at < 0) break;
      sumPs += switches[at]!.latencyPs;
      port = nextPorts(fabric, at, nics.address[dst]!)[0];
    }
    return sumPs;
  }
}
