/** Numbers of a scenario that make no difference to its run. */

import { LINK_LEVEL_NAMES } from "../../plan/levels.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { topologyFacts } from "../../scenario/types/topology-facts.js";
import type { ScenarioIssue } from "../../util/issue.js";

/** What the scenario's own rules say of a value that makes no difference. */
export function unusedReason(warnings: readonly ScenarioIssue[], name: string): string | undefined {
  const covers = (path: string) => path !== "" && isWithin(name, path);
  return warnings.find(({ path, message }) => covers(path) && message.startsWith("has no effect"))?.message;
}

const TIERS = ["one tier has", "two tiers have", "three tiers have"];

/** Why a setting of links makes no difference to a fabric without their level. */
export function missingLevelReason(name: string, topology: Scenario["topology"]): string | undefined {
  const { levels, tiers } = topologyFacts(topology);
  const missing = LINK_LEVEL_NAMES.find((level) => isWithin(name, `links.${level}`) && !levels.includes(level));
  return missing && `has no effect: ${TIERS[tiers - 1]} no ${missing} level`;
}

/** It is the other, or a part of it. */
export function isWithin(name: string, other: string): boolean {
  return name === other || name.startsWith(`${other}.`) || name.startsWith(`${other}[`);
}
