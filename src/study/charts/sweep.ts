import { didYouMean } from "../../scenario/types/suggest.js";
import { parseQuantity } from "../../scenario/types/units.js";
import { bootstrapMean } from "../../util/stats/bootstrap.js";
import { metricOf } from "../sweep/metric.js";
import { type AxisChart, axisChart } from "./axis.js";
import { ChartError } from "./render.js";
import type { ChartSpec } from "./spec.js";

/** What a point of a sweep came to, as far as charts need it. */
export interface ChartRow {
  /** Values by axis, as plain data: numbers, or texts as scenarios write them. */
  readonly axes: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** Units are in the names; null where there is nothing to measure. */
  readonly metrics: Readonly<Record<string, unknown>>;
}

export interface SweepChartOptions {
  /** Axis that runs from left to right. */
  readonly x: string;
  /** Metric that is drawn. */
  readonly y: string;
  /** Values, as text, of axes to keep to. */
  readonly where?: Readonly<Record<string, string>>;
  readonly title?: string;
}

/** Values that span more than this stand on a logarithmic scale. */
const WIDE = 20;

/**
 * A metric over one axis of a sweep: means over the seeds with 95 % intervals, and a line for each
 * combination of the other axes that vary.
 * @throws ChartError where there is no such axis or metric, or nothing to draw
 */
export function sweepChart(rows: readonly ChartRow[], { x, y, where = {}, title }: SweepChartOptions): ChartSpec {
  const axes = [...new Set(rows.flatMap((row) => Object.keys(row.axes)))];
  const unknown = [x, ...Object.keys(where)].find((name) => !axes.includes(name));
  if (unknown !== undefined)
    throw new ChartError(
      `there is no axis ${unknown}${didYouMean(unknown, axes)}; there are ${axes.join(", ") || "none"}`,
    );
  const metrics = [...new Set(rows.flatMap((row) => Object.keys(row.metrics)))];
  if (!metrics.includes(y))
    throw new ChartError(`there is no metric ${y}${didYouMean(y, metrics)}; there are ${metrics.join(", ")}`);
  const kept = rows.filter((row) => Object.entries(where).every(([name, value]) => textOf(row.axes[name]) === value));
  const measured = kept.filter((row) => typeof row.metrics[y] === "number");
  if (measured.length === 0)
    throw new ChartError(`there is nothing to draw: no point ${kept.length === 0 ? "is left" : `has ${y}`}`);

  const varying = axes.filter((name) => name !== x && new Set(kept.map((row) => textOf(row.axes[name]))).size > 1);
  const groupOf = (row: ChartRow) =>
    varying.length === 1
      ? textOf(row.axes[varying[0]!])
      : varying.map((name) => `${lastOf(name)} ${textOf(row.axes[name])}`).join(", ");
  const cells = new Map<string, ChartRow[]>();
  for (const row of measured) {
    const key = JSON.stringify([textOf(row.axes[x]), groupOf(row)]);
    cells.set(key, [...(cells.get(key) ?? []), row]);
  }
  const numbers = new Map(measured.map((row) => [textOf(row.axes[x]), numberOf(row.axes[x])]));
  const known = [...numbers.values()];
  const isNumeric = known.every((each) => each !== undefined) && new Set(known.map((each) => each!.unit)).size === 1;
  const points = [...cells].map(([key, cell]) => {
    const [label, group] = JSON.parse(key) as [string, string];
    const estimate = bootstrapMean(cell.map((row) => row.metrics[y] as number));
    return { at: isNumeric ? numbers.get(label)!.number : label, label, group, estimate };
  });
  if (isNumeric) points.sort((a, b) => (a.at as number) - (b.at as number));
  // A stable sort: lines of numbers in their order, others as they come.
  if (points.every(({ group }) => group !== "" && Number.isFinite(Number(group)))) {
    points.sort((a, b) => Number(a.group) - Number(b.group));
  }
  const seeds = new Set(measured.map(({ seed }) => seed)).size;
  const { name, unit } = metricOf(y);
  return axisChart({
    title: title ?? `${name} over ${x}`,
    subtitle: subtitleOf(seeds, kept.length - measured.length, where),
    axis: isNumeric
      ? { title: x, unit: known[0]!.unit, isLogarithmic: isWide(known.map((each) => each!.number)) }
      : { title: x },
    figure: { title: name, unit, isLogarithmic: isWide(points.map(({ estimate }) => estimate.value)) },
    groupTitle: varying.length === 1 ? varying[0]! : varying.map(lastOf).join(", "),
    points,
  } satisfies AxisChart);
}

function subtitleOf(seeds: number, missing: number, where: Readonly<Record<string, string>>): string {
  const parts = [
    seeds > 1 ? `mean and 95 % interval over ${seeds} seeds` : "one seed",
    ...Object.entries(where).map(([name, value]) => `${name} ${value}`),
    ...(missing > 0 ? [`${missing} ${missing === 1 ? "point has" : "points have"} no value`] : []),
  ];
  return parts.join("; ");
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "default");
}

/** How charts call the base units of quantities. */
const UNITS = { size: "bytes", time: "ps", rate: "bps", length: "mm", temperature: "" } as const;

/** A number, or a quantity in its base unit; undefined where the value is neither. */
function numberOf(value: unknown): { readonly number: number; readonly unit: string } | undefined {
  if (typeof value === "number") return { number: value, unit: "" };
  if (typeof value !== "string") return undefined;
  for (const dimension of ["size", "time", "rate", "length", "temperature"] as const) {
    const parsed = parseQuantity(dimension, value);
    if (parsed.ok) return { number: parsed.value, unit: UNITS[dimension] };
  }
  return undefined;
}

function isWide(values: readonly number[]): boolean {
  const least = Math.min(...values);
  return least > 0 && Math.max(...values) / least > WIDE;
}

export function lastOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}
