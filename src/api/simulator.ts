/** Many short simulations in one process: what one of them leaves warms up the next. */
import type { ResultDocument } from "../answer/result/document.js";
import { canonicalJson, scenarioDigest } from "../scenario/parse/digest.js";
import { documentOf, parseScenario } from "../scenario/parse/parse.js";
import type { ScenarioDocument } from "../scenario/schema/sections.js";
import { isScenario } from "../scenario/types/is-scenario.js";
import type { Scenario } from "../scenario/types/scenario.js";
import { decideRouting } from "./decide-routing.js";
import type { SimulationOptions } from "./options.js";
import { type RunTimes, type WarmOptions, WarmScenario } from "./warm-scenario.js";

/** How much a `Simulator` keeps ready. */
export interface SimulatorOptions extends Pick<SimulationOptions, "memoryLimitBytes"> {
  /**
   * Scenarios that are kept ready, plan and memory: those that were asked for last. 256 where left
   * out.
   */
  readonly warmScenarios?: number;
  /**
   * Bytes that the memories of runs kept ready may take together; 512 MiB where left out.
   * A run that takes more is not kept, and begins cold each time.
   */
  readonly warmBytes?: number;
  /**
   * True: a scenario that was simulated before is answered from memory, without a run. The answer
   * is the same, as runs are deterministic; its `engine` tells of the run that it comes from.
   */
  readonly remember?: boolean;
  /** List every flow in results, for collectives too. */
  readonly withFlows?: boolean;
}

const WARM_SCENARIOS = 256;
const WARM_BYTES = 512 * 2 ** 20;

/**
 * Simulates in one thread, and keeps what it has made: scenarios parsed and resolved, parts that
 * are alike, instances of the core with their memory. A scenario that comes again is simulated
 * again from its start, without being built again. Results are those of `simulate`, with the same
 * digest; parts of them may be shared, and are not to be changed. Calls may overlap.
 *
 * Custom routing policies and the options `explain`, `trace` and `pauses` are for `simulate` and
 * `Simulation`.
 */
export class Simulator {
  /** By what their scenarios say; the one that was used last at the end. */
  readonly #warm = new Map<string, WarmScenario>();
  readonly #keys = new WeakMap<object, string>();
  readonly #warmScenarios: number;
  readonly #warmBytes: number;
  readonly #options: WarmOptions;

  /** @throws RangeError where a limit is not a number from 0 up */
  constructor(options: SimulatorOptions = {}) {
    const { warmScenarios = WARM_SCENARIOS, warmBytes = WARM_BYTES, remember = false } = options;
    for (const [name, value] of Object.entries({ warmScenarios, warmBytes })) {
      if (!(value >= 0)) throw new RangeError(`${name} is ${value}; write a number from 0 up`);
    }
    this.#warmScenarios = warmScenarios;
    this.#warmBytes = warmBytes;
    const { memoryLimitBytes, withFlows } = options;
    this.#options = { remember, withFlows, ...(memoryLimitBytes !== undefined && { memoryLimitBytes }) };
  }

  /** Scenarios that are kept ready. */
  get size(): number {
    return this.#warm.size;
  }

  /** Bytes that the memories of runs kept ready take. */
  get bytes(): number {
    return [...this.#warm.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /**
   * As `simulate`.
   * @param input A parsed scenario, or plain data as it would stand in a file.
   * @param options its signal ends the run early
   * @throws as `simulate`; PolicyError where the routing is `custom`
   */
  async simulate(
    input: Scenario | ScenarioDocument,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<ResultDocument> {
    return this.#ask(input, (warm) => warm.result(signal));
  }

  /**
   * Only when the measured job began and how long it took: the quickest answer. The rest of the
   * result, bounds, causes and costs, is not worked out.
   * @param input as for `simulate`
   * @param options its signal ends the run early
   * @throws as `simulate`
   */
  async time(
    input: Scenario | ScenarioDocument,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<RunTimes> {
    return this.#ask(input, (warm) => warm.times(signal));
  }

  /** Lets go of all that is kept. The simulator can still be used. */
  clear(): void {
    this.#warm.clear();
  }

  async #ask<T>(input: Scenario | ScenarioDocument, question: (warm: WarmScenario) => Promise<T>): Promise<T> {
    const key = this.#keyOf(input);
    const warm = this.#warm.get(key) ?? (await this.#build(input));
    try {
      return await question(warm);
    } finally {
      this.#keep(key, warm);
    }
  }

  /** What tells scenarios apart: they are written alike, and mean the same. */
  #keyOf(input: Scenario | ScenarioDocument): string {
    if (!isScenario(input)) return keyOfData(input);
    const known = this.#keys.get(input);
    if (known !== undefined) return known;
    const key = `${scenarioDigest(input)} ${canonicalJson(documentOf(input) ?? null)}`;
    this.#keys.set(input, key);
    return key;
  }

  async #build(input: Scenario | ScenarioDocument): Promise<WarmScenario> {
    const parsed = isScenario(input) ? input : parseScenario(input).scenario;
    const { scenario } = await decideRouting(parsed, {});
    return new WarmScenario(scenario, this.#options);
  }

  /** Lets go of what was not asked for longest until the rest is within the limits. */
  #keep(key: string, warm: WarmScenario): void {
    this.#warm.delete(key);
    this.#warm.set(key, warm);
    for (const oldest of this.#warm.keys()) {
      if (this.#warm.size <= this.#warmScenarios) break;
      this.#warm.delete(oldest);
    }
    let bytes = this.bytes;
    for (const each of this.#warm.values()) {
      if (bytes <= this.#warmBytes) break;
      bytes -= each.bytes;
      each.cool();
    }
  }
}

/** @throws ScenarioError where it is no data: a list that holds itself, a number beyond JSON */
function keyOfData(input: ScenarioDocument): string {
  try {
    return canonicalJson(input);
  } catch (cause) {
    parseScenario(input);
    throw cause;
  }
}
