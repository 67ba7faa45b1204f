/** Ranks as they are written: by number, or by the name that results print. */
import type { Sections } from "../schema/sections.js";
import { topologyFacts } from "../types/topology-facts.js";
import { hostsInOrder } from "./links.js";

export type WrittenRank = number | string;

/** A fabric, or the part of it that a job has. */
export type Ranked = Sections["topology"] & {
  /** Of a job: its ranks as the fabric numbers them. */
  readonly ofJob?: readonly number[];
  /** Of sites, whose ranks add up: how many the job has, and how many of a node. */
  readonly jobRanks?: number;
  readonly jobNodeSize?: number;
};

/** Ranks of a topology. */
export function rankCount(topology: Sections["topology"]): number {
  return topologyFacts(topology).ranks;
}

/**
 * Numbers of written ranks; null for a name that none has. Hosts have the names that are given,
 * GPUs are `gpu-0`, `gpu-1`, …
 */
export function rankNumbers(topology: Ranked): (rank: WrittenRank) => number | null {
  if (topology.kind !== "custom") {
    const { ofJob } = topology;
    const inJob = ofJob && new Map(ofJob.map((rank, number) => [rank, number]));
    return (rank) => {
      if (typeof rank === "number") return rank;
      const number = /^gpu-(0|[1-9]\d{0,6})$/.exec(rank)?.[1];
      if (number === undefined) return null;
      return inJob === undefined ? Number(number) : (inJob.get(Number(number)) ?? null);
    };
  }
  const names = new Map(hostsInOrder(topology).map((name, rank) => [name, rank]));
  return (rank) => (typeof rank === "number" ? rank : (names.get(rank) ?? null));
}

/** Names of devices that are written as ranks' numbers or by name. */
export function deviceNames(topology: Sections["topology"]): (device: WrittenRank) => string {
  const hosts = topology.kind === "custom" ? hostsInOrder(topology) : undefined;
  const nameOf = (rank: number) => hosts?.[rank] ?? `gpu-${rank}`;
  return (device) => (typeof device === "number" ? nameOf(device) : device);
}
