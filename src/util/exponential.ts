/**
 * Exponentials and the Gaussian tail by basic IEEE operations and square roots only, for the same
 * reason as `logarithm.ts`: a bit error ratio that follows from a temperature decides which packet
 * is lost, so every JavaScript engine must give the same bits.
 */

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const LN10 = Math.LN10;

/** `e^x`, to a few units in the last place; 0 below -745, Infinity above 709.7. */
export function exponential(x: number): number {
  if (x < -745) return 0;
  if (x > 709.78) return Number.POSITIVE_INFINITY;
  const halves = Math.round(x / Math.LN2);
  const rest = x - halves * LN2_HIGH - halves * LN2_LOW;
  // |rest| <= ln2 / 2: the 18th term is below 2^-53.
  let sum = 1;
  for (let n = 18; n >= 1; n--) sum = 1 + (rest * sum) / n;
  return scaleByPowerOf2(sum, halves);
}

/** `10^x`: a ratio from its tenth of decibels. */
export function powerOf10(x: number): number {
  return exponential(x * LN10);
}

/** Exact, but where the result is subnormal. */
function scaleByPowerOf2(value: number, exponent: number): number {
  let scaled = value;
  let left = exponent;
  for (; left > 1000; left -= 1000) scaled *= 2 ** 1000;
  for (; left < -1000; left += 1000) scaled *= 2 ** -1000;
  const factor = left < 0 ? 0.5 : 2;
  for (let step = Math.abs(left); step > 0; step--) scaled *= factor;
  return scaled;
}

/** Where the series of the error function gives way to the continued fraction. */
const SERIES_BELOW = 2.5;
const SQRT_PI = 1.772453850905516;
const FRACTION_TERMS = 60;

/**
 * Tail of the standard normal distribution, `Q(x) = erfc(x / sqrt(2)) / 2`, for `x >= 0`. The
 * series 7.1.5 and the continued fraction 7.1.14 of Abramowitz and Stegun.
 */
export function gaussianTail(x: number): number {
  const z = x * Math.SQRT1_2;
  return z < SERIES_BELOW ? (1 - errorFunction(z)) / 2 : complement(z) / 2;
}

/**
 * `erf(z) = 2/sqrt(pi) * e^(-z^2) * sum of 2^n z^(2n+1) / (1*3*...*(2n+1))`: all terms are
 * positive.
 */
function errorFunction(z: number): number {
  let term = z;
  let sum = z;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= (2 * z * z) / (2 * n + 1);
    sum += term;
  }
  return (2 / SQRT_PI) * sum * exponential(-z * z);
}

/** `erfc(z) = e^(-z^2)/sqrt(pi) / (z + (1/2)/(z + 1/(z + (3/2)/(z + ...))))`. */
function complement(z: number): number {
  let fraction = z;
  for (let k = FRACTION_TERMS; k >= 1; k--) fraction = z + k / 2 / fraction;
  return exponential(-z * z) / (SQRT_PI * fraction);
}
