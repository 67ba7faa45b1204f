/** A scenario that is kept ready: its plan, and runs of it that go back to their start. */
import { withSpeeds } from "../answer/result/build.js";
import type { ResultDocument } from "../answer/result/document.js";
import { timesOf } from "../answer/result/times.js";
import { CoreTrapError } from "../engine/core/errors.js";
import { symmetriesOf } from "../engine/symmetry/symmetry.js";
import type { Outcome } from "../plan/outcome.js";
import { withPlaces } from "../resolve/places.js";
import { type ResolvedRun, resolvePlan } from "../resolve/resolve.js";
import type { Scenario } from "../scenario/types/scenario.js";
import { type EngineInput, type NextEngine, NO_WAYS, nextEngine } from "./next-engine.js";
import type { SimulationOptions } from "./options.js";
import { pausesFor } from "./pauses.js";
import { RunLoop } from "./run-loop.js";
import { summarise } from "./summary.js";

/** When the measured job of a run began, and how long it took. */
export interface RunTimes {
  readonly status: ResultDocument["status"];
  readonly startNs: number;
  /** Null where the job did not finish. */
  readonly jctNs: number | null;
  /** As `engine.digest` in a result: over every delivery and every counter. */
  readonly digest: string;
}

/** What is known of a scenario that was simulated to its end; it is the same each time. */
interface Known {
  readonly times: RunTimes;
  document?: ResultDocument;
}

/** A run that has ended, and what is to be told of it. */
interface Ended {
  readonly loop: RunLoop;
  readonly outcome: Outcome;
  readonly digest: string;
}

/** A run that has ended, with which the next one begins, and the bytes that it takes. */
interface Idle extends NextEngine {
  readonly bytes: number;
}

export interface WarmOptions extends Pick<SimulationOptions, "memoryLimitBytes"> {
  /** Answers from memory what was simulated before. */
  readonly remember: boolean;
  readonly withFlows: boolean | undefined;
}

export class WarmScenario {
  readonly #resolved: ResolvedRun;
  readonly #idle: Idle[] = [];
  #known: Known | undefined;

  /** @throws PlanError, CapacityError where the scenario cannot be built */
  constructor(
    private readonly scenario: Scenario,
    private readonly options: WarmOptions,
  ) {
    this.#resolved = resolvePlan(scenario);
  }

  /** Bytes of the memories that are kept, and of the images of their starts. */
  get bytes(): number {
    return this.#idle.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Lets the memories go. What was found out stays. */
  cool(): void {
    this.#idle.length = 0;
  }

  /** Times alone: no bounds, causes and costs are worked out. */
  async times(signal?: AbortSignal): Promise<RunTimes> {
    if (this.options.remember && this.#known !== undefined) return this.#known.times;
    const ended = await this.#run(signal);
    return ended.loop.ended ? this.#learn(ended).times : this.#timesOf(ended);
  }

  /** All of the result. */
  async result(signal?: AbortSignal): Promise<ResultDocument> {
    const startedMs = performance.now();
    const remembered = this.#known?.document;
    if (this.options.remember && remembered !== undefined) return remembered;
    const ended = await this.#run(signal);
    const { loop } = ended;
    if (!loop.ended) return this.#documentOf(loop);
    const known = this.#learn(ended);
    const { runMs } = loop.spent;
    const document = known.document ?? this.#documentOf(loop);
    const wallMs = performance.now() - startedMs;
    const answer = { ...document, engine: withSpeeds({ ...document.engine, wallMs, runMs }) };
    known.document ??= answer;
    return answer;
  }

  async #run(signal: AbortSignal | undefined): Promise<Ended> {
    const { memoryLimitBytes, remember } = this.options;
    const options: SimulationOptions = memoryLimitBytes === undefined ? {} : { memoryLimitBytes };
    const { plan } = this.#resolved;
    const idle = this.#idle.pop();
    const ways = idle === undefined ? symmetriesOf(plan) : NO_WAYS;
    const input: EngineInput = { plan, ways, options, policy: undefined, keepsStart: !remember };
    signal?.throwIfAborted();
    const first = idle === undefined ? await this.#layOut(input, signal) : { ...idle, engine: idle.engine.again() };
    const loop = new RunLoop(first, input, { wallMs: 0, runMs: 0 });
    await loop.run(signal === undefined ? {} : { signal });
    const { engine, whole } = loop;
    const outcome = engine.outcome();
    // A run that was broken off cannot go back to its start.
    if (loop.ended && !remember) {
      this.#idle.push({ engine, whole, bytes: engine.figures().memoryBytes + engine.startBytes });
    }
    return { loop, outcome, digest: engine.digest(outcome) };
  }

  #layOut(input: EngineInput, signal: AbortSignal | undefined): Promise<NextEngine> {
    return nextEngine(input, pausesFor(signal)).catch((cause: unknown) => {
      throw withPlaces(this.scenario, cause);
    });
  }

  /** @throws CoreTrapError where the run is another one than before */
  #learn(ended: Ended): Known {
    this.#known ??= { times: this.#timesOf(ended) };
    if (this.#known.times.digest === ended.digest) return this.#known;
    throw new CoreTrapError(
      `a warm run of ${this.scenario.name} has another digest than the first one; this is a fault of heddle, please report it with the scenario`,
      ended.outcome.endPs,
      "the whole fabric",
    );
  }

  #timesOf({ outcome, digest }: Ended): RunTimes {
    const { job, jctPs } = timesOf(this.scenario.workload, this.#resolved.plan, outcome);
    const jctNs = jctPs === null ? null : jctPs / 1000;
    return { status: outcome.status, startNs: job.startPs / 1000, jctNs, digest };
  }

  #documentOf(loop: RunLoop): ResultDocument {
    const { scenario, options } = this;
    const facts = { scenario, resolved: this.#resolved, loop, policyName: undefined };
    return summarise({ ...facts, withFlows: options.withFlows });
  }
}
