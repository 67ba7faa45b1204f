import { readFile } from "node:fs/promises";
import { type Command, InvalidArgumentError } from "commander";
import { styleFor } from "../../answer/text/style.js";
import { parseQuantity } from "../../scenario/types/units.js";
import { perfChart } from "../../study/charts/perf.js";
import type { PerfDocument } from "../../study/perf/document.js";
import { type MeasuredRow, readMeasured } from "../../study/perf/measured.js";
import { MAX_SIZES, sizesOf } from "../../study/perf/sizes.js";
import { formatPerf } from "../../study/perf/text.js";
import { checkOutputs, type DocumentOutputs, writeOutputs } from "../support/document-output.js";
import type { Environment } from "../support/environment.js";
import { fileErrorReason, InputError } from "../support/failures.js";
import { readScenario } from "../support/input.js";
import { addSetOption, addVerboseOption, FILE_ARGUMENT, parseDurationMs, parseWorkers } from "../support/options.js";
import { tellEnd, withPool } from "../support/pooled-runs.js";
import { printDocument } from "../support/print-document.js";

interface Options extends DocumentOutputs {
  readonly json?: boolean;
  readonly set: readonly string[];
  readonly collective?: string;
  readonly minbytes: number;
  readonly maxbytes: number;
  readonly stepfactor: number;
  readonly nccl?: boolean;
  readonly measured?: string;
  readonly jobs?: number;
  readonly timeout?: number;
  readonly quiet?: boolean;
}

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
  await checkOutputs(options);
  const { minbytes, maxbytes, stepfactor } = options;
  if (minbytes > maxbytes) throw new InputError("-b is larger than -e; write the smallest size as -b");
  const sizes = sizesOf(minbytes, maxbytes, stepfactor);
  if (sizes.length > MAX_SIZES) throw new InputError(`more than ${MAX_SIZES} sizes; write a larger factor: -f 2`);
  const measured = options.measured === undefined ? undefined : await readTable(options.measured);
  if (measured !== undefined && options.quiet !== true) warnOfSizes(measured, sizes, env);
  const { scenario } = await readScenario(file, options, env);
  const document = await withPool(options, env, async (pool, hooks) => {
    const { runPerf } = await import("../../study/perf/perf.js");
    return runPerf(pool, scenario, {
      sizes,
      ...(measured && { measured }),
      ...(options.collective === undefined ? {} : { collective: options.collective }),
      ...(options.nccl === true ? { withNccl: true } : {}),
      timeoutMs: options.timeout,
      memoryLimitBytes: env.memoryLimitBytes,
      ...hooks,
    });
  });
  if (document !== undefined) await write(document, options, env);
}

async function write(document: PerfDocument, options: Options, env: Environment) {
  printDocument(document, () => formatPerf(document, styleFor(env.stdout.hasColor)), options, env);
  const failed = document.rows.filter(({ simulated }) => simulated === null);
  const [first] = failed;
  const firstFailure = first && `size ${first.sizeBytes}: ${first.status}`;
  tellEnd({ isCut: document.status === "cancelled", what: "table", failed: failed.length, firstFailure }, env);
  await writeOutputs(document, options, () => perfChart(document));
}

/** A table that meets none of the sizes would only have empty columns. */
function warnOfSizes(measured: ReadonlyMap<number, MeasuredRow>, sizes: readonly number[], env: Environment): void {
  if (sizes.some((size) => measured.has(size))) return;
  const [first, second] = measured.keys();
  const some = [first, second].filter((size) => size !== undefined).join(", ");
  env.stderr.write(`warning: the measured table has none of these sizes, but ${some}; write others by -b, -e and -f\n`);
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
