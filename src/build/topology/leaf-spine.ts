import type { Fabric } from "../../plan/fabric.js";
import type { ClosTopology, Scenario } from "../../scenario/types/scenario.js";
import { buildFatTree } from "./fat-tree.js";

/** Leaves, every one linked to every spine: the fat tree of two tiers. */
export function buildLeafSpine(scenario: Scenario, topology: ClosTopology): Fabric {
  return buildFatTree(scenario, { ...topology, tiers: 2 });
}
