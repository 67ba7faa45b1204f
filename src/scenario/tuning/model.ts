/** NCCL's tuning model: `T = latency + bytes / bandwidth` for each algorithm and protocol. */

import type { Protocol } from "../../plan/protocols.js";
import type { NcclVersion, TunedAlgorithm } from "./constants.js";
import * as C from "./constants.js";
import type { TunedSystem } from "./system.js";

/** Collectives that the model knows. */
export const TUNED_COLLECTIVES = ["all-reduce", "all-gather", "reduce-scatter", "broadcast", "reduce"] as const;
export type TunedCollective = (typeof TUNED_COLLECTIVES)[number];

/** One way to do a collective. */
export interface Way {
  readonly collective: TunedCollective;
  readonly algorithm: TunedAlgorithm;
  readonly protocol: Protocol;
}

/** Whether NCCL has this way on such a system. */
export function isPossible({ collective, algorithm, protocol }: Way, system: TunedSystem): boolean {
  const isSpread = collective === "all-gather" || collective === "reduce-scatter";
  const hasNvls = system.hasNvlink && C.NVLS_EFFICIENCY[system.generation] > 0;
  switch (algorithm) {
    case "ring":
      return true;
    case "tree":
      return collective === "all-reduce";
    case "nvls":
      return protocol === "simple" && hasNvls && system.nodes === 1 && (isSpread || collective === "all-reduce");
    case "nvls-tree":
      return protocol === "simple" && hasNvls && system.nodes > 1 && collective === "all-reduce";
    case "pat":
      return protocol === "simple" && isSpread && system.nodes > 1 && system.ranksPerNode === 1;
  }
}

/** Latency of a step inside a node, in us. */
export function intraUs({ algorithm, protocol }: Pick<Way, "algorithm" | "protocol">, system: TunedSystem): number {
  const isLocal = algorithm === "ring" || algorithm === "tree";
  const hardware = !system.hasNvlink && isLocal ? C.PCIE_US[algorithm][protocol] : C.NVLINK_US[algorithm][protocol];
  if (algorithm !== "ring" || system.nodes === 1) return hardware;
  return Math.max(hardware, C.NET_OVERHEAD_US * (protocol === "simple" ? 3 : 1));
}

/** Latency of a step from node to node, in us. */
export function interUs(
  { algorithm, protocol }: Pick<Way, "algorithm" | "protocol">,
  { ranksPerNode }: TunedSystem,
  version: NcclVersion = "2.30",
): number {
  if (algorithm === "nvls-tree") return C.NVLS_TREE_NET_US[version];
  return C.NET_US[ranksPerNode === 1 && algorithm === "ring" ? "tree" : algorithm][protocol];
}

/** Latency of the whole, in us, without what large buffers add. */
export function latencyUs(way: Way, system: TunedSystem, version: NcclVersion = "2.30"): number {
  const { collective, algorithm, protocol } = way;
  const { nodes, ranksPerNode } = system;
  const [base, intra, inter] = [C.BASE_US[algorithm][protocol], intraUs(way, system), interUs(way, system, version)];
  const depth = Math.floor(Math.log2(nodes));
  switch (algorithm) {
    case "ring": {
      const between = nodes === 1 ? 0 : collective === "all-reduce" ? 2 * (nodes - 1) : nodes - 1;
      return base + (steps(collective, system) - between) * intra + between * inter;
    }
    case "tree":
      return base + 2 * ((ranksPerNode - 1) * intra + depth * inter);
    case "nvls":
      return intra + (nodes > 1 ? inter : 0);
    case "nvls-tree":
      return base + intra + 2 * depth * inter;
    case "pat":
      return base + (depth * inter) / 3.5 + 2.8 * nodes * ranksPerNode;
  }
}

/** Steps of a ring. */
function steps(collective: TunedCollective, { nodes, ranksPerNode }: TunedSystem): number {
  const ranks = nodes * ranksPerNode;
  if (collective === "all-reduce") return 2 * (ranks - 1);
  return collective === "all-gather" || collective === "reduce-scatter" ? ranks - 1 : ranks;
}

/** Algorithm bandwidth, in GB/s. */
export function bandwidthGBps(way: Way, system: TunedSystem): number {
  const { collective, algorithm } = way;
  const ranks = system.nodes * system.ranksPerNode;
  const perStep = ranks / steps(collective, system);
  switch (algorithm) {
    case "ring":
      return ringGBps(way.protocol, system) * perStep;
    case "tree":
      return treeGBps(way.protocol, system) / 2;
    case "nvls":
    case "nvls-tree":
      return nvlsGBps(way, system) * perStep;
    case "pat":
      return totalOf(system) * C.PAT;
  }
}

