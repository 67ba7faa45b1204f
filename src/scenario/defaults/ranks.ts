/** Ranks as they are written: by number, or by the name that results print. */
import type { Sections } from "../schema/sections.js";

export type WrittenRank = number | string;

/** Ranks of a topology. */
export function rankCount(topology: Sections["topology"]): number {
  return topology.kind === "custom" ? topology.hosts.length : topology.gpus;
}

/**
 * Numbers of written ranks; null for a name that none has. Hosts have the names that are given,
 * GPUs are `gpu-0`, `gpu-1`, …
 */
export function rankNumbers(topology: Sections["topology"]): (rank: WrittenRank) => number | null {
  if (topology.kind !== "custom") {
    return (rank) => {
      if (typeof rank === "number") return rank;
      const number = /^gpu-(0|[1-9]\d{0,6})$/.exec(rank)?.[1];
      return number === undefined ? null : Number(number);
    };
  }
  const names = new Map(topology.hosts.map((name, rank) => [name, rank]));
  return (rank) => (typeof rank === "number" ? rank : (names.get(rank) ?? null));
}

/** Names of devices that are written as ranks' numbers or by name. */
export function deviceNames(topology: Sections["topology"]): (device: WrittenRank) => string {
  const nameOf = (rank: number) => (topology.kind === "custom" ? topology.hosts[rank] : undefined) ?? `gpu-${rank}`;
  return (device) => (typeof device === "number" ? nameOf(device) : device);
}
