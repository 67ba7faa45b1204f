import type { Scenario } from "./scenario.js";

/** Lanes of each data class: `src/resolve/lanes.ts`. */
export function laneCount({ topology, flowControl }: Pick<Scenario, "topology" | "flowControl">): 1 | 2 | 3 {
  return topology.kind === "dragonfly" && flowControl.kind !== "none" ? topology.lanes : 1;
}
