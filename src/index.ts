/** heddle as a library: scenarios in, result documents out. It never prints, never exits, and keeps no global state. */
export { checkScenario } from "./check.js";
export { type ComparisonDocument, compareResults } from "./compare/compare.js";
export { CompareError } from "./compare/errors.js";
export { readResult } from "./compare/read.js";
export type { Side } from "./compare/sides.js";
export { formatComparison } from "./compare/text.js";
export { CapacityError, CoreTrapError } from "./core/errors.js";
export type { MemoryEstimate } from "./core/estimate/index.js";
export { describeTopology } from "./describe.js";
export { estimateRun, type RunEstimate } from "./estimate.js";
export type { Decision, RoutingPolicy, u32 } from "./policy/decision.js";
export { PolicyError } from "./policy/errors.js";
export type { CompiledPolicy, PolicyModule, PolicySource } from "./policy/source.js";
export type { Phase, Progress } from "./progress.js";
export { RESULT_SCHEMA, type ResultDocument } from "./result/document.js";
export { formatResult } from "./result/text.js";
export { formatTopology, type TopologyReport } from "./result/topology-text.js";
export { formatIssue, ScenarioError, type ScenarioIssue } from "./scenario/errors.js";
export { type ParsedScenario, type ParseOptions, parseScenario, parseScenarioText } from "./scenario/parse.js";
export { PRESETS } from "./scenario/presets.js";
export type { Scenario } from "./scenario/scenario.js";
export { scenarioJsonSchema } from "./scenario/schema/json-schema.js";
export type { ScenarioDocument } from "./scenario/schema/sections.js";
export { type SimulateOptions, simulate } from "./simulate.js";
export {
  ResumeError,
  type RunOptions,
  Simulation,
  type SimulationOptions,
  type Snapshot,
} from "./simulation.js";
export { PlanError } from "./topology/errors.js";
export { VERSION } from "./version.js";
