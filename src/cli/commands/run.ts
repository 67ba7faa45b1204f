import type { Command } from "commander";
import type { ResultDocument } from "../../result/document.js";
import type { Environment } from "../environment.js";
import { ExitCode } from "../exit-codes.js";
import { readScenario } from "../input.js";
import { addSetOption, addVerboseOption, FILE_ARGUMENT, parseThreads } from "../options.js";
import { checkWritable, writeWhole } from "../output.js";
import { NO_PROGRESS, type ProgressReporter, progressReporter } from "../progress.js";

export interface RunOptions {
  readonly set: readonly string[];
  readonly threads: number;
  readonly json?: boolean;
  readonly out?: string;
  readonly quiet?: boolean;
  readonly progress?: boolean;
}

const LOG_INTERVAL_MS = 5000;
const FREQUENT_INTERVAL_MS = 1000;

export function register(program: Command, env: Environment): void {
  const command = program
    .command("run")
    .description("simulate a scenario and print its result")
    .argument(...FILE_ARGUMENT)
    .option("--json", "print the result as one JSON document, and nothing else")
    .option("--out <file>", "write the result to a file, as JSON, too")
    .option("--threads <n>", "threads to simulate with", parseThreads, 1)
    .option("--quiet", "no progress and no warnings")
    .option("--progress", "progress as a plain line every second, even on a terminal");
  addVerboseOption(addSetOption(command)).action((file: string, options: RunOptions) => run(file, options, env));
}

async function run(file: string, options: RunOptions, env: Environment): Promise<void> {
  if (options.out !== undefined) await checkWritable(options.out);
  const { scenario } = await readScenario(file, options, env);
  const library = await env.library();
  const progress = reporterFor(options, env);
  const signal = env.interruptSignal();
  signal.addEventListener("abort", () => {
    progress.end();
    env.stderr.write("heddle: stopping; interrupt once more to stop at once\n");
  });
  let result: ResultDocument;
  try {
    result = await library.simulate(scenario, { onProgress: progress.report, signal });
  } finally {
    progress.end();
  }
  const json = `${JSON.stringify(result, null, 2)}\n`;
  if (options.out !== undefined) await writeWhole(options.out, json);
  env.stdout.write(
    options.json === true ? json : withNewline(library.formatResult(result, { color: env.stdout.hasColor })),
  );
  env.setExitCode(exitCodeOf(result));
  if (result.status !== "finished") env.stderr.write(`heddle: ${describeStatus(result)}\n`);
}

function reporterFor(options: RunOptions, env: Environment): ProgressReporter {
  if (options.quiet === true) return NO_PROGRESS;
  const interval = options.progress === true ? FREQUENT_INTERVAL_MS : LOG_INTERVAL_MS;
  return progressReporter(env.stderr, env.stderr.isTerminal && options.progress !== true, interval);
}

function exitCodeOf({ status }: ResultDocument): ExitCode {
  if (status === "finished") return ExitCode.Done;
  return status === "cancelled" ? ExitCode.Interrupted : ExitCode.Unfinished;
}

function describeStatus({ status, diagnosis }: ResultDocument): string {
  if (status === "cancelled") return "interrupted; the result is what was known by then";
  const fallback = status === "time-limit" ? "the time limit was reached" : "the job could not finish";
  return diagnosis?.text ?? fallback;
}

function withNewline(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}
