/**
 * Logarithms by basic IEEE operations only. The built-in ones may differ in the last bit from one
 * JavaScript engine to the next, and what they feed decides which packet is lost: a run must give
 * the same bits everywhere.
 */

const LN2 = Math.LN2;
/** Below this, the series in `x / (2 - x)` converges fast by itself. */
const SMALL = 0.25;

/** `-ln(1 - x)` for `x` in [0, 1], without loss of precision where `x` is tiny; Infinity at 1. */
export function minusLog1m(x: number): number {
  if (x < SMALL) return 2 * atanh(x / (2 - x));
  if (x >= 1) return Number.POSITIVE_INFINITY;
  let rest = 1 - x;
  let halvings = 0;
  while (rest < Math.SQRT1_2) {
    rest *= 2;
    halvings += 1;
  }
  return halvings * LN2 - 2 * atanh((rest - 1) / (rest + 1));
}

/**
 * `s + s^3/3 + s^5/5 + …` for |s| below 0.18: terms beyond the 21st power are below half a unit in
 * the last place.
 */
function atanh(s: number): number {
  const z = s * s;
  let sum = 1 / 21;
  for (let d = 19; d >= 1; d -= 2) sum = sum * z + 1 / d;
  return s * sum;
}
