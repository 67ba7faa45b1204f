import { type AvailabilityReport, availabilityReport } from "../answer/availability/report.js";
import { type NetworkCost, networkCost } from "../answer/cost/bill.js";
import { describeTopology as describe, type TopologyReport } from "../answer/result/topology-text.js";
import { estimateMemory, processBytes } from "../engine/estimate/index.js";
import { resolvePlan } from "../resolve/resolve.js";
import { parseScenario } from "../scenario/parse/parse.js";
import type { ScenarioDocument } from "../scenario/schema/sections.js";
import { isScenario } from "../scenario/types/is-scenario.js";
import type { Scenario } from "../scenario/types/scenario.js";

/** What Node takes with heddle loaded (measured: 85 to 95 MiB). */
const IDLE_PROCESS_BYTES = 90 * 2 ** 20;

/**
 * Builds the fabric of a scenario without running it, and tells what it is made of.
 * @throws ScenarioError where the input is wrong, PlanError or CapacityError where it cannot be
 * built.
 */
export function describeTopology(input: Scenario | ScenarioDocument): TopologyReport {
  const scenario = isScenario(input) ? input : parseScenario(input).scenario;
  const { plan, counts } = resolvePlan(scenario);
  const memory = estimateMemory(plan);
  return describe(scenario, plan, counts, {
    processBytes: IDLE_PROCESS_BYTES + processBytes(memory),
    coreBytes: memory.totalBytes,
  });
}

/**
 * Builds the fabric of a scenario without running it, and tells what its network is bought of, what
 * that costs and what it draws.
 * @throws ScenarioError where the input is wrong, PlanError or CapacityError where it cannot be
 * built.
 */
export function describeCost(input: Scenario | ScenarioDocument): NetworkCost {
  const scenario = isScenario(input) ? input : parseScenario(input).scenario;
  return networkCost(scenario, resolvePlan(scenario).plan.fabric);
}

/**
 * What failures and checkpoints leave of a job's time over weeks, by closed forms and by
 * simulation.
 * @throws ScenarioError where the input is wrong, PlanError or CapacityError where it cannot be
 * built.
 */
export function describeAvailability(input: Scenario | ScenarioDocument): AvailabilityReport {
  const scenario = isScenario(input) ? input : parseScenario(input).scenario;
  return availabilityReport(scenario, resolvePlan(scenario).plan.fabric);
}
