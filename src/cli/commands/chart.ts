import { readFile, stat } from "node:fs/promises";
import { type Command, InvalidArgumentError } from "commander";
import { didYouMean } from "../../scenario/types/suggest.js";
import { rankingChart } from "../../study/charts/ranking.js";
import { chartFormat, checkDrawing, renderChart } from "../../study/charts/render.js";
import { slowdownChart } from "../../study/charts/slowdown.js";
import { type ChartRow, sweepChart } from "../../study/charts/sweep.js";
import { readResult } from "../../study/compare/read.js";
import { StoreFolder } from "../../study/store/folder.js";
import { readManifest } from "../../study/store/manifests.js";
import { readRows } from "../../study/store/rows.js";
import type { Manifest } from "../../study/sweep/manifest.js";
import { isIntact, type PointRow } from "../../study/sweep/row.js";
import { joinRows } from "../../study/sweep/summary.js";
import { tornadoReport } from "../../study/tornado/effects.js";
import type { Environment } from "../support/environment.js";
import { fileErrorReason, InputError } from "../support/failures.js";
import { addVerboseOption, wholeTo } from "../support/options.js";
import { checkWritable, writeWhole } from "../support/output.js";
import { addSweepOption } from "../sweep/options.js";
import { storedRows, writePareto } from "../sweep/pareto.js";
import { drawTornado, isTornado, type TornadoManifest } from "../sweep/tornado.js";

interface ChartOptions {
  readonly x?: string;
  readonly y: string;
  readonly where: Readonly<Record<string, string>>;
  readonly best?: number;
  readonly pareto?: boolean;
  readonly title?: string;
  readonly sweep?: string;
  readonly out: string;
}

const ROW_SCHEMA = "heddle.point/1";

const MAX_BARS = 60;

export function define(command: Command, env: Environment): void {
  command
    .argument("<points>", "folder of a sweep's store, its rows as NDJSON, or a result: slowdowns of its flows")
    .option("--x <axis>", "axis from left to right, e.g. workload.size; not for a tornado")
    .option("--y <metric>", "metric to draw", "jctNs")
    .option("--where <axis=value>", "keep to points with this value; may be repeated", parseWhere, {})
    .option(
      "--best <n>",
      "the best points by the metric as bars, refused ones marked; in place of --x",
      wholeTo(MAX_BARS),
    )
    .option("--pareto", "JCT against the cost of the fabric, with the points that none beats in both; in place of --x")
    .option("--title <text>", "title of the chart")
    .requiredOption("--out <file>", "file to write, .svg or .png");
  addVerboseOption(addSweepOption(command)).action((file: string, options: ChartOptions) => chart(file, options, env));
}

async function chart(path: string, { out, sweep, ...options }: ChartOptions, env: Environment): Promise<void> {
  const format = chartFormat(out);
  await checkDrawing(format);
  await checkWritable(out);
  const isFolder = (await stat(path).catch(() => null))?.isDirectory() === true;
  const folder = new StoreFolder(path);
  const manifest = isFolder ? await readManifest(folder, sweep) : undefined;
  const { x } = options;
  const document = isFolder ? undefined : await readDocument(path);
  if (document !== undefined) return drawDocument(document, path, { ...options, out }, env);
  if (manifest !== undefined && isTornado(manifest) && x === undefined) {
    return chartTornado(manifest, await readRows(folder), { ...options, out }, env);
  }
  if (options.best !== undefined) {
    if (manifest === undefined) throw new InputError("--best goes with the folder of a sweep's store");
    return chartBest(manifest, await readRows(folder), { ...options, out }, env);
  }
  if (x === undefined && options.pareto !== true) {
    throw new InputError("name the axis from left to right, e.g. --x workload.size, or write --best 20, or --pareto");
  }
  const rows = manifest === undefined ? await readFileRows(path) : storedRows(manifest, await readRows(folder));
  if (x === undefined) return writePareto(rows, out, env);
  if (options.pareto === true) throw new InputError("--x does not go with --pareto, whose axes are cost and JCT");
  const drawn = await renderChart(sweepChart(rows, { ...options, x }), format);
  await writeWhole(out, drawn);
  env.stderr.write(`heddle: ${out} written\n`);
}

