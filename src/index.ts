/**
 * heddle as a library: scenarios in, result documents out. It never prints, never exits, and keeps
 * no global state.
 *
 * @module heddle
 */

export type { AvailabilityReport } from "./answer/availability/report.js";
export { formatAvailability, formatVariation } from "./answer/availability/text.js";
export type { NetworkCost } from "./answer/cost/bill.js";
export { formatCost } from "./answer/cost/text.js";
export { RESULT_SCHEMA, type ResultDocument } from "./answer/result/document.js";
export { formatResult } from "./answer/result/text.js";
export { formatTopology, type TopologyReport } from "./answer/result/topology-text.js";
export {
  type FabricDevice,
  type FabricLink,
  type FabricView,
  type LinkLoads,
  LinkState,
} from "./answer/topology/fabric-view.js";
export type { AddedFlow, Additions } from "./api/additions.js";
export { checkScenario } from "./api/check.js";
export { describeAvailability, describeCost, describeTopology } from "./api/describe.js";
export { ResumeError } from "./api/errors.js";
export { estimateRun, type RunEstimate } from "./api/estimate.js";
export type { RunOptions, SimulationOptions, Snapshot } from "./api/options.js";
export type { FlowRecords } from "./api/records.js";
export { type SimulateOptions, simulate } from "./api/simulate.js";
export { Simulation } from "./api/simulation.js";
export { Simulator, type SimulatorOptions } from "./api/simulator.js";
export type * from "./api/types.js";
export type { RunTimes } from "./api/warm-scenario.js";
export { CapacityError, CoreTrapError } from "./engine/core/errors.js";
export type { MemoryEstimate } from "./engine/estimate/index.js";
export type { CompiledPolicy, PolicyModule, PolicySource } from "./engine/policy/source.js";
export type { Decision, RoutingPolicy, u32 } from "./plan/decision.js";
export type { Totals } from "./plan/outcome.js";
export { PlanError } from "./plan/plan-error.js";
export { PolicyError } from "./plan/policy-error.js";
export { scenarioJsonSchema } from "./scenario/describe/json-schema.js";
export { type ParsedScenario, type ParseOptions, parseScenario, parseScenarioText } from "./scenario/parse/parse.js";
export { PRESETS } from "./scenario/presets/presets.js";
export type { ScenarioDocument } from "./scenario/schema/sections.js";
export { ScenarioError } from "./scenario/types/errors.js";
export type { Scenario } from "./scenario/types/scenario.js";
export {
  type Change,
  type ComparisonDocument,
  compareResults,
  type MetricComparison,
} from "./study/compare/compare.js";
export { CompareError } from "./study/compare/errors.js";
export type { CauseChange } from "./study/compare/explain.js";
export type { Unit } from "./study/compare/metrics.js";
export { readResult } from "./study/compare/read.js";
export type { SettingDifference } from "./study/compare/settings.js";
export type { Side } from "./study/compare/sides.js";
export { type ComparisonTextOptions, formatComparison } from "./study/compare/text.js";
export { aloneScenarios, withSlowdowns } from "./study/slowdown/alone.js";
export {
  codeOf,
  type ErrorKind,
  type Fault,
  faultOf,
  HEDDLE_ERROR_CODES,
  HeddleError,
  type HeddleErrorCode,
  kindOf,
} from "./util/heddle-error.js";
export type { ScenarioIssue } from "./util/issue.js";
export { formatIssue } from "./util/issue.js";
export type { Phase, Progress } from "./util/progress.js";
export { VERSION } from "./util/version.js";
