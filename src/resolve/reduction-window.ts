/** Windows of operations with which members send at full rate. */
import type { Fabric } from "../plan/fabric.js";
import type { FlowGraph } from "../plan/flows.js";
import type { WireFormat } from "../plan/plan.js";
import { NONE, type ReductionNodes } from "../plan/reduction.js";

/** What the round trip of a member's packet depends on. */
export interface ReducingNetwork {
  readonly fabric: Fabric;
  readonly flows: FlowGraph;
  readonly wire: WireFormat;
  readonly nicLatencyPs: Float64Array;
}

/**
 * By operation: the full packets that the fastest member sends between the start of one and its
 * return, over the slowest way to the root and back. With that many under way, no member waits in a
 * network without other traffic. No more than there are.
 * @param unitPs latency of the reduction unit of a switch
 */
export function fullWindow(
  { fabric, flows, wire, nicLatencyPs }: ReducingNetwork,
  nodes: ReductionNodes,
  unitPs: (sw: number) => number,
): Uint32Array {
  const { firstPort, peerPort, portClass, linkClasses, switches, nics } = fabric;
  const overheadBytes = wire.headerBytes + wire.gapBytes;
  const portOf = (node: number, local: number) => firstPort[switches[nodes.switchNumber[node]!]!.device]! + local;
  const wireOf = (port: number, mtuBytes: number) => {
    const { rateBps, propagationPs, fecPs } = linkClasses[portClass[port]!]!;
    return { ps: ((mtuBytes + overheadBytes) * 8e12) / rateBps, flightPs: propagationPs + fecPs };
  };
  /** By node: from the arrival of a contribution to that of the sum at the root, and back. */
  const roundPs = new Float64Array(nodes.count);
  const count = nodes.operation.reduce((most, operation) => Math.max(most, operation + 1), 0);
  const longestPs = new Float64Array(count);
  const fastestPs = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const packets = new Uint32Array(count);
  for (let node = 0; node < nodes.count; node++) {
    const operation = nodes.operation[node]!;
    const { latencyPs } = switches[nodes.switchNumber[node]!]!;
    const above = nodes.parent[node]!;
    const ownPs = latencyPs + unitPs(nodes.switchNumber[node]!);
    if (above === NONE) {
      roundPs[node] = ownPs;
    } else {
      const up = portOf(node, nodes.parentPort[node]!);
      const [there, back] = [up, peerPort[up]!].map((port) => wireOf(port, linkClasses[portClass[port]!]!.mtuBytes));
      roundPs[node] = ownPs + there!.ps + there!.flightPs + roundPs[above]! + back!.ps + back!.flightPs + latencyPs;
    }
    for (let i = nodes.childFirst[node]!; i < nodes.childFirst[node + 1]!; i++) {
      if (nodes.childNode[i] !== NONE) continue;
      const flow = nodes.childFlow[i]!;
      const nic = flows.srcNic[flow]!;
      const port = nics.port[nic]!;
      const { mtuBytes } = linkClasses[portClass[port]!]!;
      const [there, back] = [port, peerPort[port]!].map((at) => wireOf(at, mtuBytes));
      const tripPs = there!.ps + there!.flightPs + roundPs[node]! + back!.ps + back!.flightPs + nicLatencyPs[nic]!;
      longestPs[operation] = Math.max(longestPs[operation]!, tripPs);
      fastestPs[operation] = Math.min(fastestPs[operation]!, there!.ps);
      packets[operation] = Math.ceil(flows.chunkBytes[flow]! / mtuBytes) * flows.chunks[flow]!;
    }
  }
  return Uint32Array.from(packets, (all, operation) =>
    Math.max(1, Math.min(all, MAX_PACKETS, Math.ceil(longestPs[operation]! / fastestPs[operation]!) + 1)),
  );
}

/** What a member may have under way at most, whatever the rate needs: memory has an end. */
const MAX_PACKETS = 2 ** 16;
