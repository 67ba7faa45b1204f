import { allToAll, incast, permutation, shift } from "../patterns.js";
import type { FlowSpec, Workload } from "../scenario.js";
import type { Sections } from "../schema/sections.js";

type WrittenFlows = Extract<Sections["workload"], { kind: "flows" }>;

export type WrittenRank = NonNullable<WrittenFlows["target"]>;

/** Ranks of a topology. */
export function rankCount(topology: Sections["topology"]): number {
  return topology.kind === "custom" ? topology.hosts.length : topology.gpus;
}

/** Numbers of written ranks; null for a name that no host has. */
export function rankNumbers(topology: Sections["topology"]): (rank: WrittenRank) => number | null {
  const names = new Map(topology.kind === "custom" ? topology.hosts.map((name, rank) => [name, rank]) : []);
  return (rank) => (typeof rank === "number" ? rank : (names.get(rank) ?? null));
}

/** The workload with its flows spelled out. The rules have been checked. */
export function resolveWorkload({ workload, topology, seed }: Sections): Workload {
  if (workload.kind === "flows") return { kind: "flows", flows: resolveFlows(workload, topology, seed) };
  return {
    kind: "collective",
    collective: workload.collective,
    algorithm: workload.algorithm,
    sizeBytes: workload.size,
    chunkBytes: workload.chunk,
    channels: workload.channels,
    reductionDelayPs: workload.reductionDelay,
  };
}

function resolveFlows(workload: WrittenFlows, topology: Sections["topology"], seed: number): FlowSpec[] {
  const numberOf = rankNumbers(topology);
  if (workload.flows !== undefined) {
    return workload.flows.map(({ src, dst, size, start }) => ({
      src: numberOf(src)!,
      dst: numberOf(dst)!,
      bytes: size,
      startPs: start,
    }));
  }
  const ranks = rankCount(topology);
  const message = { bytes: workload.size!, startPs: workload.start ?? 0 };
  switch (workload.pattern!) {
    case "permutation":
      return permutation(ranks, workload.seed ?? seed, message);
    case "incast":
      return incast(ranks, numberOf(workload.target ?? 0)!, workload.senders ?? ranks - 1, message);
    case "all-to-all":
      return allToAll(ranks, workload.fanOut ?? ranks - 1, message);
    case "ring":
      return shift(ranks, 1, message);
    case "shift":
      return shift(ranks, workload.by ?? 1, message);
  }
}
