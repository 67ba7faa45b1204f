/** Lays a plan out in an engine: folded where that is possible, else whole. */
import type { CorePolicy } from "../engine/core/core-policy.js";
import type { Watch } from "../engine/core/watch.js";
import type { MemoryEstimate } from "../engine/estimate/index.js";
import { checkMemorySteps } from "../engine/estimate/limit.js";
import type { Engine } from "../engine/run/engine.js";
import { FoldedRun } from "../engine/run/folded-run.js";
import { CoreRun } from "../engine/run/run.js";
import { checkFoldsSteps } from "../engine/run/run-memory.js";
import type { Symmetry } from "../engine/symmetry/symmetry.js";
import type { RunPlan } from "../plan/plan.js";
import type { SimulationOptions } from "./options.js";
import { inSteps } from "./pauses.js";
import type { Telemetry } from "./telemetry.js";

/** Ways to simulate less of a run; in the end why there are none, where they were looked for. */
export type Ways = Iterator<Symmetry, string | undefined>;

export const NO_WAYS: Ways = { next: () => ({ done: true, value: undefined }) };

/** An engine, and why it simulates the run as a whole where a part was looked for. */
export interface NextEngine {
  readonly engine: Engine;
  readonly whole?: string | undefined;
}

/** What an engine is made of. */
export interface EngineInput {
  readonly plan: RunPlan;
  /** Ways to simulate less that are left. */
  readonly ways: Ways;
  readonly options: SimulationOptions;
  readonly policy: CorePolicy | undefined;
  /** What the run is to record. */
  readonly watch?: Watch | undefined;
  /** What looks at the run while it lasts. */
  readonly telemetry?: Telemetry | undefined;
  /** Bytes that the records take. */
  readonly recordBytes?: number | undefined;
  /** The engine is to be used again: `Engine.again`. */
  readonly keepsStart?: boolean;
}

/**
 * Lays out a run: the next way of simulating less of it or, when none is left, the run as it is.
 * @throws CapacityError where it does not fit
 */
export async function nextEngine(input: EngineInput, pause: () => Promise<void>): Promise<NextEngine> {
  const next = await layOut(input, pause);
  if (input.keepsStart === true) next.engine.keepStart();
  return next;
}

async function layOut(
  { plan, ways, options, policy, watch, telemetry, recordBytes = 0 }: EngineInput,
  pause: () => Promise<void>,
): Promise<NextEngine> {
  const threads = options.threads ?? options.upToThreads ?? 1;
  options.onPhase?.("folding");
  const way = policy === undefined ? ways.next() : { done: true as const, value: undefined };
  await pause();
  options.onPhase?.("estimating");
  if (way.done !== true) {
    const memory = await inSteps(checkFoldsSteps(way.value, limitBytes(options), threads), pause);
    options.onEstimate?.(memory);
    options.onPhase?.("laying-out");
    await pause();
    return { engine: await FoldedRun.start(way.value, { spareBytes: spareBytes(options, takenBytes(memory)) }) };
  }
  const memory = await inSteps(checkMemorySteps(plan, limitBytes(options) - recordBytes, threads), pause);
  options.onEstimate?.(memory);
  options.onPhase?.("laying-out");
  await pause();
  const recording = watch && { watch, mostThreads: threads };
  const counts = telemetry === undefined ? {} : { counts: true };
  const how = { ...coreOptions(options, policy, takenBytes(memory)), ...recording, ...counts };
  return { engine: await CoreRun.start(plan, how), whole: way.value };
}

/** @param takenBytes What is taken of the memory limit without a copy of the state. */
export function coreOptions(options: SimulationOptions, policy: CorePolicy | undefined, takenBytes: number) {
  const { threads = 1, fastForward = true } = options;
  return { threads, fastForward, spareBytes: spareBytes(options, takenBytes), ...(policy && { policy }) };
}

/** What the memory limit leaves for copies of the state. */
function spareBytes(options: SimulationOptions, takenBytes: number): number {
  return limitBytes(options) - takenBytes;
}

function limitBytes({ memoryLimitBytes = Number.POSITIVE_INFINITY }: SimulationOptions): number {
  return typeof memoryLimitBytes === "function" ? memoryLimitBytes() : memoryLimitBytes;
}

/** What a run may take that was estimated. */
function takenBytes({ totalBytes, packetBytes }: MemoryEstimate): number {
  return totalBytes + 2 * packetBytes;
}
