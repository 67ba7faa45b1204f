// One scenario in one build, ready to be run again and again.
import { setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Simulated before anything is counted: enough for the compiler to have optimised every loop of the
 * core.
 */
const WARM_UP_HOPS = 4_000_000;
const HOPS_PER_CALL = 10_000_000;
/** For the collector's and the compiler's own threads to end their work. */
const SETTLE_MS = 20;

setFlagsFromString("--expose-gc");
/** @type {() => void} */
const collectGarbage = runInNewContext("gc");

/** @typedef {import("./clock.mjs").Sample} Sample */

/**
 * What a run did, the same every time.
 * @typedef {object} Facts
 * @property {number} hops
 * @property {number} dataShare Share of the hops that are data packets'.
 * @property {number} pauses
 * @property {number} windows
 * @property {number} simulatedUs
 * @property {string} digest
 * @property {number} cycles Jumps of fast-forward, and the hops that they skipped.
 * @property {number} skippedHops
 */

/**
 * What the core took, of the last run.
 * @typedef {object} Memory
 * @property {number} memoryBytes Of linear memory at the end.
 * @property {number | null} estimateBytes What the build estimated beforehand.
 * @property {number} bytesPerHost
 */

export class Subject {
  #build;
  #plan;
  #threads;
  #fastForward;
  /** The run that is prepared. @type {any} */
  #run;
  /** @type {Sample} */
  #sample = { cpuNs: 0, wallNs: 0 };
  /** @type {Facts | undefined} */
  #facts;
  /** @type {Memory | undefined} */
  #memory;

  /**
   * @param {import("./build.mjs").Build} build
   * @param {{ name: string }} raw
   * @param {number} threads
   * @param {boolean} fastForward What is skipped costs nothing, and would pass for speed.
   */
  constructor(build, raw, threads, fastForward = false) {
    this.name = raw.name;
    this.#build = build;
    this.#plan = build.resolvePlan(build.parseScenario(raw).scenario).plan;
    this.#threads = threads;
    this.#fastForward = fastForward;
  }

  async warmUp() {
    await this.#start();
    try {
      this.#run.advance(WARM_UP_HOPS);
    } finally {
      await this.#end();
    }
  }

  /**
   * One run.
   * @param {() => () => void} [observe] Called right before the run; what it returns is called
   * right after, while the threads are still there.
   * @returns {Promise<Sample>}
   */
  async run(observe = () => () => {}) {
    await this.prepare();
    const observed = observe();
    await this.play();
    observed();
    return this.finish();
  }

  /** Lays a run out. */
  async prepare() {
    await this.#start();
    // What former runs left behind is not to be cleared away in this one's time.
    collectGarbage();
    await setTimeout(SETTLE_MS);
  }

  /** Plays it to its end: the part that is timed. */
  async play() {
    try {
      const cpu = process.cpuUsage();
      const from = process.hrtime.bigint();
      while (this.#run.advance(HOPS_PER_CALL));
      const wallNs = Number(process.hrtime.bigint() - from);
      const { user, system } = process.cpuUsage(cpu);
      this.#sample = { cpuNs: (user + system) * 1000, wallNs };
    } catch (error) {
      await this.#end();
      throw error;
    }
  }

  /** Checks what came of it. @returns {Promise<Sample>} */
  async finish() {
    try {
      const run = this.#run;
      const outcome = run.outcome();
      if (outcome.status !== "finished") throw new Error(`${this.name}: ${outcome.status}`);
      this.#note(run.figures(), outcome, run.digest(outcome), run.skipped?.());
      return this.#sample;
    } finally {
      await this.#end();
    }
  }

  /** @returns {Facts} */
  get facts() {
    if (this.#facts === undefined) throw new Error(`${this.name} has not run yet`);
    return this.#facts;
  }

  /** @returns {Memory} */
  get memory() {
    if (this.#memory === undefined) throw new Error(`${this.name} has not run yet`);
    return this.#memory;
  }

  async #start() {
    const { CoreRun } = this.#build;
    this.#run = await CoreRun.start(this.#plan, { threads: this.#threads, fastForward: this.#fastForward });
  }

  /** A run's threads would otherwise outlive it. */
  async #end() {
    await this.#run?.close?.();
    this.#run = undefined;
  }

  /**
   * @param {any} figures
   * @param {any} outcome
   * @param {string} digest
   * @param {any} skipped Builds from before fast-forward have none.
   */
  #note(figures, outcome, digest, skipped) {
    if (this.#facts !== undefined && this.#facts.digest !== digest) {
      throw new Error(`${this.name}: two runs differ, ${this.#facts.digest} and ${digest}`);
    }
    const { hops, dataHops, pausesSent } = outcome.totals;
    this.#facts = {
      hops,
      dataShare: dataHops / hops,
      pauses: pausesSent,
      windows: figures.windows,
      simulatedUs: outcome.endPs / 1e6,
      digest,
      cycles: skipped?.cycles ?? 0,
      skippedHops: skipped?.skippedHops ?? 0,
    };
    const { memoryBytes } = figures;
    this.#memory = {
      memoryBytes,
      estimateBytes: this.#build.estimateMemoryBytes?.(this.#plan, this.#threads) ?? null,
      bytesPerHost: memoryBytes / this.#plan.fabric.nics.count,
    };
  }
}
