import type { Fabric, Way } from "../../plan/fabric.js";
import { nextPorts } from "../../plan/next-hops.js";
import { switchesOfPorts } from "../../plan/ports.js";
import type { NicParams } from "../../scenario/types/devices.js";
import type { RankLayout } from "../ranks.js";

/** Time from one rank to another on an idle network, without serialization, in ps. */
export type WayTimes = (from: number, to: number) => number;

/** A port that a packet leaves by, and the number of the switch that has it; -1 for a NIC. */
interface Hop {
  readonly port: number;
  readonly at: number;
}

/**
 * Ports along the first of the ways between two NICs, the sender's first. Where faults leave no
 * way, those up to there.
 */
export function firstWay(fabric: Fabric): (way: Way) => Hop[] {
  const { nics, peerPort, switches } = fabric;
  const switchOfPort = switchesOfPorts(fabric);
  return ({ src, dst }) => {
    const hops: Hop[] = [];
    let hop: Hop | undefined = { port: nics.port[src]!, at: -1 };
    // No way crosses a switch twice.
    while (hop !== undefined && hops.length <= switches.length) {
      hops.push(hop);
      const at: number = switchOfPort[peerPort[hop.port]!]!;
      const port: number | undefined = at < 0 ? undefined : nextPorts(fabric, at, nics.address[dst]!)[0];
      hop = port === undefined ? undefined : { port, at };
    }
    return hops;
  };
}

/**
 * Latencies of NICs, links and switches along the first of the ways between two ranks. Faults that
 * leave no way make it the way up to there.
 */
export function wayTimes(fabric: Fabric, layout: RankLayout, nic: NicParams): WayTimes {
  const { nics, portClass, linkClasses, switches } = fabric;
  const hopsOf = firstWay(fabric);
  const hopPs = ({ port, at }: Hop) => {
    const { propagationPs, fecPs } = linkClasses[portClass[port]!]!;
    return propagationPs + fecPs + (at < 0 ? 0 : switches[at]!.latencyPs);
  };
  return (from, to) => {
    const relay = layout.relayOf(from, to);
    if (relay >= 0) return alongPs(from, relay) + alongPs(relay, to);
    return alongPs(from, to);
  };
  function alongPs(from: number, to: number): number {
    const way = layout.waysOf(from, to)[0]!;
    const endPs = nics.isScaleUp[way.src] === 1 ? nic.scaleUpLatencyPs : nic.latencyPs;
    return hopsOf(way).reduce((sumPs, hop) => sumPs + hopPs(hop), 2 * endPs);
  }
}
