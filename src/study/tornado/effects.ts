/**
 * What the points of a tornado came to: how much each parameter does to a metric, the most first.
 */
import { canonicalJson } from "../../scenario/parse/digest.js";
import { bootstrapMean, type Estimate } from "../../util/stats/bootstrap.js";
import { mean } from "../../util/stats/mean.js";
import type { Manifest, PlannedPoint } from "../sweep/manifest.js";
import type { AxisValues } from "../sweep/point.js";
import type { PointRow } from "../sweep/row.js";
import type { NotVaried, TornadoParameter, TornadoPlan, TornadoSide, Written } from "../sweep/tornado-plan.js";

const TORNADO_SCHEMA = "heddle.tornado/1";

export interface TornadoReport {
  readonly schema: typeof TORNADO_SCHEMA;
  readonly scenario: string;
  readonly heddleVersion: string;
  readonly metric: string;
  readonly share: number;
  readonly seeds: readonly number[];
  /**
   * Of the scenario as it is, over the seeds; null where it has not been simulated, or could not
   * finish.
   */
  readonly base: Estimate | null;
  readonly effects: readonly Effect[];
  readonly notVaried: readonly NotVaried[];
}

export interface Effect {
  readonly name: string;
  readonly base: Written;
  readonly low: SideEffect;
  readonly high: SideEffect;
  /**
   * From the least to the largest of low, base and high, as a share of the base; null where neither
   * side is known.
   */
  readonly swing: number | null;
  /**
   * Change of the metric's logarithm over that of the parameter's: 1 where it is in proportion, -1
   * inversely. Null where the logarithm has none.
   */
  readonly elasticity: number | null;
  /**
   * With one seed whether there is a change; with several whether the 95 % interval of a side's
   * change leaves zero out.
   */
  readonly isSignificant: boolean;
}

export interface SideEffect {
  readonly value: Written;
  /** Mean over the seeds; null where there is a problem. */
  readonly mean: number | null;
  /** To the base, as a share of it: over the pairs of runs with one seed. */
  readonly change: Estimate | null;
  readonly problem: { readonly kind: "refused" | "missing" | "unfinished"; readonly message: string } | null;
}

/** @param metric name of a metric of rows */
export function tornadoReport(
  manifest: Manifest & { readonly tornado: TornadoPlan },
  rows: ReadonlyMap<string, PointRow>,
  metric: string,
): TornadoReport {
  const { tornado, baseName, heddleVersion } = manifest;
  const runs = new Runs(manifest, rows, metric);
  const base = runs.of({});
  const seeds = runs.seedsOf({});
  const values = base.values;
  const effects = tornado.parameters.map((parameter) => effectOf(parameter, runs, values));
  const named = rows.get(manifest.points[0]?.id ?? "")?.scenarioName;
  return {
    schema: TORNADO_SCHEMA,
    scenario: named ?? baseName,
    heddleVersion,
    metric,
    share: tornado.share,
    seeds,
    base: values === null ? null : bootstrapMean([...values.values()]),
    effects: effects.sort((a, b) => weightOf(b) - weightOf(a)),
    notVaried: tornado.notVaried,
  };
}

/** A job that cannot finish counts for more than any that can. */
function weightOf({ low, high, swing }: Effect): number {
  if ([low, high].some(({ problem }) => problem?.kind === "unfinished")) return Number.POSITIVE_INFINITY;
  return swing ?? -1;
}

interface Found {
  /** By seed; null where there is a problem. */
  readonly values: ReadonlyMap<number, number> | null;
  readonly problem: SideEffect["problem"];
}

/** The rows of points by what was changed. */
class Runs {
  readonly #points = new Map<string, PlannedPoint[]>();
  readonly #refused: ReadonlyMap<string, string>;

  constructor(
    { points, invalid }: Manifest,
    private readonly rows: ReadonlyMap<string, PointRow>,
    private readonly metric: string,
  ) {
    for (const point of points) {
      const key = canonicalJson(point.axes);
      this.#points.set(key, [...(this.#points.get(key) ?? []), point]);
    }
    this.#refused = new Map(invalid.map(({ axes, message }) => [canonicalJson(axes), message]));
  }

  seedsOf(axes: AxisValues): number[] {
    return this.#pointsOf(axes).map(({ seed }) => seed);
  }

  of(axes: AxisValues): Found {
    const refused = this.#refused.get(canonicalJson(axes));
    if (refused !== undefined) return { values: null, problem: { kind: "refused", message: refused } };
    const values = new Map<number, number>();
    for (const { id, seed } of this.#pointsOf(axes)) {
      const row = this.rows.get(id);
      if (row === undefined) return { values: null, problem: { kind: "missing", message: "not simulated" } };
      if (row.status !== "finished") {
        return { values: null, problem: { kind: "unfinished", message: row.diagnosis ?? row.status } };
      }
      const value = row.metrics[this.metric];
      if (typeof value !== "number") {
        return { values: null, problem: { kind: "missing", message: `there is no ${this.metric}` } };
      }
      values.set(seed, value);
    }
    return { values, problem: null };
  }

  #pointsOf(axes: AxisValues): readonly PlannedPoint[] {
    return this.#points.get(canonicalJson(axes)) ?? [];
  }
}

type Values = ReadonlyMap<number, number> | null;

function effectOf({ name, base, low, high }: TornadoParameter, runs: Runs, itself: Values): Effect {
  const sides = [low, high].map((side) => sideOf(side, runs, itself)) as [SideEffect, SideEffect];
  const baseMean = itself === null ? null : mean([...itself.values()]);
  const known = sides.flatMap(({ mean: value }, i) => {
    return value === null ? [] : [{ value, ratio: [low, high][i]!.ratio }];
  });
  return {
    name,
    base,
    low: sides[0],
    high: sides[1],
    swing:
      baseMean === null || known.length === 0
        ? null
        : swingOf(
            baseMean,
            known.map(({ value }) => value),
          ),
    elasticity: baseMean === null ? null : elasticityOf([{ value: baseMean, ratio: 1 }, ...known]),
    isSignificant: sides.some(({ change }) => change !== null && leavesZeroOut(change)),
  };
}

function sideOf({ written, axes }: TornadoSide, runs: Runs, itself: Values): SideEffect {
  const { values, problem } = runs.of(axes);
  if (values === null) return { value: written, mean: null, change: null, problem };
  const changes = [...values].flatMap(([seed, value]) => {
    const before = itself?.get(seed);
    return before === undefined ? [] : [ratioOf(value, before) - 1];
  });
  const change = changes.length === 0 || !changes.every(Number.isFinite) ? null : bootstrapMean(changes);
  return { value: written, mean: mean([...values.values()]), change, problem: null };
}

/** Nothing stays nothing. */
function ratioOf(value: number, before: number): number {
  return value === before ? 1 : value / before;
}

function swingOf(base: number, values: readonly number[]): number | null {
  const all = [base, ...values];
  const width = Math.max(...all) - Math.min(...all);
  if (width === 0) return 0;
  return base === 0 ? null : width / base;
}

/** Between the outermost values of the parameter. */
function elasticityOf(points: readonly { readonly value: number; readonly ratio: number }[]): number | null {
  const sorted = [...points].sort((a, b) => a.ratio - b.ratio);
  const [first, last] = [sorted[0]!, sorted.at(-1)!];
  const elasticity = Math.log(last.value / first.value) / Math.log(last.ratio / first.ratio);
  return Number.isFinite(elasticity) ? elasticity : null;
}

function leavesZeroOut({ value, low, high }: Estimate): boolean {
  return low === null || high === null ? value !== 0 : low > 0 || high < 0;
}
