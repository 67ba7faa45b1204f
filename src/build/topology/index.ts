import type { Fabric } from "../../plan/fabric.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { buildClos } from "./clos.js";
import { buildCustom } from "./custom.js";
import { timelineOf } from "./faults.js";
import { withRelays } from "./relays.js";
import { CLOS_SHAPES } from "./seating.js";
import { buildSites } from "./sites.js";
import { foldTimeline } from "./timeline.js";

/**
 * The fabric of a scenario, its faults applied.
 * @throws PlanError where it cannot be built, or a fault names a link that does not exist.
 */
export function buildFabric(scenario: Scenario): Fabric {
  const fabric = soundFabric(scenario);
  return foldTimeline(fabric, timelineOf(fabric, scenario.faults)).fabric;
}

function soundFabric(scenario: Scenario): Fabric {
  const { topology, links } = scenario;
  switch (topology.kind) {
    case "custom":
      return buildCustom(scenario, topology);
    case "multi-datacenter":
      return buildSites(scenario, topology);
    case "rail-only":
      return withRelays(buildClos(scenario, topology, CLOS_SHAPES[topology.kind](topology, links)), topology);
    default:
      return buildClos(scenario, topology, CLOS_SHAPES[topology.kind](topology, links));
  }
}
