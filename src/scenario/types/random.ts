/** Counter-based randomness for what a scenario leaves to chance. */

/** A 32-bit mixer with low bias (C. Wellons, "Prospecting for hash functions", 2018). */
export function mix32(value: number): number {
  let x = value >>> 0;
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  x ^= x >>> 16;
  return x >>> 0;
}

/** Stream of one entity for one purpose. */
export function streamKey(seed: number, purpose: number, entity: number): number {
  return mix32(mix32((seed + Math.imul(purpose, 0x9e3779b9)) >>> 0) ^ entity);
}

/** Numbers from 0 to 1, 1 excluded, one after the other. */
export function randomSource(key: number): () => number {
  let count = 0;
  return () => mix32(key + Math.imul(count++, 0x9e3779b1)) / 2 ** 32;
}
