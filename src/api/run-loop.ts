/** Drives an engine to its end in short calls, between which it reports, adapts and may stop. */
import { simulatedPs } from "../answer/result/span.js";
import type { Engine } from "../engine/run/engine.js";
import { FoldedRun } from "../engine/run/folded-run.js";
import { CoreRun } from "../engine/run/run.js";
import { type Progress, ProgressMeter } from "../util/progress.js";
import { type EngineInput, type NextEngine, nextEngine } from "./next-engine.js";
import type { RunOptions } from "./options.js";
import { breathe, pausesFor } from "./pauses.js";
import { ThreadCount } from "./thread-count.js";

/** Packet-hops between two looks at the clock: a fraction of a second's work. */
const HOPS_PER_CALL = 500_000;
/** JavaScript policies may be slow: their calls begin short, and grow as the clock allows. */
const FIRST_HOPS_OF_POLICY = 1000;
const LONGEST_CALL_MS = 100;
const PROGRESS_EVERY_MS = 200;

/** Time spent in all, and on simulating alone; in earlier processes too. */
export interface Spent {
  readonly wallMs: number;
  readonly runMs: number;
}

export class RunLoop {
  #engine: Engine;
  #wallMs: number;
  #runMs: number;
  #ended = false;
  #hopsPerCall = FIRST_HOPS_OF_POLICY;
  #unlike: string | undefined;
  readonly #meter: ProgressMeter;
  readonly #threads: ThreadCount;

  /** Why all of the run is simulated, where a part was looked for; undefined where one is. */
  readonly whole: string | undefined;

  /** @param first made of `input`, which has the ways that are left */
  constructor(
    first: NextEngine,
    private readonly input: EngineInput,
    { wallMs, runMs }: Spent,
  ) {
    this.#engine = first.engine;
    this.whole = first.whole;
    this.#wallMs = wallMs;
    this.#runMs = runMs;
    this.#meter = new ProgressMeter({ runMs, simulatedHops: first.engine.progress().work.simulatedHops });
    this.#threads = new ThreadCount(input.options);
  }

  get engine(): Engine {
    return this.#engine;
  }

  get spent(): Spent {
    return { wallMs: this.#wallMs, runMs: this.#runMs };
  }

  /** Counts what was spent before this run. */
  addSpent({ wallMs, runMs }: Spent): void {
    this.#wallMs += wallMs;
    this.#runMs += runMs;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Why copies of what is alike had to be simulated after all. */
  get unlike(): string | undefined {
    return this.#unlike;
  }

  progress(): Progress {
    const { nowPs: clockPs, packetHops, skippedHops, work } = this.#engine.progress();
    const nowPs = this.#ended ? simulatedPs(this.input.plan, this.#engine.outcome(), clockPs) : clockPs;
    return {
      phase: "simulating",
      simulatedNs: nowPs / 1000,
      ...this.#meter.read(work, this.#runMs),
      packetHops,
      skippedPacketHops: skippedHops,
      wallMs: this.#wallMs,
    };
  }

  async run({ onProgress, signal, untilNs, forMs }: RunOptions = {}): Promise<void> {
    const untilPs = untilNs === undefined ? Number.POSITIVE_INFINITY : untilNs * 1000;
    const { telemetry } = this.input;
    if (this.#engine instanceof CoreRun) telemetry?.begin(this.#engine);
    const startedMs = performance.now();
    const wallBefore = this.#wallMs;
    let [runBefore, runStartedMs] = [this.#runMs, startedMs];
    let reportedMs = startedMs;
    while (!this.#ended && signal?.aborted !== true) {
      const before = this.#engine.figures().windows;
      const hopsBefore = simulatedHops(this.#engine);
      const calledMs = performance.now();
      const isTimed = this.input.policy !== undefined && this.input.policy.kind !== "compiled";
      const state = this.#advance(isTimed ? this.#hopsPerCall : HOPS_PER_CALL, untilPs);
      if (this.#engine instanceof FoldedRun && this.#engine.broken !== undefined) {
        await this.#startOver(this.#engine.broken);
        [runBefore, runStartedMs] = [0, performance.now()];
        continue;
      }
      this.#ended = state === "ended";
      const nowMs = performance.now();
      this.#hopsPerCall = nextHops(this.#hopsPerCall, nowMs - calledMs);
      this.#wallMs = wallBefore + nowMs - startedMs;
      this.#runMs = runBefore + nowMs - runStartedMs;
      if (state !== "running" || nowMs - startedMs >= (forMs ?? Number.POSITIVE_INFINITY)) break;
      const windows = Math.max(1, this.#engine.figures().windows - before);
      this.#threads.adapt(this.#engine, (simulatedHops(this.#engine) - hopsBefore) / windows, this.#runMs);
      if (nowMs - reportedMs < PROGRESS_EVERY_MS) continue;
      reportedMs = nowMs;
      onProgress?.(this.progress());
      await breathe();
    }
    if (this.#engine instanceof CoreRun) telemetry?.rest(this.#engine);
    onProgress?.(this.progress());
  }

  /** One call of the engine; with telemetry up to the end of an interval at most. */
  #advance(hops: number, untilPs: number): "running" | "reached" | "ended" {
    const { telemetry, plan } = this.input;
    const engine = this.#engine;
    if (telemetry === undefined || !(engine instanceof CoreRun)) return engine.advanceUntil(hops, untilPs);
    const atPs = telemetry.nextPs;
    const isDue = atPs <= untilPs;
    const state = isDue ? engine.advanceTo(hops, atPs) : engine.advanceUntil(hops, untilPs);
    if (state === "ended") telemetry.end(engine, simulatedPs(plan, engine.outcome(), engine.progress().nowPs));
    if (state !== "reached" || !isDue) return state;
    telemetry.look(engine, atPs);
    return atPs === untilPs ? "reached" : "running";
  }

  /** The copies are not alike after all: simulates more of them, from the beginning. */
  async #startOver(why: string): Promise<void> {
    await this.#engine.close();
    this.#engine = (await nextEngine(this.input, pausesFor(undefined))).engine;
    this.#threads.reset();
    this.#meter.startOver();
    if (this.#engine instanceof CoreRun) this.#unlike = why;
  }
}

/** Packet-hops, those that were skipped left out. */
function simulatedHops(core: Engine): number {
  const { packetHops, skippedHops } = core.progress();
  return packetHops - skippedHops;
}

/** Hops of the next call: fewer after a long one, more after a quick one. */
function nextHops(hops: number, callMs: number): number {
  if (callMs > LONGEST_CALL_MS) return Math.max(1, Math.floor((hops * LONGEST_CALL_MS) / callMs));
  return callMs < LONGEST_CALL_MS / 4 ? Math.min(HOPS_PER_CALL, 2 * hops) : hops;
}
