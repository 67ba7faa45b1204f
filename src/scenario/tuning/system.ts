/** A cluster as NCCL's tuning model sees it. */
import { CHANNEL_GBPS, type Generation, NVLINK_SHARE } from "./constants.js";

export interface Hardware {
  readonly ranks: number;
  /** 1 where nodes have no scale-up network. */
  readonly ranksPerNode: number;
  /** Of a rank's scale-up links together; 0 without. */
  readonly scaleUpRateBps: number;
  /** Of the NIC of a rank. */
  readonly nicRateBps: number;
}

/** Channels of a graph, and what each of them carries in GB/s. */
export interface Channels {
  readonly count: number;
  readonly gbps: number;
}

export interface TunedSystem {
  readonly nodes: number;
  readonly ranksPerNode: number;
  readonly hasNvlink: boolean;
  readonly generation: Generation;
  readonly ring: Channels;
  readonly nvls: Channels;
}

const NVLS_CHANNELS = 16;
/** More channels than this are not doubled, from Hopper on, unless each is fast. */
const FEW_CHANNELS = 4;
const FAST_CHANNEL_GBPS = 50;
const SLOW_CHANNEL_GBPS = 25;

/**
 * What the search of NCCL would find: the generation follows from the rate of the scale-up links,
 * as parts of one generation have it (300, 450, 900 GB/s per GPU and direction).
 */
export function tunedSystem({ ranks, ranksPerNode, scaleUpRateBps, nicRateBps }: Hardware): TunedSystem {
  const hasNvlink = ranksPerNode > 1 && scaleUpRateBps > 0;
  const generation = hasNvlink ? generationOf(scaleUpRateBps / 8e9) : "hopper";
  const nodes = Math.max(1, Math.round(ranks / ranksPerNode));
  const nvlinkGBps = (scaleUpRateBps / 8e9) * NVLINK_SHARE[generation];
  const ring = nodes === 1 ? oneNode(nvlinkGBps) : severalNodes(ranksPerNode, nicRateBps / 8e9, generation);
  const nvls = { count: NVLS_CHANNELS, gbps: hasNvlink ? channelGBps(nvlinkGBps / NVLS_CHANNELS) : 0 };
  return { nodes, ranksPerNode, hasNvlink, generation, ring, nvls };
}

function generationOf(scaleUpGBps: number): Generation {
  if (scaleUpGBps >= 700) return "blackwell";
  if (scaleUpGBps >= 375) return "hopper";
  return scaleUpGBps >= 200 ? "ampere" : "volta";
}

/** Channels that use the most of the NVLinks; of equal ones the fastest. */
function oneNode(nvlinkGBps: number): Channels {
  let best: Channels = { count: 1, gbps: nvlinkGBps };
  let most = 0;
  for (const gbps of CHANNEL_GBPS.filter((each) => each <= 60 && each >= 12)) {
    const count = Math.floor(nvlinkGBps / gbps);
    if (count * gbps <= most) continue;
    most = count * gbps;
    best = { count, gbps };
  }
  return best;
}

/** A channel for each NIC, at the step of the search below its rate. */
function severalNodes(nics: number, nicGBps: number, generation: Generation): Channels {
  const gbps = channelGBps(nicGBps);
  const isNew = generation === "hopper" || generation === "blackwell";
  const staySingle = gbps < SLOW_CHANNEL_GBPS || (isNew && gbps < FAST_CHANNEL_GBPS && nics > FEW_CHANNELS);
  return staySingle ? { count: nics, gbps } : { count: 2 * nics, gbps: gbps / 2 };
}

function channelGBps(limit: number): number {
  return CHANNEL_GBPS.find((gbps) => gbps <= limit) ?? limit;
}
