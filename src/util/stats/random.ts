/**
 * Uniform whole numbers below a bound, the same for the same seed everywhere: 32-bit draws by a
 * counter through a mixer with low bias (splitmix32, with the constants of C. Wellons, "Prospecting
 * for hash functions", 2018).
 */
export function wholeNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x9e3779b9) >>> 0;
    let x = state;
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
    return Math.floor((((x ^ (x >>> 16)) >>> 0) * below) / 2 ** 32);
  };
}
