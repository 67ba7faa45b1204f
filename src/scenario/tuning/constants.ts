/**
 * Constants of NCCL's tuning model, as its source has them (src/graph/tuning.cc, 2.30; of 2.27
 * where it differs). Nothing here is fitted. Times in us, bandwidths in GB/s (10^9 bytes).
 */
import type { Protocol } from "../../plan/protocols.js";

export type TunedAlgorithm = "ring" | "tree" | "nvls" | "nvls-tree" | "pat";
export type Generation = "volta" | "ampere" | "hopper" | "blackwell";
export type NcclVersion = "2.27" | "2.30";

type ByProtocol = Readonly<Record<Protocol, number>>;

function times(ll: number, ll128: number, simple: number): ByProtocol {
  return { ll, ll128, simple };
}

/** Of starting a kernel and of its ends. */
export const BASE_US: Readonly<Record<TunedAlgorithm, ByProtocol>> = {
  tree: times(6.8, 14, 8.4),
  ring: times(6.6, 14, 8.4),
  nvls: times(0, 0, 0),
  "nvls-tree": times(0, 0, 0),
  pat: times(8, 8, 8),
};

/** Of a step inside a node: over NVLink, or over PCIe. */
export const NVLINK_US: Readonly<Record<TunedAlgorithm, ByProtocol>> = {
  tree: times(0.6, 1.25, 4),
  ring: times(0.6, 1.9, 3.4),
  nvls: times(0, 0, 25),
  "nvls-tree": times(0, 0, 25),
  pat: times(0, 0, 4),
};
export const PCIE_US: Readonly<Record<"tree" | "ring", ByProtocol>> = {
  tree: times(1, 1.9, 4),
  ring: times(1, 2.5, 5.7),
};

/** Of a step from node to node. */
export const NET_US: Readonly<Record<TunedAlgorithm, ByProtocol>> = {
  tree: times(5, 8.5, 14),
  ring: times(2.7, 4, 14),
  nvls: times(0, 0, 18),
  "nvls-tree": times(0, 0, 20.9),
  pat: times(0, 0, 14),
};
/** NCCL 2.27 has another figure for this one step. */
export const NVLS_TREE_NET_US: Readonly<Record<NcclVersion, number>> = { "2.27": 14, "2.30": 20.9 };

/** What a step costs at least in a job of several nodes (Intel); three times that for Simple. */
export const NET_OVERHEAD_US = 1;
/** Ring, Simple, several nodes: latency from this number of bytes per channel and rank on. */
export const PLATEAU_BYTES = 64;
export const PLATEAU_FACTOR: Readonly<Record<Generation, number>> = {
  volta: 1.9,
  ampere: 1.4,
  hopper: 1.4,
  blackwell: 1.4,
};

/** By 1, 2, and 4 or more nodes. */
type ByNodes = readonly [number, number, number];

/** Most that LL carries: by generation in one node, by the CPU (Intel) in several. */
export const LL_MAX: Readonly<Record<Generation, ByNodes>> = {
  volta: [39, 39, 20.4],
  ampere: [87.7, 22.5, 19],
  hopper: [141, 45, 35],
  blackwell: [282, 90, 70],
};
export const LL_MAX_NET: ByNodes = LL_MAX.volta;

/** Most of a channel. */
export const RING_LL128_MAX: Readonly<Record<Generation, number>> = {
  volta: 20,
  ampere: 20,
  hopper: 36.7,
  blackwell: 40,
};
export const TREE_LL128_MAX: Readonly<Record<Generation, ByNodes>> = {
  volta: [20, 20, 20],
  ampere: [20, 20, 20],
  hopper: [36.7, 36.7, 29],
  blackwell: [55.6, 31.67, 20],
};
export const TREE_MAX: Readonly<Record<Generation, ByNodes>> = {
  volta: [26.5, 18.5, 10],
  ampere: [24, 23.6, 17.8],
  hopper: [38.7, 41.4, 36],
  blackwell: [70, 42.8, 24],
};
export const NVLS_TREE_MAX: Readonly<Record<Generation, ByNodes>> = {
  volta: [0, 0, 0],
  ampere: [0, 0, 0],
  hopper: [0, 57.7, 45.5],
  blackwell: [0, 96, 80],
};

export const NVLS_EFFICIENCY: Readonly<Record<Generation, number>> = {
  volta: 0,
  ampere: 0,
  hopper: 0.85,
  blackwell: 0.74,
};

/** Factors of bandwidth. */
export const RING_LL = 0.5;
export const RING_LL128 = 0.92;
export const TREE = 0.92;
export const TREE_LL = 1 / 3.8;
export const TREE_LL128 = { oneNode: 7 / 9, several: 120 / 128 } as const;
export const PLAIN_TREE = 0.85;
export const PAT = 0.75;

/** Of a tree's bandwidth, by protocol and by size in powers of two from 64 bytes on. */
export const TREE_CORRECTION: Readonly<Record<Protocol, readonly number[]>> = {
  ll: [1, 1, 1, 1, 0.9, 0.8, 0.7, 0.7, 0.7, 0.7, 0.6, 0.5, 0.4, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1, 1, 1, 1],
  ll128: [1, 1, 1, 1, 1, 0.9, 0.8, 0.8, 0.8, 0.7, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.8, 0.9, 0.9, 0.9, 0.9, 1, 1, 1],
  simple: [
    ...[0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.8, 0.7, 0.6, 0.6, 0.5],
    ...[0.5, 0.5, 0.5, 0.6, 0.7, 0.8, 0.7, 0.7, 0.8, 0.9, 0.9, 0.9],
  ],
};

/** What NCCL counts of the rate of a GPU's NVLinks: 20, 20, 20.6 of 25 GB/s, 40.1 of 50. */
export const NVLINK_SHARE: Readonly<Record<Generation, number>> = {
  volta: 0.8,
  ampere: 0.8,
  hopper: 0.824,
  blackwell: 0.802,
};

/** Bandwidths of a channel that its search tries, largest first. */
export const CHANNEL_GBPS: readonly number[] = [96, 48, 45, 42, 40, 30, 24, 20, 15, 12, 10, 9, 7, 6, 5, 4, 3, 2.4, 1.2];
