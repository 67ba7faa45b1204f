import { CoreRun } from "./core/run.js";
import { resolvePlan } from "./plan/resolve.js";
import { buildResult } from "./result/build.js";
import type { ResultDocument } from "./result/document.js";
import { scenarioDigest } from "./scenario/digest.js";
import { isScenario } from "./scenario/is-scenario.js";
import { parseScenario } from "./scenario/parse.js";
import type { Scenario } from "./scenario/scenario.js";
import { VERSION } from "./version.js";

/** How far a run is. */
export interface Progress {
  readonly simulatedNs: number;
  /** Chunks delivered, as a share of all. */
  readonly shareDone: number;
  readonly packetHops: number;
  readonly wallMs: number;
}

export interface SimulateOptions {
  /** Called a few times a second. */
  readonly onProgress?: (progress: Progress) => void;
  /** Ends the run early; the result then says what is known so far. */
  readonly signal?: AbortSignal;
  /** List every flow in the result, for collectives too. */
  readonly withFlows?: boolean;
}

/** Packet-hops between two looks at the clock: a fraction of a second's work. */
const HOPS_PER_CALL = 1_000_000;
const PROGRESS_EVERY_MS = 200;

/**
 * Simulates a scenario to its end.
 * @param input A parsed scenario, or plain data as it would stand in a file.
 * @returns The result; its `status` tells whether the job finished. An aborted run resolves too, as `cancelled`.
 * @throws ScenarioError where the input is wrong, PlanError or CapacityError where it cannot be built, CoreTrapError on a fault of the core.
 */
export async function simulate(input: Scenario | unknown, options: SimulateOptions = {}): Promise<ResultDocument> {
  const startedMs = performance.now();
  const scenario = isScenario(input) ? input : parseScenario(input).scenario;
  const { plan, counts, logical } = resolvePlan(scenario);
  const run = await CoreRun.start(plan);
  const chunks = plan.flows.chunks.reduce((sum, count) => sum + count, 0);
  const simulationMs = performance.now();
  let reportedMs = simulationMs;
  while (options.signal?.aborted !== true && run.advance(HOPS_PER_CALL)) {
    const nowMs = performance.now();
    if (nowMs - reportedMs < PROGRESS_EVERY_MS) continue;
    reportedMs = nowMs;
    const { nowPs, packetHops, chunksDelivered } = run.progress();
    options.onProgress?.({
      simulatedNs: nowPs / 1000,
      shareDone: chunks === 0 ? 1 : chunksDelivered / chunks,
      packetHops,
      wallMs: nowMs - startedMs,
    });
    await breathe();
  }
  const runMs = performance.now() - simulationMs;
  const outcome = run.outcome();
  const figures = run.figures();
  const { hops } = outcome.totals;
  return buildResult({
    heddleVersion: VERSION,
    scenario,
    scenarioDigest: scenarioDigest(scenario),
    plan,
    outcome,
    counts,
    logicalFlows: logical.ofFlow,
    ...(options.withFlows === undefined ? {} : { withFlows: options.withFlows }),
    ...(outcome.status === "finished" ? {} : { stuckPorts: run.holdingPorts() }),
    engine: {
      wallMs: performance.now() - startedMs,
      packetHops: hops,
      packetHopsPerSecond: runMs > 0 ? (hops / runMs) * 1000 : 0,
      windows: figures.windows,
      threads: 1,
      peakMemoryBytes: figures.memoryBytes,
      simulatedNs: run.progress().nowPs / 1000,
      digest: run.digest(outcome),
    },
  });
}

/** Lets timers, signals and the page have their turn. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
