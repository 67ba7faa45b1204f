import type { Fabric } from "../../plan/fabric.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { buildCustom } from "./custom.js";
import { buildFatTree } from "./fat-tree.js";
import { timelineOf } from "./faults.js";
import { buildLeafSpine } from "./leaf-spine.js";
import { buildRailOptimized } from "./rail-optimized.js";
import { withSwappedCables } from "./swapped-cables.js";
import { foldTimeline } from "./timeline.js";

const CLOS_BUILDERS = {
  "leaf-spine": buildLeafSpine,
  "fat-tree": buildFatTree,
  "rail-optimized": buildRailOptimized,
};

/**
 * The fabric of a scenario, its faults applied.
 * @throws PlanError where it cannot be built, or a fault names a link that does not exist.
 */
export function buildFabric(scenario: Scenario): Fabric {
  const { topology } = scenario;
  const fabric =
    topology.kind === "custom" ? buildCustom(scenario, topology) : CLOS_BUILDERS[topology.kind](scenario, topology);
  const wired = withSwappedCables(fabric, scenario.faults);
  return foldTimeline(wired, timelineOf(wired, scenario.faults)).fabric;
}
