/** The trace of a simulation. */
import { chunksOfPath } from "../answer/path/chunks.js";
import { lastFlowOf } from "../answer/path/critical-path.js";
import { MAX_RANKS } from "../answer/trace/ranks.js";
import { type Trace, traceOf } from "../answer/trace/trace.js";
import type { Engine } from "../engine/run/engine.js";
import { CoreRun } from "../engine/run/run.js";
import type { RunPlan } from "../plan/plan.js";
import { PlanError } from "../plan/plan-error.js";
import type { ResolvedRun } from "../resolve/resolve.js";
import type { Scenario } from "../scenario/types/scenario.js";
import { VERSION } from "../util/version.js";
import type { PathOfRun } from "./critical-path.js";
import type { SimulationOptions } from "./options.js";

interface Traced {
  readonly scenario: Scenario;
  readonly plan: RunPlan;
  readonly logicalOf: ArrayLike<number> | undefined;
}

/** Ranks of programs that are recorded where the scenario names none: all, or some of many. */
const RANKS_RECORDED = 16;
const ENTRIES_RECORDED = 10_000;

/**
 * A run whose programs record the ranks that a trace is to show.
 * @throws PlanError where a rank that is asked for is not there.
 */
export function withTrace(run: ResolvedRun, trace: SimulationOptions["trace"]): ResolvedRun {
  if (trace === undefined) return run;
  const { ranks = [] } = trace;
  const { fabric, programs } = run.plan;
  const missing = ranks.find((rank) => rank >= fabric.rankCount);
  if (missing !== undefined) {
    throw new PlanError(`a trace of rank ${missing} was asked for; the last rank is ${fabric.rankCount - 1}`);
  }
  if (programs === undefined) return run;
  const { count, rank: rankOf } = programs.ranks;
  const all = Array.from({ length: count }, (_, r) => r);
  const step = count <= MAX_RANKS ? 1 : Math.ceil(count / RANKS_RECORDED);
  const more = ranks.length > 0 ? all.filter((r) => ranks.includes(rankOf[r]!)) : all.filter((r) => r % step === 0);
  const recorded = [...new Set([...programs.recorded, ...more])].sort((a, b) => a - b);
  const recordLimit = Math.max(programs.recordLimit, ENTRIES_RECORDED);
  return { ...run, plan: { ...run.plan, programs: { ...programs, recorded, recordLimit } } };
}

/**
 * @param noted The deliveries; undefined where none were noted.
 * @param ranks Ranks to show.
 * @throws Error where the simulation was not started with `trace`.
 */
export function traceOfRun(
  { scenario, plan, logicalOf }: Traced,
  engine: Engine,
  noted: PathOfRun | undefined,
  ranks: readonly number[],
): Trace {
  const outcome = engine.outcome();
  const deliveries = engine instanceof CoreRun ? noted?.deliveries(engine) : undefined;
  if (deliveries === undefined && plan.programs === undefined) {
    throw new Error("the simulation notes no deliveries; start it with `trace`");
  }
  const lastFlow = deliveries === undefined || outcome.status !== "finished" ? -1 : lastFlowOf(plan, outcome);
  const pathChunks = lastFlow < 0 ? [] : chunksOfPath(plan, deliveries!, lastFlow);
  const { name: scenarioName, workload } = scenario;
  const facts = { heddleVersion: VERSION, scenarioName, workload, plan, outcome, logicalOf };
  return traceOf({ ...facts, deliveries, pathChunks, criticalPath: noted?.path }, ranks);
}
