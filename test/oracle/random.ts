/** What random numbers are drawn for (MODEL §8). */
export const Purpose = {
  hashing: 1,
  spraying: 2,
  adaptiveTie: 3,
  ecn: 4,
  loss: 5,
  entropy: 6,
  full: 7,
  durations: 8,
} as const;

/** A 32-bit integer hash, unsigned. */
export function mix(value: number): number {
  let x = value | 0;
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  x ^= x >>> 16;
  return x >>> 0;
}

/** The key under which the draws of one entity for one purpose are made. */
export function keyOf(seed: number, purpose: number, entity: number): number {
  return mix(mix((seed | 0) + Math.imul(purpose, 0x9e3779b9)) ^ entity);
}

/** `x` of 2^32 scaled to `0 … n-1`. */
export function pick(x: number, n: number): number {
  return Math.floor((x * n) / 2 ** 32);
}

/** The draws of one key, in order. */
export class Draws {
  private count = 0;
  private readonly key: number;

  constructor(seed: number, purpose: number, entity: number) {
    this.key = keyOf(seed, purpose, entity);
  }

  next32(): number {
    return mix((this.key + Math.imul(this.count++, 0x9e3779b1)) | 0);
  }

  exponential(): number {
    const x = this.next32();
    const y = this.next32();
    return -ln(((x >>> 5) * 2 ** 26 + (y >>> 6) + 0.5) / 2 ** 53);
  }
}

/** Natural logarithm from basic double operations only, in the order that MODEL §8 gives. */
export function ln(u: number): number {
  let m = u;
  let k = 0;
  while (m < Math.SQRT1_2) {
    m *= 2;
    k -= 1;
  }
  while (m >= 2 * Math.SQRT1_2) {
    m /= 2;
    k += 1;
  }
  const s = (m - 1) / (m + 1);
  const z = s * s;
  let p = 1 / 21;
  for (let d = 19; d >= 1; d -= 2) p = p * z + 1 / d;
  return k * Math.LN2 + 2 * s * p;
}
