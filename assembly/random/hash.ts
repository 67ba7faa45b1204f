/**
 * Counter-based randomness: a draw depends on seed, purpose, entity and its own counter, on nothing
 * that happened elsewhere.
 */
import { run } from "../memory/arena";

export enum Purpose {
  Hash = 1,
  Spray = 2,
  TieBreak = 3,
  Ecn = 4,
  Loss = 5,
  Entropy = 6,
  Full = 7,
  Durations = 8,
}

/** Golden-ratio step between the inputs of successive draws. */
const STEP: u32 = 0x9e3779b1;

/** A 32-bit mixer with low bias (C. Wellons, "Prospecting for hash functions", 2018). */
@inline
function mix(value: u32): u32 {
  let x = value;
  x ^= x >> 16;
  x *= 0x7feb352d;
  x ^= x >> 15;
  x *= 0x846ca68b;
  x ^= x >> 16;
  return x;
}

/** The stream of one entity for one purpose. */
export function keyOf(purpose: Purpose, entity: u32): u32 {
  return mix(mix(run.seed + <u32>purpose * <u32>0x9e3779b9) ^ entity);
}

/** Draw number `counter` of a stream. */
@inline
export function draw(key: u32, counter: u32): u32 {
  return mix(key + counter * STEP);
}

/** Maps 32 random bits to 0 … n-1. */
@inline
export function pick(bits: u32, n: u32): u32 {
  return <u32>((<u64>bits * n) >> 32);
}

/**
 * Natural logarithm of 0 < u < 1 from basic IEEE operations only, so that any implementation of the
 * model gets the same bits: u = m·2^k, ln m by the series of the inverse hyperbolic tangent.
 */
function naturalLog(u: f64): f64 {
  const bits = reinterpret<u64>(u);
  let exponent = <i32>((bits >> 52) & 0x7ff) - 1022;
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | ((<u64>1022) << 52));
  if (m < 0.7071067811865476) {
    m *= 2.0;
    exponent -= 1;
  }
  const s = (m - 1.0) / (m + 1.0);
  const z = s * s;
  let p: f64 = 1.0 / 21.0;
  for (let d: i32 = 19; d >= 1; d -= 2) p = p * z + 1.0 / <f64>d;
  return <f64>exponent * 0.6931471805599453 + 2.0 * s * p;
}

/** An exponential draw of mean 1 from draws `counter` and `counter + 1`. */
export function exponential(key: u32, counter: u32): f64 {
  const high = draw(key, counter) >> 5;
  const low = draw(key, counter + 1) >> 6;
  return -naturalLog((<f64>high * 67108864.0 + <f64>low + 0.5) / 9007199254740992.0);
}
