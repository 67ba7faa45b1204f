/** The ranks that a trace shows. */

/** All ranks, where there are no more than this. */
export const MAX_RANKS = 64;
const SLOWEST = 8;
const MEDIAN = 8;

export interface ShownRanks {
  /** Ascending. */
  readonly ranks: readonly number[];
  /** What a reader must know: undefined where all ranks are shown. */
  readonly note: string | undefined;
}

/**
 * Ranks to show: the ones that were asked for; without any, all, or of many a sample.
 * @param finishPs By rank; NaN where it has not finished, which is slowest of all.
 */
export function ranksToShow(finishPs: ArrayLike<number>, asked: readonly number[]): ShownRanks {
  const all = Array.from({ length: finishPs.length }, (_, rank) => rank);
  if (all.length <= MAX_RANKS && asked.length === 0) return { ranks: all, note: undefined };
  const endPs = (rank: number) => (Number.isNaN(finishPs[rank]!) ? Number.POSITIVE_INFINITY : finishPs[rank]!);
  const isEarlier = (a: number, b: number) => (endPs(a) < endPs(b) ? -1 : endPs(a) > endPs(b) ? 1 : a - b);
  const byEnd = [...all].sort(isEarlier);
  const middle = Math.max(0, (byEnd.length - MEDIAN) >> 1);
  const sample = [...byEnd.slice(-SLOWEST), ...byEnd.slice(middle, middle + MEDIAN)];
  const ranks = asked.length > 0 ? asked : sample;
  const shown = [...new Set(ranks)].sort((a, b) => a - b);
  const how = asked.length > 0 ? "those that were asked for" : `the ${SLOWEST} slowest and ${MEDIAN} at the median`;
  const note = shown.length === all.length ? undefined : `${shown.length} of ${all.length} ranks: ${how}`;
  return { ranks: shown, note };
}
