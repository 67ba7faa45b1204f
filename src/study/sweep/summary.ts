/** Points in groups, and what their metrics come to. */
import { mean } from "../../util/stats/mean.js";
import { percentile } from "../../util/stats/percentile.js";
import type { Manifest, PlannedPoint } from "./manifest.js";
import type { PointRow } from "./row.js";

export interface Joined {
  readonly point: PlannedPoint;
  /** Undefined where the point is not finished. */
  readonly row: PointRow | undefined;
}

/** The points of a sweep in its order, with the rows there are. */
export function joinRows({ points }: Manifest, rows: ReadonlyMap<string, PointRow>): Joined[] {
  return points.map((point) => ({ point, row: rows.get(point.id) }));
}

export interface Statistics {
  /** Points that have the metric. */
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p99: number;
  readonly min: number;
  readonly max: number;
}

export interface Group {
  /** Values of the axes that were asked for. */
  readonly values: readonly unknown[];
  readonly points: number;
  /** Points without a row, and points whose job could not finish. */
  readonly missing: number;
  readonly unfinished: number;
  /** By metric; null where no point of the group has it. */
  readonly metrics: Readonly<Record<string, Statistics | null>>;
}

/**
 * Groups by axes (`seed` is one), in the order of the sweep.
 * @param by names of axes
 * @param metrics names of metrics
 */
export function summarise(joined: readonly Joined[], by: readonly string[], metrics: readonly string[]): Group[] {
  const groups = new Map<string, Joined[]>();
  for (const item of joined) {
    const key = JSON.stringify(valuesOf(item, by));
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [item]);
    else members.push(item);
  }
  return [...groups.values()].map((members) => ({
    values: valuesOf(members[0]!, by),
    points: members.length,
    missing: members.filter(({ row }) => row === undefined).length,
    unfinished: members.filter(({ row }) => row !== undefined && row.status !== "finished").length,
    metrics: Object.fromEntries(metrics.map((metric) => [metric, statisticsOf(members, metric)])),
  }));
}

function valuesOf({ point }: Joined, by: readonly string[]): unknown[] {
  return by.map((name) => (name === "seed" ? point.seed : (point.axes[name] ?? null)));
}

function statisticsOf(members: readonly Joined[], metric: string): Statistics | null {
  const values = members.flatMap(({ row }) => row?.metrics[metric] ?? []).sort((a, b) => a - b);
  if (values.length === 0) return null;
  return {
    count: values.length,
    mean: mean(values),
    p50: percentile(values, 50),
    p99: percentile(values, 99),
    min: values[0]!,
    max: values.at(-1)!,
  };
}
