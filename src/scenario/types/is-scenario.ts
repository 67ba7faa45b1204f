import type { Scenario } from "./scenario.js";

/**
 * Tells a parsed scenario from the form that users write: the names of its fields end in their
 * units.
 */
export function isScenario(value: unknown): value is Scenario {
  if (typeof value !== "object" || value === null) return false;
  return "timeLimitPs" in value && typeof value.timeLimitPs === "number";
}
