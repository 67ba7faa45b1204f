import { bootstrapMean, type Estimate } from "../../util/stats/bootstrap.js";
import type { PatternReport, PolicyReport, RankingReport, RunReport } from "./document.js";
import { FIGURES, type FigureName, type FigureSpec } from "./figures.js";
import type { Pattern } from "./patterns.js";
import { rank } from "./rank.js";

export interface EvaluateOptions {
  readonly policies: readonly string[];
  readonly patterns: readonly Pick<Pattern, "name" | "description">[];
  readonly seeds: readonly number[];
  readonly rankedBy: FigureName;
}

/**
 * What runs say of policies, pattern by pattern and over all. Seeds that not all policies have
 * ended are left out.
 */
export function evaluate(
  runs: readonly RunReport[],
  { policies, patterns, seeds, rankedBy }: EvaluateOptions,
): { readonly patterns: readonly PatternReport[]; readonly overall: RankingReport | null } {
  const table = new Map(runs.map((run) => [keyOf(run.policy, run.pattern, run.seed), run]));
  const spec = FIGURES.find(({ name }) => name === rankedBy)!;
  const reports = patterns.map(({ name, description }) => {
    const ended = seeds.filter((seed) => policies.every((policy) => table.has(keyOf(policy, name, seed))));
    const columns = new Map(
      policies.map((policy) => [policy, ended.map((seed) => table.get(keyOf(policy, name, seed))!)]),
    );
    return {
      name,
      description,
      seeds: ended,
      policies: policies.map((policy) => policyReport(policy, columns.get(policy)!)),
      ranking: ended.length === 0 ? null : rankBy(columns, spec),
    };
  });
  return { patterns: reports, overall: overall(reports, table, { policies, rankedBy, spec }) };
}

function keyOf(policy: string, pattern: string, seed: number): string {
  return JSON.stringify([policy, pattern, seed]);
}

function policyReport(policy: string, runs: readonly RunReport[]): PolicyReport {
  const estimate = (name: FigureName): Estimate | null => {
    const values = finite(runs.map(({ figures }) => figures?.[name] ?? null));
    return values === null ? null : bootstrapMean(values);
  };
  const figures = Object.fromEntries(FIGURES.map(({ name }) => [name, estimate(name)])) as PolicyReport["figures"];
  const unfinished = runs
    .filter(({ status }) => status !== "finished")
    .map(({ seed, status }) => ({ seed, reason: status }));
  return { policy, unfinished, figures };
}

/** Null where a value is missing, or there is none. */
function finite(values: readonly (number | null)[]): readonly number[] | null {
  return values.length > 0 && values.every((value) => value !== null) ? values : null;
}

/** Of the policies that finished every run; null where there are none. */
function rankBy(
  columns: ReadonlyMap<string, readonly RunReport[]>,
  { name, isGain }: FigureSpec,
): RankingReport | null {
  const values = new Map<string, readonly number[]>();
  for (const [policy, runs] of columns) {
    const list = finite(runs.map(({ figures }) => figures?.[name] ?? null));
    // Ratios of nothing mean nothing.
    if (list?.every((value) => value > 0)) values.set(policy, list);
  }
  return values.size === 0 ? null : rank(values, isGain);
}

/**
 * Each policy's ratio to the best of the pattern and seed, averaged over patterns; then ranked like
 * any figure.
 */
function overall(
  reports: readonly PatternReport[],
  table: ReadonlyMap<string, RunReport>,
  { policies, rankedBy, spec }: { policies: readonly string[]; rankedBy: FigureName; spec: FigureSpec },
): RankingReport | null {
  const ranked = reports.filter(({ ranking }) => ranking !== null);
  const names = policies.filter((policy) =>
    ranked.every(({ ranking }) => ranking!.entries.some((entry) => entry.policy === policy)),
  );
  const seeds = ranked[0]?.seeds.filter((seed) => ranked.every((report) => report.seeds.includes(seed))) ?? [];
  if (names.length === 0 || seeds.length === 0) return null;
  const value = (policy: string, pattern: string, seed: number) =>
    table.get(keyOf(policy, pattern, seed))!.figures![rankedBy]!;
  const scores = new Map(
    names.map((policy) => [
      policy,
      seeds.map((seed) => {
        const logarithms = ranked.map(({ name }) => {
          const all = names.map((other) => value(other, name, seed));
          const best = spec.isGain ? Math.max(...all) : Math.min(...all);
          return Math.log(value(policy, name, seed) / best);
        });
        return Math.exp(logarithms.reduce((sum, log) => sum + log, 0) / logarithms.length);
      }),
    ]),
  );
  return rank(scores, spec.isGain);
}