/** Bandwidth of a protocol by that of Simple. NVLS and PAT have Simple only. */
export function protocolShare(
  { algorithm, protocol }: Pick<Way, "algorithm" | "protocol">,
  system: TunedSystem,
): number {
  if (algorithm === "ring") return ringGBps(protocol, system) / ringGBps("simple", system);
  return algorithm === "tree" ? treeGBps(protocol, system) / treeGBps("simple", system) : 1;
}

/** What NVLS carries of the rate of the NVLinks; 1 for what GPUs do, and without NVLS. */
export function nvlsShare({ algorithm }: Pick<Way, "algorithm">, { generation }: TunedSystem): number {
  const isReducedInSwitch = algorithm === "nvls" || algorithm === "nvls-tree";
  return (isReducedInSwitch && C.NVLS_EFFICIENCY[generation]) || 1;
}

function totalOf({ ring: { count, gbps } }: TunedSystem): number {
  return count * gbps;
}

/** Index into tables by 1, 2, and more nodes. */
function nodeIndex({ nodes }: TunedSystem): 0 | 1 | 2 {
  return nodes === 1 ? 0 : nodes === 2 ? 1 : 2;
}

function llMax(system: TunedSystem): number {
  const table = system.nodes === 1 ? C.LL_MAX[system.generation] : C.LL_MAX_NET;
  return table[nodeIndex(system)];
}

function ringGBps(protocol: Protocol, system: TunedSystem): number {
  const total = totalOf(system);
  if (protocol === "ll") return Math.min(llMax(system), total * C.RING_LL);
  if (protocol === "simple") return total;
  return Math.min(total * C.RING_LL128, system.ring.count * C.RING_LL128_MAX[system.generation]);
}

/** Two nodes exchange halves of both trees, so each NIC counts twice. */
function treeGBps(protocol: Protocol, system: TunedSystem): number {
  const { generation, nodes, ring } = system;
  const index = nodeIndex(system);
  const total = totalOf(system) * (nodes === 2 ? 2 : 1);
  const bus = Math.min(total * C.TREE, ring.count * C.TREE_MAX[generation][index]);
  if (protocol === "simple") return bus * C.PLAIN_TREE;
  if (protocol === "ll") return Math.min(bus * C.TREE_LL, llMax(system)) * C.PLAIN_TREE;
  const share = nodes === 1 ? C.TREE_LL128.oneNode : C.TREE_LL128.several;
  return Math.min(bus * share, ring.count * C.TREE_LL128_MAX[generation][index]) * C.PLAIN_TREE;
}

function nvlsGBps(
  { collective, algorithm }: Way,
  { nodes, ranksPerNode, generation, ring, nvls }: TunedSystem,
): number {
  const { count } = nvls;
  const twice = collective === "all-reduce" ? 2 : (ranksPerNode - 1) / ranksPerNode;
  const inside = (nvls.gbps * C.NVLS_EFFICIENCY[generation] * (count - 1) * twice) / count;
  if (algorithm === "nvls") return count * Math.min(inside, nvls.gbps);
  const outside = (ring.count * ring.gbps * (nodes <= 2 ? 2 : 1)) / count;
  return count * Math.min(inside, outside, C.NVLS_TREE_MAX[generation][nodes === 2 ? 1 : 2]);
}

/** Factor of the latency at this size: rings with Simple over several nodes get slower. */
export function latencyFactor({ collective, algorithm, protocol }: Way, system: TunedSystem, bytes: number): number {
  const ranks = system.nodes * system.ranksPerNode;
  const isLarge = bytes / (system.ring.count * ranks) >= C.PLATEAU_BYTES;
  const isSlow = algorithm === "ring" && protocol === "simple" && system.nodes > 1 && collective === "all-reduce";
  return isSlow && isLarge ? C.PLATEAU_FACTOR[system.generation] : 1;
}

/** Time of a collective of `bytes`, in us: the size that nccl-tests prints. */
export function timeUs(way: Way, system: TunedSystem, bytes: number, version: NcclVersion = "2.30"): number {
  let gbps = bandwidthGBps(way, system);
  const power = Math.floor(Math.log2(bytes / 64));
  if (way.algorithm === "tree" && power >= 0) gbps *= C.TREE_CORRECTION[way.protocol][power] ?? 1;
  return latencyUs(way, system, version) * latencyFactor(way, system, bytes) + bytes / (1000 * gbps);
}
