/** Commands whose many runs make one document: their pool, display, interrupts and exit code. */

import { counted } from "../../answer/text/units.js";
import type { BatchState, RunPool } from "../../study/batch/index.js";
import { batchReporter, NO_BATCH_PROGRESS } from "./batch-progress.js";
import type { Environment } from "./environment.js";
import { ExitCode } from "./exit-codes.js";

const LOG_INTERVAL_MS = 5000;
const FREQUENT_INTERVAL_MS = 1000;

export interface PooledRunsOptions {
  /** Runs at a time; left out: as many as there are cores. */
  readonly jobs?: number | undefined;
  readonly quiet?: boolean | undefined;
  /** Progress as plain lines every second, even on a terminal. */
  readonly progress?: boolean | undefined;
}

/** What runs are to be given. */
export interface RunHooks {
  readonly signal: AbortSignal;
  readonly onProgress: (state: BatchState) => void;
}

/**
 * What `use` makes of its runs. Undefined where it was interrupted before there was anything to
 * tell, which has been said then.
 */
export async function withPool<Document>(
  { jobs, quiet, progress }: PooledRunsOptions,
  env: Environment,
  use: (pool: RunPool, hooks: RunHooks) => Promise<Document>,
): Promise<Document | undefined> {
  const document = await env.heedInterrupts(async ({ signal, windUp }) => {
    const isLive = env.stderr.isTerminal && progress !== true;
    const intervalMs = progress === true ? FREQUENT_INTERVAL_MS : LOG_INTERVAL_MS;
    const display = quiet === true ? NO_BATCH_PROGRESS : batchReporter(env.stderr, isLive, intervalMs);
    signal.addEventListener("abort", () => {
      windUp();
      display.end();
      env.stderr.write("heddle: stopping; interrupt once more to stop at once\n");
    });
    // Workers, and what they need, are of no use to other commands.
    const { RunPool } = await import("../../study/batch/index.js");
    const pool = await RunPool.start({ workers: jobs ?? env.cores });
    try {
      return await use(pool, { signal, onProgress: display.report });
    } catch (cause) {
      if (!signal.aborted) throw cause;
      return undefined;
    } finally {
      display.end();
      await pool.close();
    }
  });
  if (document === undefined) {
    env.setExitCode(ExitCode.Interrupted);
    env.stderr.write("heddle: interrupted before any run had ended\n");
  }
  return document;
}

export interface RunsEnd {
  readonly isCut: boolean;
  /** What the document is called: `table`. */
  readonly what: string;
  readonly failed: number;
  /** The first run that failed, and why. */
  readonly firstFailure?: string | undefined;
}

/** Says how the runs ended, and sets the exit code by it. */
export function tellEnd({ isCut, what, failed, firstFailure }: RunsEnd, env: Environment): void {
  if (failed > 0) env.stderr.write(`heddle: ${counted(failed, "run")} failed; ${firstFailure}\n`);
  if (isCut) env.stderr.write(`heddle: interrupted; the ${what} is of what had ended by then\n`);
  env.setExitCode(isCut ? ExitCode.Interrupted : failed > 0 ? ExitCode.Unfinished : ExitCode.Done);
}
