/** How many threads a run is worth, while it goes on. */
import type { Engine } from "../engine/run/engine.js";
import { FoldedRun } from "../engine/run/folded-run.js";
import type { SimulationOptions } from "./options.js";

/** A run that takes longer is worth more threads. */
const SHORT_RUN_MS = 200;
/** With fewer packet-hops per window, threads wait for each other longer than they help. */
const HOPS_WORTH_SHARING = 400;

/** Lets more threads join a long run, and sends them to rest where windows are small. */
export class ThreadCount {
  #recruited = false;

  constructor(private readonly options: SimulationOptions) {}

  /** For a fresh engine, which has the threads it started with. */
  reset(): void {
    this.#recruited = false;
  }

  adapt(engine: Engine, hopsPerWindow: number, runMs: number): void {
    const { upToThreads = 1, threads } = this.options;
    // A folded run simulates one of the copies, for which the threads asked for may be too many.
    const most = engine instanceof FoldedRun ? (threads ?? upToThreads) : threads === undefined ? upToThreads : 1;
    if (most <= 1) return;
    if (engine.threads > 1) {
      engine.setSolo(hopsPerWindow < HOPS_WORTH_SHARING);
    } else if (!this.#recruited && runMs > SHORT_RUN_MS && hopsPerWindow >= HOPS_WORTH_SHARING) {
      this.#recruited = true;
      // Where workers cannot be started, the run goes on without.
      engine.setThreads(most).catch(() => {});
    }
  }
}
