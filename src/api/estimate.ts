import { estimateHops } from "../engine/estimate/hops.js";
import { processBytes } from "../engine/estimate/index.js";
import { checkMemory } from "../engine/estimate/limit.js";
import { located } from "../resolve/places.js";
import { resolvePlan } from "../resolve/resolve.js";
import { parseScenario } from "../scenario/parse/parse.js";
import type { ScenarioDocument } from "../scenario/schema/sections.js";
import { isScenario } from "../scenario/types/is-scenario.js";
import type { Scenario } from "../scenario/types/scenario.js";

/** What a run will take. */
export interface RunEstimate {
  /**
   * All of it: the core's memory, what fast-forward keeps of it, and what describes the run beside
   * it.
   */
  readonly memoryBytes: number;
  /** Packets, data and acknowledgements, times links; without repetitions. */
  readonly packetHops: number;
}

/**
 * Estimates a run without simulating it.
 * @throws ScenarioError where the input is wrong, PlanError or CapacityError where it cannot be
 * built or held by the core.
 */
export function estimateRun(input: Scenario | ScenarioDocument): RunEstimate {
  const scenario = isScenario(input) ? input : parseScenario(input).scenario;
  const { plan } = resolvePlan(scenario);
  const memory = located(scenario, () => checkMemory(plan));
  return {
    memoryBytes: processBytes(memory) + memory.keptBytes,
    packetHops: Math.round(estimateHops(plan)),
  };
}
