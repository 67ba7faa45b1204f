/** Tails of the two distributions that small samples need. */

/**
 * Distribution function of Student's t with `degrees` (a whole number from 1) degrees of freedom:
 * the finite series of Abramowitz and Stegun, "Handbook of Mathematical Functions", 26.7.3 and
 * 26.7.4.
 */
export function studentCdf(t: number, degrees: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees));
  const square = Math.cos(angle) ** 2;
  const isOdd = degrees % 2 === 1;
  let term = isOdd ? Math.cos(angle) : 1;
  let series = degrees === 1 ? 0 : term;
  for (let i = isOdd ? 3 : 2; i < degrees; i += 2) {
    term *= ((i - 1) / i) * square;
    series += term;
  }
  const inner = isOdd ? (2 / Math.PI) * (angle + Math.sin(angle) * series) : Math.sin(angle) * series;
  return (1 + inner) / 2;
}

/** The value that Student's t exceeds with the given probability (above 0, at most one half). */
export function studentUpper(probability: number, degrees: number): number {
  let [low, high] = [0, 1];
  while (1 - studentCdf(high, degrees) > probability) high *= 2;
  // 60 halvings are all that a double can tell apart.
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (1 - studentCdf(middle, degrees) > probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * Probability that a standard normal variable exceeds `z`, for `z` from 0: the series below 3
 * (Abramowitz and Stegun 26.2.11), the continued fraction (26.2.14) above it.
 */
export function normalUpper(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z < 3) {
    let term = z;
    let sum = 0;
    for (let i = 1; term > 1e-17; i += 2) {
      sum += term;
      term *= (z * z) / (i + 2);
    }
    return 0.5 - density * sum;
  }
  let fraction = z;
  for (let i = 200; i > 0; i--) fraction = z + i / fraction;
  return density / fraction;
}
