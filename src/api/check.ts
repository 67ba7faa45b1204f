import { checkAnyWay } from "../engine/run/run-memory.js";
import { located } from "../resolve/places.js";
import { resolvePlan } from "../resolve/resolve.js";
import { parseScenario } from "../scenario/parse/parse.js";
import { isScenario } from "../scenario/types/is-scenario.js";
import type { Scenario } from "../scenario/types/scenario.js";

/**
 * Builds all of a run but the run itself: what this accepts, `simulate` does not refuse for its
 * content. Errors name the settings at fault, with line and column where the scenario came from
 * text.
 * @throws ScenarioError where the input is wrong, PlanError where it cannot be built, CapacityError
 * where the core cannot hold it.
 */
export function checkScenario(input: Scenario | unknown): void {
  const scenario = isScenario(input) ? input : parseScenario(input).scenario;
  const { plan } = resolvePlan(scenario);
  located(scenario, () => checkAnyWay(plan));
}
