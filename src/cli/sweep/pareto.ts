/** JCT against cost of the points of a sweep: a table, and a chart. */
import { paretoChart } from "../../study/charts/pareto.js";
import { formatPareto, paretoPoints } from "../../study/charts/pareto-points.js";
import { chartFormat, checkDrawing, renderChart } from "../../study/charts/render.js";
import type { ChartRow } from "../../study/charts/sweep.js";
import type { Manifest } from "../../study/sweep/manifest.js";
import type { PointRow } from "../../study/sweep/row.js";
import { joinRows } from "../../study/sweep/summary.js";
import type { Environment } from "../support/environment.js";
import { InputError } from "../support/failures.js";
import { checkWritable, writeWhole } from "../support/output.js";

export interface ParetoOutput {
  readonly pareto?: string;
}

/** Before a sweep begins. @throws InputError where the chart could not be written */
export async function checkPareto({ pareto }: ParetoOutput, isTornado: boolean): Promise<void> {
  if (pareto === undefined) return;
  if (isTornado) throw new InputError("--pareto goes with a sweep file; a tornado has --chart");
  await checkDrawing(chartFormat(pareto));
  await checkWritable(pareto);
}

/** @throws ChartError where no point has a JCT and a cost */
export async function writePareto(rows: readonly ChartRow[], file: string, env: Environment): Promise<void> {
  const drawn = await renderChart(paretoChart(rows), chartFormat(file));
  env.stdout.write(`\n${formatPareto(paretoPoints(rows))}`);
  await writeWhole(file, drawn);
  env.stderr.write(`heddle: ${file} written\n`);
}

/**
 * The finished points of a sweep, with the axes that they have in it: a point may belong to
 * several.
 */
export function storedRows(manifest: Manifest, rows: ReadonlyMap<string, PointRow>): readonly ChartRow[] {
  return joinRows(manifest, rows).flatMap(({ point, row }) =>
    row === undefined ? [] : [{ axes: point.axes, seed: row.seed, metrics: row.metrics }],
  );
}