/** A document of heddle's that is not rows of a sweep; undefined for anything else. */
async function readDocument(path: string): Promise<{ readonly schema: string } | undefined> {
  const text = await readFile(path, "utf8").catch(() => "");
  try {
    const value = JSON.parse(text) as { schema?: unknown } | null;
    const schema = value?.schema;
    return typeof schema === "string" && schema !== ROW_SCHEMA ? { ...value, schema } : undefined;
  } catch {
    return undefined;
  }
}

async function drawDocument(
  document: { readonly schema: string },
  path: string,
  { x, where, title, out }: ChartOptions,
  env: Environment,
): Promise<void> {
  if (x !== undefined || Object.keys(where).length > 0) {
    throw new InputError("--x and --where go with rows of a sweep; a result has no axes");
  }
  const spec = slowdownChart(readResult(JSON.stringify(document), path), title);
  await writeWhole(out, await renderChart(spec, chartFormat(out)));
  env.stderr.write(`heddle: ${out} written\n`);
}

async function chartTornado(
  manifest: TornadoManifest,
  rows: ReadonlyMap<string, PointRow>,
  { y, where, title, out }: ChartOptions,
  env: Environment,
): Promise<void> {
  if (Object.keys(where).length > 0) throw new InputError("--where goes with an axis; a tornado has none");
  const known = [...new Set(joinRows(manifest, rows).flatMap(({ row }) => Object.keys(row?.metrics ?? {})))];
  if (known.length > 0 && !known.includes(y)) {
    throw new InputError(`there is no metric ${y}${didYouMean(y, known)}; there are ${known.join(", ")}`);
  }
  return drawTornado(tornadoReport(manifest, rows, y), out, env, title);
}

async function chartBest(
  manifest: Manifest,
  rows: ReadonlyMap<string, PointRow>,
  { x, y, where, best, title, out }: ChartOptions,
  env: Environment,
): Promise<void> {
  if (x !== undefined || Object.keys(where).length > 0) throw new InputError("--x and --where do not go with --best");
  const spec = rankingChart(storedRows(manifest, rows), manifest.invalid, {
    y,
    count: best!,
    ...(title !== undefined && { title }),
  });
  await writeWhole(out, await renderChart(spec, chartFormat(out)));
  env.stderr.write(`heddle: ${out} written\n`);
}

/** @throws InputError where the file is not there, or a line is no row. */
async function readFileRows(file: string): Promise<readonly ChartRow[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new InputError(`cannot read ${file}: ${fileErrorReason(cause)}`);
  }
  const lines = text.split("\n");
  const rows = lines.flatMap((line, i) => (line.trim() === "" ? [] : [readRow(line, `${file}:${i + 1}`)]));
  if (rows.length === 0) throw new InputError(`${file} has no rows`);
  return rows;
}

function readRow(line: string, place: string): ChartRow {
  let value: Record<string, unknown> | null;
  try {
    value = JSON.parse(line) as typeof value;
  } catch (cause) {
    throw new InputError(`${place}: not JSON (${(cause as Error).message})`);
  }
  const axes = value?.axes;
  if (value?.schema !== ROW_SCHEMA || typeof axes !== "object" || axes === null || typeof value.seed !== "number") {
    throw new InputError(`${place}: not a point of a sweep; rows have the schema ${ROW_SCHEMA}`);
  }
  // Tables that heddle sweep export wrote have no checksums.
  if ("checksum" in value && !isIntact(line)) throw new InputError(`${place}: damaged: its checksum is of another row`);
  const metrics = Object.fromEntries(
    Object.entries(value).filter(
      ([name, metric]) => name !== "seed" && (typeof metric === "number" || metric === null),
    ),
  );
  return { axes: axes as ChartRow["axes"], seed: value.seed, metrics };
}

/** @throws InvalidArgumentError */
function parseWhere(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const equals = text.indexOf("=");
  if (equals < 1) throw new InvalidArgumentError("Write axis=value, e.g. --where routing.policy=ecmp.");
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) };
}
