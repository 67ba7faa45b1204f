// What the figures are summed up by: medians, ratios, and how far the ratios can be trusted.

/**
 * An estimate and the interval that holds it.
 * @typedef {object} Estimate
 * @property {number} value
 * @property {number} low
 * @property {number} high
 */

/**
 * Below this even the whole range of the samples holds their median with less than 95 %: 1 - 2^(1 -
 * n).
 */
export const MIN_RUNS = 6;

/** @param {readonly number[]} values */
export function median(values) {
  if (values.length === 0) throw new RangeError("the median of nothing");
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** @param {readonly number[]} values Above 0. */
export function geometricMean(values) {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/**
 * Median in the logarithm, so that the ratio of B to A is the inverse of the ratio of A to B.
 * @param {readonly number[]} ratios
 */
export function medianRatio(ratios) {
  return Math.exp(median(ratios.map(Math.log)));
}

/**
 * Uniform numbers in [0, 1), the same for the same seed (mulberry32 by T. Ettinger).
 * @param {number} seed
 */
export function generator(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A statistic of independent groups of samples with its 95 % interval, by the percentile bootstrap:
 * B. Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7 (1979). The
 * same samples give the same interval.
 * @param {readonly (readonly number[])[]} groups
 * @param {(...groups: number[][]) => number} statistic
 * @param {number} [resamples]
 * @returns {Estimate}
 */
export function bootstrap(groups, statistic, resamples = 4000) {
  const random = generator(1);
  const redraw = (/** @type {readonly number[]} */ group) =>
    group.map(() => group[Math.floor(random() * group.length)]);
  const values = Array.from({ length: resamples }, () => statistic(...groups.map(redraw))).sort((a, b) => a - b);
  const last = resamples - 1;
  return {
    value: statistic(...groups.map((group) => [...group])),
    low: values[Math.floor(0.025 * last)],
    high: values[Math.ceil(0.975 * last)],
  };
}

/**
 * Median of `b` over the median of `a`, of samples that do not belong together.
 * @param {number[]} a
 * @param {number[]} b
 */
export function ratioOfMedians(a, b) {
  return bootstrap([a, b], (as, bs) => median(bs) / median(as));
}

/**
 * Median of `b[i] / a[i]`, of samples taken one after the other.
 * @param {number[]} a
 * @param {number[]} b
 */
export function pairedRatio(a, b) {
  return bootstrap([pairRatios(a, b)], medianRatio);
}

/** @param {number[]} a @param {number[]} b */
export function pairRatios(a, b) {
  return b.map((value, i) => value / a[i]);
}
