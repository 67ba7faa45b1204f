import { readFile } from "node:fs/promises";
import { type Command, InvalidArgumentError } from "commander";
import { styleFor } from "../../answer/text/style.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { parseQuantity } from "../../scenario/types/units.js";
import { perfChart } from "../../study/charts/perf.js";
import { chartFormat, checkDrawing, renderChart } from "../../study/charts/render.js";
import type { PerfDocument } from "../../study/perf/document.js";
import { type MeasuredRow, readMeasured } from "../../study/perf/measured.js";
import type { PerfOptions } from "../../study/perf/perf.js";
import { MAX_SIZES, sizesOf } from "../../study/perf/sizes.js";
import { formatPerf } from "../../study/perf/text.js";
import { batchReporter, NO_BATCH_PROGRESS } from "../support/batch-progress.js";
import { type Environment, type Interrupts, kindOf } from "../support/environment.js";
import { ExitCode } from "../support/exit-codes.js";
import { fileErrorReason, InputError } from "../support/failures.js";
import { readScenario } from "../support/input.js";
import { addSetOption, addVerboseOption, FILE_ARGUMENT, parseDurationMs, parseWorkers } from "../support/options.js";
import { checkWritable, writeWhole } from "../support/output.js";

interface Options {
  readonly set: readonly string[];
  readonly collective?: string;
  readonly minbytes: number;
  readonly maxbytes: number;
  readonly stepfactor: number;
  readonly nccl?: boolean;
  readonly measured?: string;
  readonly jobs?: number;
  readonly timeout?: number;
  readonly json?: boolean;
  readonly out?: string;
  readonly chart?: string;
  readonly quiet?: boolean;
}

const LOG_INTERVAL_MS = 5000;

export function define(command: Command, env: Environment): void {
  command
    .argument(...FILE_ARGUMENT)
    .option("--collective <name>", "collective, instead of the file's, e.g. all-gather")
    .option("-b, --minbytes <size>", "smallest size, e.g. 8 or 1K", parseBytes, 8)
    .option("-e, --maxbytes <size>", "largest size, e.g. 8G", parseBytes, 2 ** 33)
    .option("-f, --stepfactor <n>", "factor from one size to the next", parseFactor, 2)
    .option("--nccl", "put NCCL's own tuning model beside it, and the difference")
    .option("--measured <file>", "put a table printed by nccl-tests beside it, and the error")
    .option("--jobs <n>", "runs at a time (default: as many as there are cores)", parseWorkers)
    .option("--timeout <time>", "wall-clock time after which a run fails, e.g. 5min (default: none)", parseDurationMs)
    .option("--json", "print one JSON document, and nothing else")
    .option("--out <file>", "write the document to a file, too")
    .option("--chart <file>", "draw bandwidth and time over size, .svg or .png")
    .option("--quiet", "no progress and no warnings");
  addVerboseOption(addSetOption(command)).action((file: string, options: Options) => perf(file, options, env));
}

async function perf(file: string, options: Options, env: Environment): Promise<void> {
  const format = options.chart === undefined ? undefined : chartFormat(options.chart);
  if (format !== undefined) await checkDrawing(format);
  for (const path of [options.chart, options.out]) if (path !== undefined) await checkWritable(path);
  const { minbytes, maxbytes, stepfactor } = options;
  if (minbytes > maxbytes) throw new InputError("-b is larger than -e; write the smallest size as -b");
  const sizes = sizesOf(minbytes, maxbytes, stepfactor);
  if (sizes.length > MAX_SIZES) throw new InputError(`more than ${MAX_SIZES} sizes; write a larger factor: -f 2`);
  const measured = options.measured === undefined ? undefined : await readTable(options.measured);
  const { scenario } = await readScenario(file, options, env);
  const table = { sizes, ...(measured && { measured }) };
  const document = await env.heedInterrupts((interrupts) => run(scenario, options, table, env, interrupts));
  if (document === undefined) {
    env.setExitCode(ExitCode.Interrupted);
    env.stderr.write("heddle: interrupted before any run had ended\n");
    return;
  }
  await write(document, options, format, env);
}

/** Undefined where it was interrupted before there was anything to tell. */
async function run(
  scenario: Scenario,
  options: Options,
  table: Pick<PerfOptions, "sizes" | "measured">,
  env: Environment,
  { signal, windUp }: Interrupts,
): Promise<PerfDocument | undefined> {
  const progress =
    options.quiet === true ? NO_BATCH_PROGRESS : batchReporter(env.stderr, env.stderr.isTerminal, LOG_INTERVAL_MS);
  signal.addEventListener("abort", () => {
    windUp();
    progress.end();
    env.stderr.write("heddle: stopping; interrupt once more to stop at once\n");
  });
  const [{ RunPool }, { runPerf }] = await Promise.all([
    import("../../study/batch/index.js"),
    import("../../study/perf/perf.js"),
  ]);
  const pool = await RunPool.start({ workers: options.jobs ?? env.cores });
  try {
    return await runPerf(pool, scenario, {
      ...table,
      ...(options.collective === undefined ? {} : { collective: options.collective }),
      ...(options.nccl === true ? { withNccl: true } : {}),
      ...(options.timeout === undefined ? {} : { timeoutMs: options.timeout }),
      memoryLimitBytes: env.memoryLimitBytes,
      signal,
      onProgress: progress.report,
    });
  } catch (cause) {
    if (!signal.aborted) throw cause;
    return undefined;
  } finally {
    progress.end();
    await pool.close();
  }
}

async function write(document: PerfDocument, options: Options, format: "svg" | "png" | undefined, env: Environment) {
  const json = `${JSON.stringify(document, null, 2)}\n`;
  const style = styleFor(env.stdout.hasColor);
  env.stdout.write(options.json === true ? json : formatPerf(document, style), kindOf(options.json));
  const failed = document.rows.filter(({ simulated }) => simulated === null);
  if (failed.length > 0) {
    env.stderr.write(`heddle: ${failed.length} runs failed; size ${failed[0]!.sizeBytes}: ${failed[0]!.status}\n`);
  }
  if (document.status === "cancelled")
    env.stderr.write("heddle: interrupted; the table is of what had ended by then\n");
  const isCut = document.status === "cancelled";
  env.setExitCode(isCut ? ExitCode.Interrupted : failed.length > 0 ? ExitCode.Unfinished : ExitCode.Done);
  if (options.out !== undefined) await writeWhole(options.out, json);
  if (options.chart !== undefined) await writeWhole(options.chart, await renderChart(perfChart(document), format!));
}

async function readTable(file: string): Promise<ReadonlyMap<number, MeasuredRow>> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new InputError(`cannot read ${file}: ${fileErrorReason(cause)}`);
  }
  return readMeasured(text, file);
}

/** As nccl-tests reads sizes: a number of bytes, with K, M or G of 1024; or as scenarios do. */
function parseBytes(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([KMG]?)$/i.exec(text.trim()) ?? [];
  if (number !== undefined) {
    const bytes = Math.floor(Number(number) * 1024 ** ["", "K", "M", "G"].indexOf(unit!.toUpperCase()));
    if (bytes >= 1) return bytes;
  }
  const parsed = parseQuantity("size", text);
  if (parsed.ok && parsed.value >= 1) return parsed.value;
  throw new InvalidArgumentError("Write a size of at least one byte, e.g. 8, 64K, 1G or 1MiB.");
}

function parseFactor(text: string): number {
  const factor = Number(text);
  if (Number.isFinite(factor) && factor > 1) return factor;
  throw new InvalidArgumentError("Write a factor above 1, e.g. 2.");
}
