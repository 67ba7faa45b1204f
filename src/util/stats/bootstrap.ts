import { normalUpper, studentUpper } from "./distributions.js";
import { geometricMean, mean } from "./mean.js";
import { percentile } from "./percentile.js";
import { wholeNumbers } from "./random.js";

/**
 * An estimate, and the interval that holds the true value with the given confidence. Null where one
 * value tells nothing of the spread.
 */
export interface Estimate {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

export interface BootstrapOptions {
  /** Of the interval; 0.95. */
  readonly confidence?: number;
  readonly resamples?: number;
  readonly seed?: number;
}

/**
 * The mean of a sample with its confidence interval, by the expanded percentile bootstrap: the
 * sample is drawn again with replacement, and the interval reaches between two percentiles of the
 * means. With `n` values plain percentiles are too narrow, by about `sqrt((n-1)/n)` and the ratio
 * of the normal to the t quantile; so percentiles are taken further out, at `Φ(-sqrt(n/(n-1))·t)`
 * (T. Hesterberg, "What teachers should know about the bootstrap", The American Statistician 69,
 * 2015, section 3.3). The same sample gives the same interval.
 *
 * For a paired comparison, give the differences of the pairs.
 */
export function bootstrapMean(values: readonly number[], options: BootstrapOptions = {}): Estimate {
  const { confidence = 0.95, resamples = 10_000, seed = 1 } = options;
  const count = values.length;
  const value = mean(values);
  if (count < 2 || values.some((other) => !Number.isFinite(other))) return { value, low: null, high: null };
  if (values.every((other) => other === values[0])) return { value, low: value, high: value };
  const pick = wholeNumbers(seed);
  const means = Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += values[pick(count)]!;
    return sum / count;
  }).sort();
  const t = studentUpper((1 - confidence) / 2, count - 1);
  const outside = 100 * normalUpper(Math.sqrt(count / (count - 1)) * t);
  return { value, low: percentile(means, outside), high: percentile(means, 100 - outside) };
}

/** As `bootstrapMean`, of the geometric mean of positive values: of ratios of pairs. */
export function bootstrapGeometricMean(values: readonly number[], options: BootstrapOptions = {}): Estimate {
  const { low, high } = bootstrapMean(values.map(Math.log), options);
  const exp = (logarithm: number | null) => (logarithm === null ? null : Math.exp(logarithm));
  return { value: geometricMean(values), low: exp(low), high: exp(high) };
}
