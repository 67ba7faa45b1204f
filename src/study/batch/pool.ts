/** Threads that simulate scenarios side by side. */
import { Piscina } from "piscina";
import type { ResultDocument } from "../../answer/result/document.js";
import type { RunEstimate } from "../../api/estimate.js";
import { compiledCore } from "../../engine/core/instance.js";
import { documentOf } from "../../scenario/parse/parse.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import type { ResultFacts } from "../sweep/row.js";
import { RunError, WorkerError } from "./errors.js";
import type { Answer, PostablePolicy, RunTask, WorkerData } from "./task.js";

/** How many workers a pool has. */
export interface PoolOptions {
  /** Threads; they are started as they are needed. */
  readonly workers: number;
  /** Module that the workers run, in place of `worker.js`. */
  readonly worker?: URL;
}

/** How a pool runs one scenario. */
export interface PoolRunOptions {
  readonly withFlows?: boolean;
  /** Up to this number, where it pays. */
  readonly threads?: number;
  /** Where the scenario's routing is custom. */
  readonly policy?: PostablePolicy;
  /** Ends the worker that simulates the scenario, at once. */
  readonly signal?: AbortSignal;
}

/** A pool of workers; `close` it. */
export class RunPool {
  #failure: Error | undefined;
  readonly #failed = new AbortController();

  private constructor(
    private readonly threads: Piscina,
    readonly workers: number,
  ) {
    threads.on("error", (error: Error) => {
      this.#failure ??= error;
      this.#failed.abort();
    });
  }

  /**
   * Compiles the core once for all workers.
   * @param options how many workers there are
   */
  static async start({ workers, worker }: PoolOptions): Promise<RunPool> {
    const module = (worker ?? new URL("./worker.js", import.meta.url)).href;
    const data: WorkerData = { core: await compiledCore(), module };
    const threads = new Piscina({
      filename: new URL("./bootstrap.cjs", import.meta.url).href,
      workerData: data,
      minThreads: 0,
      maxThreads: workers,
      idleTimeout: 1000,
      // A worker that sleeps in an atomic wait does not hear of the end of its own threads.
      atomics: "disabled",
    });
    return new RunPool(threads, workers);
  }

  /**
   * Simulates a scenario to its end.
   * @throws RunError where the library refused it or the core failed, WorkerError where the worker
   * ended, or an AbortError
   */
  async simulate(scenario: Scenario, options: PoolRunOptions = {}): Promise<ResultDocument> {
    const result = JSON.parse(
      await this.#ask<string>("default", taskOf(scenario, options), options.signal),
    ) as ResultDocument;
    const document = documentOf(scenario);
    return document === undefined ? result : { ...result, scenario: { ...result.scenario, document } };
  }

  /** As `simulate`, but of the result only what a row of a sweep takes. */
  async facts(scenario: Scenario, options: PoolRunOptions = {}): Promise<ResultFacts> {
    return this.#ask<ResultFacts>("facts", taskOf(scenario, options), options.signal);
  }

  /** As `estimateRun`. @throws as `simulate` */
  async estimate(scenario: Scenario, signal?: AbortSignal): Promise<RunEstimate> {
    return this.#ask<RunEstimate>("estimate", scenario, signal);
  }

  async #ask<T>(name: string, task: unknown, signal: AbortSignal | undefined): Promise<T> {
    const signals = signal === undefined ? [this.#failed.signal] : [signal, this.#failed.signal];
    const ended = AbortSignal.any(signals);
    let answer: Answer<T>;
    try {
      answer = await this.threads.run(task, { name, signal: ended });
    } catch (cause) {
      if (signal?.aborted === true) throw cause;
      // A worker that cannot even start takes no task with it.
      if (this.#failure !== undefined) throw this.#failure;
      const { message } = cause as Error;
      throw new WorkerError(`the worker ended (${message})`, { cause });
    }
    if (!answer.ok) throw new RunError(answer.fault);
    return answer.value;
  }

  /** Ends all workers, whatever they do. */
  async close(): Promise<void> {
    await this.threads.destroy();
  }
}

function taskOf(scenario: Scenario, { withFlows = false, threads = 1, policy }: PoolRunOptions): RunTask {
  return { scenario, withFlows, threads, ...(policy && { policy }) };
}
