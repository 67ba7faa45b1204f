/**
 * Nearest-rank percentile: the smallest value that at least `percent` per cent of the values do not
 * exceed, which is always one of the values. `sorted` is in ascending order; NaN where it is empty.
 */
export function percentile(sorted: ArrayLike<number>, percent: number): number {
  if (sorted.length === 0) return Number.NaN;
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  return sorted[rank - 1]!;
}
