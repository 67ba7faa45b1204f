/** The round trip that congestion control takes for the base: the longest unloaded one. */
import type { Fabric } from "../plan/fabric.js";
import type { FlowGraph } from "../plan/flows.js";
import type { WireFormat } from "../plan/plan.js";
import { FlowPaths } from "./reach.js";

/**
 * Pairs of NICs that are looked at. In a regular fabric the first of a far pod is as far as any.
 */
const MAX_PAIRS = 512;

/** What an unloaded round trip depends on. */
export interface UnloadedNetwork {
  readonly fabric: Fabric;
  readonly wire: WireFormat;
  readonly nicLatencyPs: Float64Array;
}

/**
 * From the start of a full packet's transmission to the processing of its ACK, in ps, on a network
 * without other traffic. NICs of scale-up networks do not count.
 *
 * A regular fabric has one such time, whoever sends: the longest from its first NIC to up to 512
 * others, spread evenly. On a listed one it is the longest over the flows, each over the slowest of
 * its ways. So links and hosts that no flow uses make no difference.
 * @param waitPs By port: what data packets wait there besides, in ps.
 */
export function longestRttPs(network: UnloadedNetwork, flows: FlowGraph, waitPs?: Float64Array): number {
  const { fabric } = network;
  const candidates = isListed(fabric) ? "all" : "first";
  const ways = { there: new FlowPaths(fabric, candidates, waitPs), back: new FlowPaths(fabric, candidates) };
  const pairs = isListed(fabric) ? pairsOf(fabric, ways.back, flows) : farPairs(fabric);
  return pairs.reduce((longest, [from, to]) => Math.max(longest, rttPs(network, ways, [from, to])), 0);
}

/** Of data packets, and of their answers. */
interface Ways {
  readonly there: FlowPaths;
  readonly back: FlowPaths;
}

/** Whether links were listed one by one: then switches route by table. */
export function isListed({ switches }: Fabric): boolean {
  return switches.some(({ routing }) => routing.kind === "table");
}

type Pair = readonly [from: number, to: number];

function farPairs({ nics }: Fabric): Pair[] {
  const outward: number[] = [];
  for (let nic = 0; nic < nics.count; nic++) if (nics.isScaleUp[nic] === 0) outward.push(nic);
  const step = Math.max(1, Math.floor(outward.length / MAX_PAIRS));
  const pairs: Pair[] = [];
  for (let i = outward.length - 1; i > 0; i -= step) pairs.push([outward[0]!, outward[i]!]);
  return pairs;
}

/** Ends of the flows; of those whose hosts hang alike on the same two switches, one pair. */
function pairsOf(fabric: Fabric, paths: FlowPaths, { count, srcNic, dstNic }: FlowGraph): Pair[] {
  const { nics, portClass, peerPort } = fabric;
  const endOf = (nic: number) => {
    const port = nics.port[nic]!;
    return `${paths.leafOf(nic)} ${portClass[port]} ${portClass[peerPort[port]!]}`;
  };
  const ends = Array.from({ length: nics.count }, (_, nic) => endOf(nic));
  const pairs = new Map<string, Pair>();
  for (let flow = 0; flow < count; flow++) {
    const [src, dst] = [srcNic[flow]!, dstNic[flow]!];
    pairs.set(`${ends[src]} ${ends[dst]}`, [src, dst]);
  }
  return [...pairs.values()];
}

function rttPs({ fabric, wire, nicLatencyPs }: UnloadedNetwork, { there, back }: Ways, [from, to]: Pair): number {
  const { nics, linkClasses, portClass } = fabric;
  const { headerBytes, gapBytes, ackBytes } = wire;
  const { mtuBytes } = linkClasses[portClass[nics.port[from]!]!]!;
  const therePs = there.slowestPs({ from, to, wireBytes: mtuBytes + headerBytes + gapBytes });
  const backPs = back.slowestPs({ from: to, to: from, wireBytes: ackBytes + gapBytes });
  return therePs + nicLatencyPs[to]! + backPs + nicLatencyPs[from]!;
}
