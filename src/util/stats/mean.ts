/** Arithmetic mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Geometric mean of positive values: that of ratios, where twice as much and half as much cancel
 * out. NaN of nothing.
 */
export function geometricMean(values: readonly number[]): number {
  return Math.exp(mean(values.map(Math.log)));
}

/**
 * Jain's fairness index `(Σx)² / (n·Σx²)` of shares that are not negative: 1 where all are equal,
 * `k/n` where `k` of `n` share everything (R. Jain, D. Chiu, W. Hawe, "A quantitative measure of
 * fairness", DEC-TR-301, 1984). NaN of nothing; 1 where all shares are zero.
 */
export function jainFairness(shares: readonly number[]): number {
  const sum = shares.reduce((total, share) => total + share, 0);
  const squares = shares.reduce((total, share) => total + share * share, 0);
  return squares === 0 && shares.length > 0 ? 1 : (sum * sum) / (shares.length * squares);
}
