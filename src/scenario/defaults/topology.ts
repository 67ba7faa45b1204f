import type { Sections } from "../schema/sections.js";
import type { Topology } from "../types/scenario.js";
import { resolveCustom } from "./links.js";

export function resolveTopology({ topology, links }: Sections): Topology {
  if (topology.kind === "custom") return resolveCustom(topology, links);
  const { kind, gpus, gpusPerNode, radix, tiers, oversubscription } = topology;
  const spines = topology.kind === "fat-tree" ? undefined : topology.spines;
  const scaleUp = hasScaleUp(topology);
  return { kind, gpus, gpusPerNode, radix, tiers, oversubscription, scaleUp, ...(spines !== undefined && { spines }) };
}

/** Nodes of several GPUs have a scale-up network unless told otherwise. */
export function hasScaleUp(topology: Sections["topology"]): boolean {
  return topology.kind !== "custom" && topology.gpusPerNode > 1 && topology.scaleUp !== false;
}
