import { viewPlan } from "../../src/answer/ideal/view.js";
import { placesOf } from "../../src/answer/topology/places.js";
import { resolvePlan } from "../../src/resolve/resolve.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";

/** A scenario with a small collective, its plan, and where its devices stand. */
export function fabricOf(topology: Record<string, unknown>, workload: Record<string, unknown> = {}) {
  const { scenario } = parseScenario({
    version: 1,
    topology,
    workload: { kind: "collective", size: "64KiB", ...workload },
  } as never);
  const resolved = resolvePlan(scenario);
  const view = viewPlan(resolved.plan);
  return { ...resolved, view, places: placesOf(view) };
}
