import { join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { parseQuantity } from "../../scenario/types/units.js";
import { ChartError, chartFormat, checkDrawing, renderChart } from "../../study/charts/render.js";
import { shootoutChart } from "../../study/charts/shootout.js";
import type { ChartSpec } from "../../study/charts/spec.js";
import type { ShootoutDocument } from "../../study/shootout/document.js";
import type { FigureName } from "../../study/shootout/figures.js";
import type { ShootoutOptions } from "../../study/shootout/shootout.js";
import { formatShootout } from "../../study/shootout/text.js";
import { makeFolder } from "../../study/store/make-folder.js";
import type { Environment } from "../support/environment.js";
import { fileErrorReason, InputError } from "../support/failures.js";
import { readScenario } from "../support/input.js";
import { addSetOption, addVerboseOption, FILE_ARGUMENT, parseDurationMs, parseWorkers } from "../support/options.js";
import { checkWritable, writeWhole } from "../support/output.js";
import { tellEnd, withPool } from "../support/pooled-runs.js";
import { jsonOf, printDocument } from "../support/print-document.js";

interface Options {
  readonly set: readonly string[];
  readonly policies?: readonly string[];
  readonly patterns?: readonly string[];
  readonly seeds?: number;
  readonly size?: number;
  readonly rankBy: string;
  readonly transport: "same" | "own";
  readonly jobs?: number;
  readonly timeout?: number;
  readonly json?: boolean;
  readonly chart?: string;
  readonly out?: string;
  readonly quiet?: boolean;
  readonly progress?: boolean;
}

/** What rankings may go by, as options name it. */
const RANKED_BY: Readonly<Record<string, FigureName>> = {
  jct: "jctNs",
  bandwidth: "bandwidthGBps",
  "least-bandwidth": "leastBandwidthGBps",
  "p99-fct": "p99FctNs",
};

const MAX_SEEDS = 10_000;

export function define(command: Command, env: Environment): void {
  command
    .argument(...FILE_ARGUMENT)
    .option(
      "--policies <names>",
      "policies, with commas between them, files of your own too (default: all that the fabric allows)",
      parseList,
    )
    .option("--patterns <names>", "patterns, with commas between them (default: all that the fabric allows)", parseList)
    .option("--seeds <n>", "seeds (default: the fewest with which differences can be significant)", parseSeeds)
    .option(
      "--size <size>",
      "bytes of a message (default: the file's where it is a pattern of flows, else 1MiB)",
      parseSize,
    )
    .addOption(new Option("--rank-by <figure>", "what rankings go by").choices(Object.keys(RANKED_BY)).default("jct"))
    .addOption(
      new Option("--transport <choice>", "one transport for all policies, or to each its own")
        .choices(["same", "own"])
        .default("same"),
    )
    .option("--jobs <n>", "runs at a time (default: as many as there are cores)", parseWorkers)
    .option("--timeout <time>", "wall-clock time after which a run fails, e.g. 5min (default: none)", parseDurationMs)
    .option("--json", "print one JSON document, and nothing else")
    .option("--chart <file>", "draw a chart, .svg or .png")
    .option("--out <folder>", "write result.json, table.txt and chart.svg to a folder, too")
    .option("--quiet", "no progress and no warnings")
    .option("--progress", "progress as a plain line every second, even on a terminal");
  addVerboseOption(addSetOption(command)).action((file: string, options: Options) => bench(file, options, env));
}

async function bench(file: string, options: Options, env: Environment): Promise<void> {
  const format = options.chart === undefined ? undefined : chartFormat(options.chart);
  if (format !== undefined) await checkDrawing(format);
  if (options.chart !== undefined) await checkWritable(options.chart);
  if (options.out !== undefined) await makeOut(options.out);
  const { scenario } = await readScenario(file, { ...options, quiet: true }, env);
  const document = await withPool(options, env, async (pool, hooks) => {
    const { runShootout } = await import("../../study/shootout/shootout.js");
    return runShootout(pool, scenario, { ...shootoutOptions(options, env), ...hooks });
  });
  if (document !== undefined) await write(document, options, format, env);
}

function shootoutOptions(options: Options, env: Environment): ShootoutOptions {
  const { policies, patterns, seeds, size, timeout } = options;
  return {
    ...(policies && { policies }),
    ...(patterns && { patterns }),
    ...(seeds !== undefined && { seeds }),
    ...(size !== undefined && { sizeBytes: size }),
    timeoutMs: timeout,
    rankedBy: RANKED_BY[options.rankBy]!,
    transport: options.transport,
    memoryLimitBytes: env.memoryLimitBytes,
  };
}

async function write(
  document: ShootoutDocument,
  options: Options,
  format: "svg" | "png" | undefined,
  env: Environment,
): Promise<void> {
  printDocument(document, () => formatShootout(document, { color: env.stdout.hasColor }), options, env);
  const failed = document.runs.filter(({ figures }) => figures === null);
  const [first] = failed;
  const firstFailure = first && `${first.policy} under ${first.pattern}, seed ${first.seed}: ${first.status}`;
  tellEnd({ isCut: document.status === "cancelled", what: "ranking", failed: failed.length, firstFailure }, env);
  if (options.out !== undefined) {
    await writeWhole(join(options.out, "result.json"), jsonOf(document));
    await writeWhole(join(options.out, "table.txt"), formatShootout(document, { color: false }));
  }
  const chart = shootoutChart(document);
  if (options.chart !== undefined) await writeWhole(options.chart, await renderChart(chart, format!));
  if (options.out !== undefined) await drawBeside(join(options.out, "chart.svg"), chart, env);
}

/** Results are worth having without their chart. */
async function drawBeside(path: string, chart: ChartSpec, env: Environment): Promise<void> {
  try {
    await writeWhole(path, await renderChart(chart, "svg"));
  } catch (cause) {
    if (!(cause instanceof ChartError)) throw cause;
    env.stderr.write(`heddle: ${path} is not drawn: ${cause.message}
`);
  }
}

async function makeOut(path: string): Promise<void> {
  try {
    await makeFolder(path);
  } catch (cause) {
    throw new InputError(`cannot make the folder ${path}: ${fileErrorReason(cause)}`);
  }
}

/** @throws InvalidArgumentError */
function parseList(text: string): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.includes("")) throw new InvalidArgumentError("Write names with commas between them, e.g. ecmp,adaptive.");
  return names;
}

/** @throws InvalidArgumentError */
function parseSeeds(text: string): number {
  const seeds = Number(text);
  if (/^[1-9]\d*$/.test(text) && seeds <= MAX_SEEDS) return seeds;
  throw new InvalidArgumentError(`Write a number of seeds from 1 to ${MAX_SEEDS}.`);
}

/** @throws InvalidArgumentError */
function parseSize(text: string): number {
  const parsed = parseQuantity("size", text);
  if (!parsed.ok) throw new InvalidArgumentError(`${parsed.message}.`);
  if (parsed.value < 1) throw new InvalidArgumentError("Write at least 1B.");
  return parsed.value;
}
