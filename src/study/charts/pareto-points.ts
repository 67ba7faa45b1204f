/** Points of a sweep that no other beats in cost and time at once. */
import { mean } from "../../util/stats/mean.js";
import { formatMetric } from "../sweep/metric.js";
import { formatColumns } from "../sweep/table.js";
import { type ChartRow, lastOf, textOf } from "./sweep.js";

/** The names of the axes that vary. */
export function varyingAxes(rows: readonly ChartRow[]): string[] {
  const axes = [...new Set(rows.flatMap((row) => Object.keys(row.axes)))];
  return axes.filter((axis) => new Set(rows.map((row) => textOf(row.axes[axis]))).size > 1);
}

/** A combination of the axes' values; figures are means over its seeds. */
export interface ParetoPoint {
  /** The axes that vary, with their values here. */
  readonly label: string;
  /** The values alone. */
  readonly values: string;
  readonly jctNs: number;
  /** The range of prices of the fabric, in US dollars. */
  readonly lowUsd: number;
  readonly highUsd: number;
  readonly watts: number;
  /** No other point costs no more and takes no longer. */
  readonly isOnFront: boolean;
}

/**
 * All points that have a JCT and a cost, the cheapest first. Cost is the middle of the range of
 * prices. Of points that are equal in both, all are on the front.
 */
export function paretoPoints(rows: readonly ChartRow[]): ParetoPoint[] {
  const varying = varyingAxes(rows);
  const byLabel = new Map<string, ChartRow[]>();
  for (const row of rows) {
    if (!FIGURES.every((figure) => typeof row.metrics[figure] === "number")) continue;
    const label = varying.map((axis) => `${lastOf(axis)} ${textOf(row.axes[axis])}`).join(", ");
    byLabel.set(label, [...(byLabel.get(label) ?? []), row]);
  }
  const points = [...byLabel].map(([label, cell]) => {
    const [jctNs, lowUsd, highUsd, watts] = FIGURES.map((figure) =>
      mean(cell.map((row) => row.metrics[figure] as number)),
    );
    const values = varying.map((axis) => textOf(cell[0]!.axes[axis])).join(", ");
    return { label, values, jctNs: jctNs!, lowUsd: lowUsd!, highUsd: highUsd!, watts: watts! };
  });
  points.sort((a, b) => costUsd(a) - costUsd(b) || a.jctNs - b.jctNs);
  return points.map((point) => ({ ...point, isOnFront: !points.some((other) => beats(other, point)) }));
}

/** The middle of the range of prices. */
export function costUsd({ lowUsd, highUsd }: Pick<ParetoPoint, "lowUsd" | "highUsd">): number {
  return (lowUsd + highUsd) / 2;
}

/** A table of the points, those of the front marked. */
export function formatPareto(points: readonly ParetoPoint[]): string {
  const header = ["", "point", "JCT", "cost (US$)", "power"];
  const lines = points.map(({ label, jctNs, lowUsd, highUsd, watts, isOnFront }) => [
    isOnFront ? "*" : "",
    label,
    formatMetric("jctNs", jctNs),
    `${millions(lowUsd)} to ${millions(highUsd)} M`,
    `${(watts / 1000).toFixed(1)} kW`,
  ]);
  return `${formatColumns([header, ...lines], 2)}* no other point costs no more and takes no longer\n`;
}

const FIGURES = ["jctNs", "costLowUsd", "costHighUsd", "costWatts"] as const;

type Figures = Pick<ParetoPoint, "jctNs" | "lowUsd" | "highUsd">;

function beats(a: Figures, b: Figures): boolean {
  const [costA, costB] = [costUsd(a), costUsd(b)];
  return costA <= costB && a.jctNs <= b.jctNs && (costA < costB || a.jctNs < b.jctNs);
}

function millions(usd: number): string {
  return (usd / 1e6).toFixed(usd < 1e7 ? 2 : 1);
}
