/** What the commands share that make tornados, and show them. */
import { type Command, InvalidArgumentError } from "commander";
import { IssueList } from "../../scenario/document/issues.js";
import { readText } from "../../scenario/document/read-text.js";
import { applyOverrides } from "../../scenario/parse/overrides.js";
import { ScenarioError } from "../../scenario/types/errors.js";
import { chartFormat, checkDrawing, renderChart } from "../../study/charts/render.js";
import { tornadoChart } from "../../study/charts/tornado.js";
import type { Manifest } from "../../study/sweep/manifest.js";
import type { PointRow } from "../../study/sweep/row.js";
import { sweepName } from "../../study/sweep/sweep-file.js";
import type { TornadoPlan } from "../../study/sweep/tornado-plan.js";
import { type TornadoReport, tornadoReport } from "../../study/tornado/effects.js";
import { type TornadoSettings, tornadoSource } from "../../study/tornado/expand.js";
import { formatTornado } from "../../study/tornado/text.js";
import { type Environment, kindOf } from "../support/environment.js";
import { InputError } from "../support/failures.js";
import { readScenarioText } from "../support/input.js";
import { checkWritable, writeWhole } from "../support/output.js";
import { policyReader, type SweepInput } from "./input.js";

export interface TornadoOptions {
  readonly tornado?: boolean;
  /** Share. */
  readonly by?: number;
  readonly parameters?: readonly string[];
  readonly seeds?: number;
}

export interface TornadoOutput {
  readonly json?: boolean;
  readonly chart?: string;
}

const DEFAULT_SHARE = 0.1;
const MAX_SEEDS = 10_000;

export function addTornadoOptions(command: Command): Command {
  return command
    .option("--tornado", "of a scenario, not a sweep file: move each of its numbers down and up, and rank the effects")
    .option("--by <share>", "with --tornado: how far (default: 10%)", parseShare)
    .option(
      "--parameters <paths>",
      "with --tornado: these numbers only, with commas between them, e.g. links,transport.window",
      parsePaths,
    )
    .option("--seeds <n>", "with --tornado: seeds for each value, paired (default: 1)", parseSeeds);
}

/** Options that mean nothing without `--tornado`. @throws InputError */
export function checkTornadoOptions({ tornado, by, parameters, seeds }: TornadoOptions): void {
  if (tornado === true) return;
  for (const [name, value] of Object.entries({ by, parameters, seeds })) {
    if (value === undefined) continue;
    const hint = name === "seeds" ? "; a sweep file says its seeds itself" : "";
    throw new InputError(`--${name} goes with --tornado${hint}`);
  }
}

/** A scenario as what a tornado is planned from. @throws InputError, ScenarioError */
export async function readTornadoInput(
  name: string,
  set: readonly string[],
  { by, parameters, seeds }: TornadoOptions,
  env: Environment,
): Promise<SweepInput> {
  const { text, file, defaultName, folder } = await readScenarioText(name, env);
  const read = readText(text, file);
  if ("issues" in read) throw new ScenarioError(read.issues);
  const issues = new IssueList(file);
  const base = applyOverrides(read.root, set, issues);
  if (!issues.isEmpty) throw new ScenarioError(issues.list());
  const settings: TornadoSettings = {
    share: by ?? DEFAULT_SHARE,
    seeds: seeds ?? 1,
    ...(parameters && { parameters }),
  };
  const sweep = tornadoSource(sweepName(`${defaultName}-tornado`), base, defaultName, settings);
  return { sweep, file, readPolicy: policyReader(new Map(), folder) };
}

export type TornadoManifest = Manifest & { readonly tornado: TornadoPlan };

export function isTornado(manifest: Manifest): manifest is TornadoManifest {
  return manifest.tornado !== undefined;
}

/** Before a long run: whether what is asked for can be written. @throws InputError, ChartError */
export async function checkTornadoOutput({ chart }: TornadoOutput): Promise<void> {
  if (chart === undefined) return;
  await checkDrawing(chartFormat(chart));
  await checkWritable(chart);
}

export async function writeTornado(
  manifest: TornadoManifest,
  rows: ReadonlyMap<string, PointRow>,
  metric: string,
  { json, chart }: TornadoOutput,
  env: Environment,
): Promise<void> {
  const report = tornadoReport(manifest, rows, metric);
  env.stdout.write(json === true ? `${JSON.stringify(report, null, 2)}\n` : formatTornado(report), kindOf(json));
  if (chart !== undefined) await drawTornado(report, chart, env);
}

/** @throws ChartError */
export async function drawTornado(
  report: TornadoReport,
  path: string,
  env: Environment,
  title?: string,
): Promise<void> {
  await writeWhole(path, await renderChart(tornadoChart(report, title), chartFormat(path)));
  env.stderr.write(`heddle: ${path} written\n`);
}

/** @throws InvalidArgumentError */
function parseShare(text: string): number {
  const [, number, sign] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim()) ?? [];
  const share = Number(number) / (sign === "%" ? 100 : 1);
  if (share > 0 && share < 1) return share;
  throw new InvalidArgumentError("Write a share above 0 and below 100 %, e.g. --by 10%.");
}

/** @throws InvalidArgumentError */
function parsePaths(text: string): string[] {
  const paths = text.split(",").map((path) => path.trim());
  if (paths.every((path) => path !== "")) return paths;
  throw new InvalidArgumentError("Write paths with commas between them, e.g. links.access.rate,transport.");
}

/** @throws InvalidArgumentError */
function parseSeeds(text: string): number {
  if (/^[1-9]\d*$/.test(text) && Number(text) <= MAX_SEEDS) return Number(text);
  throw new InvalidArgumentError(`Write a number of seeds from 1 to ${MAX_SEEDS}.`);
}
