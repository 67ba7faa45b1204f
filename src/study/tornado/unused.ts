/** Numbers of a scenario that make no difference to its run. */

import type { Scenario } from "../../scenario/types/scenario.js";
import type { ScenarioIssue } from "../../util/issue.js";

/** What the scenario's own rules say of a value that makes no difference. */
export function unusedReason(warnings: readonly ScenarioIssue[], name: string): string | undefined {
  const covers = (path: string) => path !== "" && isWithin(name, path);
  return warnings.find(({ path, message }) => covers(path) && message.startsWith("has no effect"))?.message;
}

/** Why a setting of links makes no difference to a fabric of this kind. */
export function missingLevelReason(name: string, topology: Scenario["topology"]): string | undefined {
  if (!isWithin(name, "links.core") || topology.kind === "custom" || topology.tiers !== 2) return undefined;
  return "has no effect: two tiers have no core level";
}

/** It is the other, or a part of it. */
export function isWithin(name: string, other: string): boolean {
  return name === other || name.startsWith(`${other}.`) || name.startsWith(`${other}[`);
}
