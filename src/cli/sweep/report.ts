/** What a sweep came to: the table, and the points that failed. */
import { counted } from "../../answer/text/units.js";
import type { PointFailure } from "../../study/store/failures.js";
import { idsOf, type Manifest, type PlanChange } from "../../study/sweep/manifest.js";
import { describeAxes } from "../../study/sweep/point.js";
import type { PointRow } from "../../study/sweep/row.js";
import { joinRows, summarise } from "../../study/sweep/summary.js";
import { formatGroups } from "../../study/sweep/table.js";
import type { Environment } from "../support/environment.js";
import { ExitCode } from "../support/exit-codes.js";
import { type ParetoOutput, storedRows, writePareto } from "./pareto.js";
import { isTornado, type TornadoOutput, writeTornado } from "./tornado.js";

const MAX_GROUPS = 60;
const MAX_FAILURES = 50;
/** Shown where nothing else is asked for. */
export const DEFAULT_METRIC = "jctNs";

/**
 * Prints the table, or the tornado, on standard output, what is missing on standard error, and sets
 * the exit code.
 */
export async function reportSweep(
  manifest: Manifest,
  rows: ReadonlyMap<string, PointRow>,
  failures: ReadonlyMap<string, PointFailure>,
  folder: string,
  env: Environment,
  output: TornadoOutput & ParetoOutput = {},
): Promise<void> {
  // First what is missing: a chart may have nothing to draw.
  env.setExitCode(reportMissing(manifest, rows, failures, env));
  if (isTornado(manifest)) return writeTornado(manifest, rows, DEFAULT_METRIC, output, env);
  const joined = joinRows(manifest, rows);
  const by = axisNames(manifest);
  const groups = summarise(joined, by, [DEFAULT_METRIC]);
  env.stdout.write(formatGroups(groups.slice(0, MAX_GROUPS), by, [DEFAULT_METRIC]));
  const more = groups.length - MAX_GROUPS;
  if (more > 0) env.stdout.write(`… ${more} more: heddle sweep show ${folder}\n`);
  if (output.pareto !== undefined) await writePareto(storedRows(manifest, rows), output.pareto, env);
}

/** Lists the points that have no result, and those whose job could not finish. */
function reportMissing(
  manifest: Manifest,
  rows: ReadonlyMap<string, PointRow>,
  failures: ReadonlyMap<string, PointFailure>,
  env: Environment,
): ExitCode {
  const points = [...new Map(manifest.points.map((point) => [point.id, point])).values()];
  const missing = points.filter(({ id }) => !rows.has(id));
  const unfinished = points.filter(({ id }) => (rows.get(id)?.status ?? "finished") !== "finished");
  const list = (title: string, items: typeof points, why: (id: string) => string) => {
    if (items.length === 0) return;
    env.stderr.write(`${title}\n`);
    for (const { id, axes, seed } of items.slice(0, MAX_FAILURES)) {
      const place = describeAxes({ ...axes, seed });
      env.stderr.write(`  ${id}  ${place}: ${why(id)}\n`);
    }
    if (items.length > MAX_FAILURES) env.stderr.write(`  … and ${items.length - MAX_FAILURES} more\n`);
  };
  const of = (count: number) => `${count} of ${counted(points.length, "point")}`;
  list(`heddle: ${of(missing.length)} ${missing.length === 1 ? "has" : "have"} no result`, missing, (id) => {
    const failure = failures.get(id);
    if (failure === undefined) return "not simulated yet";
    const tries = failure.attempts > 1 ? ` (tried ${failure.attempts} times)` : "";
    return `${failure.message}${tries}`;
  });
  list(`heddle: the jobs of ${of(unfinished.length)} could not finish`, unfinished, (id) => {
    const { status, diagnosis } = rows.get(id)!;
    return diagnosis ?? status;
  });
  return missing.length + unfinished.length > 0 ? ExitCode.Unfinished : ExitCode.Done;
}

export function axisNames(manifest: Manifest): string[] {
  return [...new Set(manifest.points.flatMap(({ axes }) => Object.keys(axes)))];
}

/**
 * `12 points are new, 3 are no longer part of the sweep, 28 stay`; undefined where nothing has
 * changed.
 */
export function describeChange({ added, removed, kept }: PlanChange): string | undefined {
  if (added === 0 && removed === 0) return undefined;
  return `the sweep or its scenario has changed: ${counted(added, "point is", "points are")} new, ${counted(removed, "is", "are")} no longer part of it, ${counted(kept, "stays", "stay")}`;
}

export function describeInvalid(manifest: Manifest, env: Environment): void {
  const { invalid } = manifest;
  if (invalid.length === 0) return;
  env.stderr.write(`${counted(invalid.length, "combination is", "combinations are")} not valid and left out\n`);
  for (const { axes, message } of invalid.slice(0, MAX_FAILURES)) {
    env.stderr.write(`  ${describeAxes(axes)}: ${message}\n`);
  }
}

/** How many points of a sweep are there already. */
export function countFinished(manifest: Manifest, rows: ReadonlyMap<string, PointRow>): number {
  return [...idsOf(manifest)].filter((id) => rows.has(id)).length;
}
