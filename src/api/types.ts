/**
 * Types of scenarios, results and options: what the public functions take and return, for
 * programs that name them.
 */
export type { InterruptionCause } from "../answer/availability/causes.js";
export type { CheckpointTimes } from "../answer/availability/closed-forms.js";
export type { Estimate } from "../answer/availability/report.js";
export type { Explanation } from "../answer/causes/explanation.js";
export type { BillLine } from "../answer/cost/bill.js";
export type { CriticalPath, LossPlace, PathFlow, PathPlace, PathSegment, PathShare } from "../answer/path/document.js";
export type { LossReason, PathCause } from "../answer/path/tiles.js";
export type {
  CostSummary,
  Diagnosis,
  FlowResult,
  FlowTotal,
  JobResult,
  JobSummary,
  Note,
  PolicySummary,
  Progress as ResultProgress,
  RankFinish,
  RankSpread,
  RankSummary,
  RoleSummary,
  ScenarioSummary,
  SlowdownBin,
  SlowdownSummary,
  WorkloadSummary,
} from "../answer/result/document.js";
export type { EngineSummary, FastForwardSummary, PolicyCost } from "../answer/result/document-engine.js";
export type {
  ClassSummary,
  CreditSummary,
  EcnSummary,
  FaultResult,
  LinkResult,
  LinkSummary,
  OpticResult,
  PacketSummary,
  PfcSummary,
  Spread,
  StepSummary,
} from "../answer/result/document-network.js";
export type {
  ByParallelism,
  MemoryBytes,
  OperationResult,
  ProgramResult,
  RoleResult,
  TimelineResult,
  TrainingResult,
} from "../answer/result/document-programs.js";
export type { TextOptions } from "../answer/result/text.js";
export type { PathReport, RunMemory } from "../answer/result/topology-report.js";
export type { Cell } from "../answer/telemetry/columns.js";
export type { PathClass, PathDiversity } from "../answer/topology/paths.js";
export type { Locality, TrafficClass, TrafficReport } from "../answer/topology/traffic.js";
export type { Trace } from "../answer/trace/trace.js";
export type { WaitCause, WaitingFlow, WaitingPort, WaitTree, WaitTrees } from "../answer/waits/document.js";
export type { CapturedPacket, CaptureOptions, PacketKind } from "../api/capture.js";
export type { TelemetryOptions } from "../api/telemetry.js";
export type { TopologyCounts } from "../build/topology/counts.js";
export type { CapacityErrorOptions } from "../plan/capacity.js";
export type { PlanFault } from "../plan/plan-error.js";
export type { FileReader } from "../scenario/document/inline-files.js";
export type { SectionName } from "../scenario/schema/sections.js";
export type { AvailabilityParams, CheckpointParams } from "../scenario/types/availability.js";
export type { NicParams, SwitchParams, WireParams } from "../scenario/types/devices.js";
export type { Fault as ScenarioFault } from "../scenario/types/faults.js";
export type { FlowFiles } from "../scenario/types/flow-table.js";
export type { Preset } from "../scenario/types/preset.js";
export type { TraceFiles } from "../scenario/types/read-trace.js";
export type { ReductionParams } from "../scenario/types/reduction.js";
export type {
  DataClassParams,
  EcnParams,
  FlowControlParams,
  Links,
  Routing,
  Topology,
  TransportParams,
  Workload,
} from "../scenario/types/scenario.js";
export type { Path } from "../util/document-path.js";
