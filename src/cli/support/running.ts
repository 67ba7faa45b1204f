/**
 * What `run` and `resume` share: progress, interrupts, snapshots, and what becomes of the result.
 */

import { rm } from "node:fs/promises";
import type { Command } from "commander";
import type { ResultDocument } from "../../answer/result/document.js";
import { bytes } from "../../answer/text/units.js";
import type { Snapshot } from "../../api/options.js";
import type { MemoryEstimate } from "../../engine/estimate/index.js";
import { SnapshotError, writeSnapshot } from "../../study/snapshot/index.js";
import { type Environment, kindOf } from "./environment.js";
import { ExitCode } from "./exit-codes.js";
import type { Library } from "./library.js";
import { parseDurationMs, parseThreads } from "./options.js";
import { checkWritable, writeWhole } from "./output.js";
import { NO_PROGRESS, type ProgressReporter, progressReporter } from "./progress.js";
import type { Keep, SimulateOptions } from "./simulate-options.js";

export interface RunningOptions {
  readonly threads?: number;
  readonly snapshotEvery?: number;
  readonly json?: boolean;
  readonly out?: string;
  readonly quiet?: boolean;
  readonly fastForward?: boolean;
  readonly progress?: boolean;
}

/** Less memory than this is not worth a line in a log. */
const NOTABLE_BYTES = 256 * 2 ** 20;
const LOG_INTERVAL_MS = 5000;
const FREQUENT_INTERVAL_MS = 1000;

export function addRunningOptions(command: Command): Command {
  return command
    .option("--json", "print the result as one JSON document, and nothing else")
    .option("--out <file>", "write the result to a file, as JSON, too")
    .option(
      "--threads <n>",
      "threads to simulate with (default: as many as there are cores, where it pays)",
      parseThreads,
    )
    .option("--snapshot-every <time>", "time between snapshots, e.g. 10min (default: 60s)", parseDurationMs)
    .option("--no-fast-forward", "simulate what is sure to repeat, too: the same result, later")
    .option("--quiet", "no progress and no warnings")
    .option("--progress", "progress as a plain line every second, even on a terminal");
}

/**
 * Runs a simulation, prints its result and sets the exit code.
 * @param snapshot Where to keep it while it runs; removed when it has ended.
 */
export async function runAndPrint(
  simulate: (library: Library, options: SimulateOptions) => Promise<ResultDocument>,
  options: RunningOptions,
  snapshot: { readonly path: string; readonly everyMs: number } | undefined,
  env: Environment,
): Promise<void> {
  if (options.out !== undefined) await checkWritable(options.out);
  const library = await env.library();
  const progress = reporterFor(options, env);
  let isKept = false;
  const keep: Keep | undefined = snapshot && {
    everyMs: snapshot.everyMs,
    write: async (state) => {
      isKept = (await keepState(snapshot.path, state, env)) || isKept;
    },
  };
  const result = await env.heedInterrupts(async ({ signal, windUp }) => {
    signal.addEventListener("abort", () => {
      progress.end();
      env.stderr.write("heddle: stopping; interrupt once more to stop at once\n");
    });
    try {
      return await simulate(library, {
        memoryLimitBytes: () => env.memoryLimitBytes,
        onEstimate: (memory) => tellEstimate(memory, options, env),
        onProgress: (at) => progress.report(at),
        ...(options.fastForward === false ? { fastForward: false } : {}),
        signal,
        onBreak: windUp,
        ...(options.threads === undefined ? { upToThreads: env.cores } : { threads: options.threads }),
        ...(keep && { keep }),
      });
    } catch (cause) {
      // Before there is anything to tell.
      if (signal.aborted && cause === signal.reason) return undefined;
      throw cause;
    } finally {
      progress.end();
    }
  });
  if (result === undefined) {
    env.stderr.write("heddle: interrupted before the run had begun\n");
    env.setExitCode(ExitCode.Interrupted);
    return;
  }
  await print(result, library, options, env);
  if (result.status !== "finished")
    env.stderr.write(`heddle: ${describeStatus(result, isKept ? snapshot?.path : undefined)}\n`);
  if (snapshot !== undefined && result.status !== "cancelled") await rm(snapshot.path, { force: true });
}

/**
 * A snapshot is worth less than the run: where it cannot be written, e.g. on a full disk, the run
 * goes on.
 */
async function keepState(path: string, state: Snapshot, { stderr }: Environment): Promise<boolean> {
  try {
    await writeSnapshot(path, state);
    return true;
  } catch (cause) {
    if (!(cause instanceof SnapshotError)) throw cause;
    stderr.write(`warning: ${cause.message}; the run goes on without a new snapshot\n`);
    return false;
  }
}

/**
 * Tells what the process will take: what it takes by now, plan included, and what is still to come.
 */
function tellEstimate(
  { totalBytes, keptBytes, outcomeBytes }: MemoryEstimate,
  { quiet, fastForward }: RunningOptions,
  { stderr, usedMemoryBytes }: Environment,
): void {
  const processBytes = usedMemoryBytes + totalBytes + outcomeBytes;
  if (quiet === true || (processBytes < NOTABLE_BYTES && !stderr.isTerminal)) return;
  const mayKeep = fastForward !== false && keptBytes > 0;
  stderr.write(
    `memory: about ${bytes(processBytes)}, ${bytes(totalBytes)} of it in the core${mayKeep ? `, up to ${bytes(keptBytes)} more if it repeats itself` : ""}\n`,
  );
}

async function print(result: ResultDocument, library: Library, options: RunningOptions, env: Environment) {
  const json = `${JSON.stringify(result, null, 2)}\n`;
  env.stdout.write(
    options.json === true ? json : withNewline(library.formatResult(result, { color: env.stdout.hasColor })),
    kindOf(options.json),
  );
  env.setExitCode(exitCodeOf(result));
  // Last: what cannot be written is on the screen at least.
  if (options.out !== undefined) await writeWhole(options.out, json);
}

/** What is shown of progress by `--quiet` and `--progress`. */
export function reporterFor(options: Pick<RunningOptions, "quiet" | "progress">, env: Environment): ProgressReporter {
  if (options.quiet === true) return NO_PROGRESS;
  const interval = options.progress === true ? FREQUENT_INTERVAL_MS : LOG_INTERVAL_MS;
  const isLive = env.stderr.isTerminal && options.progress !== true;
  return progressReporter(env.stderr, isLive, interval, isLive || options.progress === true);
}

function exitCodeOf({ status }: ResultDocument): ExitCode {
  if (status === "finished") return ExitCode.Done;
  return status === "cancelled" ? ExitCode.Interrupted : ExitCode.Unfinished;
}

function describeStatus({ status, diagnosis, policies }: ResultDocument, snapshot: string | undefined): string {
  if (status === "cancelled") {
    const policy = policies.routing === "custom" ? " --policy FILE" : "";
    const goOn = snapshot === undefined ? "" : `; go on with: heddle resume ${snapshot}${policy}`;
    return `interrupted; the result is what was known by then${goOn}`;
  }
  const fallback = status === "time-limit" ? "the time limit was reached" : "the job could not finish";
  return diagnosis?.text ?? fallback;
}

function withNewline(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}
