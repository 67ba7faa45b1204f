import type { ResultDocument } from "../../answer/result/document.js";
import { bootstrapMean } from "../../util/stats/bootstrap.js";
import { mean } from "../../util/stats/mean.js";
import { signFlipTest } from "../../util/stats/sign-flip.js";
import { CompareError } from "./errors.js";
import { type CauseChange, explainChange } from "./explain.js";
import { type Metric, metricsOf, TIERS, type Tier, type Unit, unitOf } from "./metrics.js";
import { type SettingDifference, settingDifferences } from "./settings.js";
import { pairSides, type Side } from "./sides.js";

const COMPARISON_SCHEMA = "heddle.comparison/1";

/** The first side is what the others are compared with. */
export interface ComparisonDocument {
  readonly schema: typeof COMPARISON_SCHEMA;
  readonly sides: readonly { readonly name: string; readonly runs: number; readonly unfinished: number }[];
  /** Seeds of the pairs; null where single runs of different seeds are compared. */
  readonly seeds: readonly number[] | null;
  /** Seeds that not all sides have; their runs are left out. */
  readonly unpairedSeeds: readonly number[];
  readonly settings: readonly SettingDifference[];
  /**
   * How the explanation of the completion time changed, by side after the first; empty where a run
   * did not finish.
   */
  readonly explanations: readonly (readonly CauseChange[])[];
  /** Most important first: by tier, then by relative change. */
  readonly metrics: readonly MetricComparison[];
}

/** One figure of the compared results. */
export interface MetricComparison {
  readonly path: string;
  readonly unit: Unit;
  readonly tier: Tier;
  /** By side: mean over the pairs; null where a run has no such figure. */
  readonly values: readonly (number | null)[];
  /** By side after the first; null where a figure is missing. */
  readonly changes: readonly (Change | null)[];
}

/** Of the paired differences to the first side. */
export interface Change {
  readonly difference: number;
  /** Bounds of the 95 % confidence interval; null where there is one pair. */
  readonly low: number | null;
  readonly high: number | null;
  /**
   * Of the sign-flip test, by itself: not corrected for the number of metrics. Null where there is
   * one pair.
   */
  readonly pValue: number | null;
  /** `difference` as a share of the first side's figure; null where that is 0. */
  readonly relative: number | null;
  /**
   * `difference` as a share of the larger of both figures, from -1 to 1: what the order goes by.
   */
  readonly weight: number;
}

/**
 * Compares results, or groups of results over seeds, with the first of them: every figure that was
 * measured, the settings, and the explanation. Figures are sorted by tier (`TIERS`), within one by
 * the largest change in relation to the larger figure, then by path.
 * @throws CompareError where there is one side only, or runs cannot be paired.
 */
export function compareResults(given: readonly Side[]): ComparisonDocument {
  if (given.length < 2) throw new CompareError("there is only one side; name two results or more");
  const { sides, seeds, unpaired } = pairSides(given);
  const [baseline, ...others] = sides as [Side, ...Side[]];
  return {
    schema: COMPARISON_SCHEMA,
    sides: sides.map(({ name, results }) => ({
      name,
      runs: results.length,
      unfinished: results.filter(({ status }) => status !== "finished").length,
    })),
    seeds,
    unpairedSeeds: unpaired,
    settings: settingDifferences(sides.map(({ results }) => results[0]!)),
    explanations: others.map(({ results }) => explainChange(baseline.results, results)),
    metrics: compareMetrics(sides.map(({ results }) => results)),
  };
}

function compareMetrics(sides: readonly (readonly ResultDocument[])[]): readonly MetricComparison[] {
  const metrics = sides.map((results) => results.map(metricsOf));
  const tiers = new Map<string, Tier>();
  for (const run of metrics.flat()) for (const [path, { tier }] of run) tiers.set(path, tier);
  return [...tiers]
    .map(([path, tier]) => compareMetric(path, tier, metrics))
    .filter(({ changes }) => changes.some((change) => change !== null))
    .sort(byImportance);
}

function compareMetric(
  path: string,
  tier: Tier,
  metrics: readonly (readonly ReadonlyMap<string, Metric>[])[],
): MetricComparison {
  // What does not occur in an explanation took no time.
  const absent = tier === "explanation" ? 0 : null;
  const columns = metrics.map((runs) => runs.map((run) => run.get(path)?.value ?? absent));
  const [first, ...others] = columns.map((values) => (isComplete(values) ? values : null));
  return {
    path,
    unit: unitOf(path),
    tier,
    values: columns.map((values) => (isComplete(values) ? mean(values) : null)),
    changes: others.map((values) => (first == null || values === null ? null : changeOf(first, values))),
  };
}

function isComplete(values: readonly (number | null)[]): values is readonly number[] {
  return values.every((value) => value !== null);
}

function changeOf(before: readonly number[], after: readonly number[]): Change {
  const differences = after.map((value, i) => value - before[i]!);
  const { value: difference, low, high } = bootstrapMean(differences);
  const [from, to] = [mean(before), mean(after)];
  const largest = Math.max(Math.abs(from), Math.abs(to));
  return {
    difference,
    low,
    high,
    pValue: differences.length < 2 ? null : signFlipTest(differences),
    relative: from === 0 ? null : difference / Math.abs(from),
    weight: largest === 0 ? 0 : Math.max(-1, Math.min(1, difference / largest)),
  };
}

function byImportance(a: MetricComparison, b: MetricComparison): number {
  return (
    TIERS.indexOf(a.tier) - TIERS.indexOf(b.tier) ||
    weightOf(b) - weightOf(a) ||
    (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)
  );
}

function weightOf({ changes }: MetricComparison): number {
  return Math.max(...changes.map((change) => Math.abs(change?.weight ?? 0)));
}
