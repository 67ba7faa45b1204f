/** Many runs over a pool of workers, longest first, in bounded memory. */

import type { ResultDocument } from "../../answer/result/document.js";
import type { RunEstimate } from "../../api/estimate.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { type Fault, faultOf } from "../../util/heddle-error.js";
import { Admission } from "./admission.js";
import { RunError, WorkerError } from "./errors.js";
import type { PoolRunOptions, RunPool } from "./pool.js";
import { BatchProgress, type BatchState } from "./progress.js";
import type { PostablePolicy } from "./task.js";

/** One run of a batch. */
export interface BatchJob {
  readonly id: string;
  readonly scenario: Scenario;
  /** `RunPool.estimate` makes one. */
  readonly estimate: RunEstimate;
  /** List flows in the result, for collectives too. */
  readonly withFlows?: boolean;
  /** Where the scenario's routing is custom. */
  readonly policy?: PostablePolicy | undefined;
}

/** How a run ended. A job that could not finish (`result.status`) is a result too. */
export type JobOutcome<R = ResultDocument> =
  | { readonly kind: "done"; readonly result: R; readonly wallMs: number }
  | { readonly kind: "failed"; readonly fault: Fault; readonly attempts: number };

/** What whoever asks for many runs may say of them. */
export interface BatchControls {
  /** Bytes that all runs at one time may take, by their estimates. */
  readonly memoryLimitBytes: number;
  /** A run that takes longer fails; Infinity for none. */
  readonly timeoutMs?: number | undefined;
  /** Abandons the runs that are under way, and starts no more. */
  readonly signal?: AbortSignal | undefined;
  /** Called whenever a run starts or ends, and a few times a second in between. */
  readonly onProgress?: ((state: BatchState) => void) | undefined;
}

export interface BatchOptions<J extends BatchJob, R = ResultDocument> extends BatchControls {
  /** How often a run whose worker ended is tried again: 2. */
  readonly retries?: number;
  /**
   * Called once for each run that ended, in the order in which they end. What it throws ends the
   * batch.
   */
  onEnd(job: J, outcome: JobOutcome<R>): void | Promise<void>;
}

const RETRIES = 2;
const REPORT_EVERY_MS = 200;
/** The start of a run costs about as much as this number of packet-hops. */
const HOPS_PER_RUN = 100_000;

/** Simulates a scenario, for as much of its result as is wanted. */
export type Simulate<R> = (scenario: Scenario, options: PoolRunOptions) => Promise<R>;

/** As `runJobs`, for whole results. */
export function runBatch<J extends BatchJob>(
  pool: RunPool,
  jobs: readonly J[],
  options: BatchOptions<J>,
): Promise<void> {
  return runJobs(pool, jobs, options, (scenario, how) => pool.simulate(scenario, how));
}

/**
 * Runs all jobs. Resolves when the last one has ended and `onEnd` is through, or when the signal
 * has come.
 * @throws what `onEnd` throws, or what kept workers from starting
 */
export async function runJobs<J extends BatchJob, R>(
  pool: RunPool,
  jobs: readonly J[],
  options: BatchOptions<J, R>,
  simulate: Simulate<R>,
): Promise<void> {
  const { memoryLimitBytes, onEnd, onProgress, signal } = options;
  const admission = new Admission(jobs, memoryLimitBytes);
  const work = (job: J) => job.estimate.packetHops + HOPS_PER_RUN;
  const total = jobs.reduce((sum, job) => sum + work(job), 0);
  const progress = new BatchProgress(jobs.length, total, performance.now());
  const report = () => onProgress?.(progress.state(performance.now()));
  const broken = new AbortController();
  const ended = AbortSignal.any(signal === undefined ? [broken.signal] : [broken.signal, signal]);

  /**
   * Each lane runs one job after the other; a lane without a job to start waits for another's end.
   */
  let wake: (() => void)[] = [];
  const wakeAll = () => {
    for (const resume of wake) resume();
    wake = [];
  };
  ended.addEventListener("abort", wakeAll);
  const lane = async () => {
    while (admission.waiting > 0 && !ended.aborted) {
      const job = admission.start();
      if (job === undefined) {
        await new Promise<void>((resume) => wake.push(resume));
        continue;
      }
      progress.started();
      report();
      // The last runs share what the others have left.
      const threads = Math.max(1, Math.floor(pool.workers / (admission.running + admission.waiting)));
      const outcome = await attempt(simulate, job, threads, options, ended);
      admission.end(job);
      wakeAll();
      if (outcome === undefined) return;
      progress.ended(work(job), outcome.kind === "done", performance.now());
      await onEnd(job, outcome);
      report();
    }
  };
  const lanes = Array.from({ length: Math.min(pool.workers, jobs.length) }, () =>
    lane().catch((error) => {
      broken.abort();
      throw error;
    }),
  );
  const clock = setInterval(report, REPORT_EVERY_MS);
  const results = await Promise.allSettled(lanes).finally(() => clearInterval(clock));
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

/** Undefined where the batch ended meanwhile. */
async function attempt<R>(
  simulate: Simulate<R>,
  job: BatchJob,
  threads: number,
  { timeoutMs = Number.POSITIVE_INFINITY, retries = RETRIES }: Pick<BatchOptions<never>, "timeoutMs" | "retries">,
  ended: AbortSignal,
): Promise<JobOutcome<R> | undefined> {
  const { scenario, withFlows = false, policy } = job;
  for (let attempts = 1; ; attempts++) {
    const startedMs = performance.now();
    const late = new AbortController();
    const timer = Number.isFinite(timeoutMs) ? setTimeout(() => late.abort(), timeoutMs) : undefined;
    try {
      const signal = AbortSignal.any([ended, late.signal]);
      const result = await simulate(scenario, { withFlows, threads, signal, ...(policy && { policy }) });
      return { kind: "done", result, wallMs: performance.now() - startedMs };
    } catch (error) {
      if (ended.aborted) return undefined;
      if (late.signal.aborted) {
        const message = `it took longer than ${timeoutMs / 1000} s`;
        return { kind: "failed", fault: { code: "HEDDLE_TIMEOUT", name: "TimeoutError", message }, attempts };
      }
      if (error instanceof RunError) return { kind: "failed", fault: error.fault, attempts };
      if (!(error instanceof WorkerError)) throw error;
      if (attempts > retries) return { kind: "failed", fault: faultOf(error), attempts };
    } finally {
      clearTimeout(timer);
    }
  }
}
