/** Planning and running points with a pool, its display and interrupts. */

import type { RunEstimate } from "../../api/estimate.js";
import { coreDigest } from "../../engine/core/instance.js";
import type { PointFailure } from "../../study/store/failures.js";
import type { StoreFolder } from "../../study/store/folder.js";
import type { Manifest, PlannedPoint } from "../../study/sweep/manifest.js";
import type { Build } from "../../study/sweep/point.js";
import type { PointRow } from "../../study/sweep/row.js";
import { VERSION } from "../../util/version.js";
import { type BatchReporter, batchReporter, NO_BATCH_PROGRESS } from "../support/batch-progress.js";
import type { Environment, Interrupts } from "../support/environment.js";
import { InputError } from "../support/failures.js";
import { printWarnings, type SweepInput } from "./input.js";
import type { PoolSettings } from "./options.js";

/** Loaded on demand: other commands do without. */
type RunPool = import("../../study/batch/pool.js").RunPool;
type PlannedSweep = import("../../study/batch/plan-sweep.js").PlannedSweep;

const LOG_INTERVAL_MS = 5000;
const FREQUENT_INTERVAL_MS = 1000;
/** Of what is free. */
const MEMORY_SHARE = 0.9;

async function currentBuild(): Promise<Build> {
  return { heddleVersion: VERSION, coreDigest: await coreDigest() };
}

/** Points have the ids of the build that planned them. @throws InputError */
export async function checkBuild(manifest: Manifest, path: string): Promise<void> {
  const build = await currentBuild();
  if (manifest.coreDigest === build.coreDigest && manifest.heddleVersion === build.heddleVersion) return;
  throw new InputError(
    `the sweep was planned by another build of heddle (${manifest.heddleVersion}); plan it again: heddle sweep plan ${manifest.source} --out ${path}`,
  );
}

/** A pool for as long as `use` takes. */
export class SweepSession {
  readonly signal: AbortSignal;
  readonly #display: BatchReporter;

  private constructor(
    private readonly pool: RunPool,
    private readonly settings: PoolSettings,
    private readonly env: Environment,
    { signal, windUp }: Interrupts,
  ) {
    this.signal = signal;
    this.#display = reporterFor(settings, env);
    this.signal.addEventListener("abort", () => {
      windUp();
      this.#display.end();
      env.stderr.write("heddle: stopping\n");
    });
  }

  static async with<T>(
    settings: PoolSettings,
    env: Environment,
    use: (session: SweepSession) => Promise<T>,
  ): Promise<T> {
    const { RunPool } = await import("../../study/batch/pool.js");
    return env.heedInterrupts(async (interrupts) => {
      const pool = await RunPool.start({ workers: settings.workers ?? env.cores });
      const session = new SweepSession(pool, settings, env, interrupts);
      try {
        return await use(session);
      } finally {
        session.#display.end();
        await pool.close();
      }
    });
  }

  /** @returns undefined where it was interrupted. @throws ScenarioError, SweepError */
  async plan(
    { sweep, file, readPolicy }: SweepInput,
    known: ReadonlyMap<string, RunEstimate>,
  ): Promise<PlannedSweep | undefined> {
    const { planSweep } = await import("../../study/batch/plan-sweep.js");
    const { signal } = this;
    try {
      const planned = await planSweep(sweep, await currentBuild(), this.pool, {
        file,
        readPolicy,
        known,
        signal,
        onProgress: (done, total) => this.#display.note(`planning: ${done}/${total} scenarios estimated`),
      });
      this.#display.end();
      printWarnings(planned.expansion.warnings, this.settings.quiet === true, this.env);
      return planned;
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  async run(
    folder: StoreFolder,
    manifest: Manifest,
    points: readonly PlannedPoint[],
    write: (row: PointRow) => Promise<void>,
  ): Promise<PointFailure[]> {
    const { runPoints } = await import("../../study/batch/run-points.js");
    const { memory, timeout, retries, keepResults } = this.settings;
    const failures = await runPoints(folder, manifest, points, this.pool, {
      memoryLimitBytes: memory ?? MEMORY_SHARE * this.env.memoryLimitBytes,
      ...(timeout !== undefined && { timeoutMs: timeout }),
      ...(retries !== undefined && { retries }),
      ...(keepResults !== undefined && { keepResults }),
      signal: this.signal,
      onProgress: (state) => this.#display.report(state),
      write,
    });
    this.#display.end();
    return failures;
  }
}

function reporterFor({ quiet = false, progress = false }: PoolSettings, { stderr }: Environment): BatchReporter {
  if (quiet) return NO_BATCH_PROGRESS;
  const live = stderr.isTerminal && !progress;
  return batchReporter(stderr, live, progress ? FREQUENT_INTERVAL_MS : LOG_INTERVAL_MS, "points");
}
