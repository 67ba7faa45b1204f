import { bootstrapGeometricMean, type Estimate } from "../../util/stats/bootstrap.js";
import { holmAdjusted } from "../../util/stats/holm.js";
import { geometricMean } from "../../util/stats/mean.js";
import { leastPValue, signFlipTest } from "../../util/stats/sign-flip.js";

/** Differences count as significant up to this p-value, over all pairs of a ranking together. */
export const SIGNIFICANT = 0.05;

export interface RankedEntry {
  readonly policy: string;
  /** Geometric mean over the seeds. */
  readonly value: number;
  /**
   * Its ratio to the first, seed by seed: geometric mean and 95 % interval. 1 for the first itself.
   */
  readonly toBest: Estimate;
  /** Policies that share a letter do not differ significantly. */
  readonly group: string;
}

export interface PairTest {
  readonly a: string;
  readonly b: string;
  /** Geometric mean of the ratios of `b` to `a`. */
  readonly ratio: number;
  /** Of the sign-flip test, adjusted by Holm over all pairs of the ranking. */
  readonly pValue: number;
  readonly isSignificant: boolean;
}

export interface Ranking {
  /** Best first. */
  readonly entries: readonly RankedEntry[];
  readonly pairs: readonly PairTest[];
}

/**
 * Ranks policies by a positive figure over the same seeds. Pairs are compared by the logarithm of
 * their ratio in each seed, so that twice as long weighs the same whatever the seed.
 * @param values by policy, one value per seed, in the same order of seeds
 * @param isGain more is better
 */
export function rank(values: ReadonlyMap<string, readonly number[]>, isGain: boolean): Ranking {
  const order = [...values.keys()];
  const means = new Map([...values].map(([policy, list]) => [policy, geometricMean(list)]));
  const sign = isGain ? -1 : 1;
  const sorted = [...order].sort(
    (a, b) => sign * (means.get(a)! - means.get(b)!) || order.indexOf(a) - order.indexOf(b),
  );
  const pairs = sorted.flatMap((a, i) => sorted.slice(i + 1).map((b) => ({ a, b })));
  const ratios = pairs.map(({ a, b }) => ratiosOf(values.get(b)!, values.get(a)!));
  const adjusted = holmAdjusted(ratios.map((list) => signFlipTest(list.map(Math.log))));
  const tests = pairs.map((pair, i) => ({
    ...pair,
    ratio: geometricMean(ratios[i]!),
    pValue: adjusted[i]!,
    isSignificant: adjusted[i]! <= SIGNIFICANT,
  }));
  const letters = lettersOf(
    sorted,
    tests.filter(({ isSignificant }) => isSignificant),
  );
  const best = values.get(sorted[0]!);
  const entries = sorted.map((policy, i) => ({
    policy,
    value: means.get(policy)!,
    toBest: bootstrapGeometricMean(ratiosOf(values.get(policy)!, best!)),
    group: letters[i]!,
  }));
  return { entries, pairs: tests };
}

function ratiosOf(above: readonly number[], below: readonly number[]): readonly number[] {
  return above.map((value, i) => value / below[i]!);
}

/**
 * Letters such that two policies share one exactly where their difference is not significant, by
 * insertion and absorption (H.-P. Piepho, "An algorithm for a letter-based representation of
 * all-pairwise comparisons", Journal of Computational and Graphical Statistics 13, 2004).
 */
export function lettersOf(
  policies: readonly string[],
  different: readonly { a: string; b: string }[],
): readonly string[] {
  let sets: ReadonlySet<string>[] = [new Set(policies)];
  for (const { a, b } of different) {
    const split = sets.flatMap((set) =>
      set.has(a) && set.has(b) ? [a, b].map((out) => new Set([...set].filter((policy) => policy !== out))) : [set],
    );
    sets = split.filter(
      (set, i) => !split.some((other, j) => i !== j && isSubset(set, other) && (set.size < other.size || j < i)),
    );
  }
  const first = (set: ReadonlySet<string>) => policies.findIndex((policy) => set.has(policy));
  sets.sort((x, y) => first(x) - first(y) || y.size - x.size);
  return policies.map((policy) => sets.map((set, i) => (set.has(policy) ? letter(i) : "")).join(""));
}

function isSubset(inner: ReadonlySet<string>, outer: ReadonlySet<string>): boolean {
  return [...inner].every((policy) => outer.has(policy));
}

function letter(index: number): string {
  return index < 26 ? String.fromCharCode(97 + index) : `(${index + 1})`;
}

/**
 * The fewest seeds that can show a significant difference among all pairs of the policies; 5 at
 * least. The difference must then be the same way with each seed.
 */
export function seedsNeeded(policies: number): number {
  const pairs = (policies * (policies - 1)) / 2;
  let seeds = 5;
  while (leastPValue(seeds) * pairs > SIGNIFICANT) seeds += 1;
  return seeds;
}
