/** What keeps the fabric as it is where the rate of its links is varied. */
import { LINK_LEVEL_NAMES } from "../../plan/levels.js";
import { countsPorts } from "../../scenario/rules/clos.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { formatQuantity } from "../../scenario/types/units.js";

/**
 * The setting that has to go with another rate of a level, as a path and a value. Without it, the
 * fabric would be built anew for the other rate, with another number of switches.
 * @param name of the parameter that is varied
 * @param rateBps its value as it is
 * @returns undefined where the fabric stays as it is anyway
 */
export function portRateBeside(scenario: Scenario, name: string, rateBps: number): [string, string] | undefined {
  const level = LINK_LEVEL_NAMES.find((candidate) => name === `links.${candidate}.rate`);
  if (level === undefined || !countsPorts(scenario.topology, level)) return undefined;
  if (scenario.links[level]?.portRateBps !== undefined) return undefined;
  return [`links.${level}.portRate`, formatQuantity("rate", rateBps)];
}
