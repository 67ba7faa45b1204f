/**
 * Fluid reference for hashed routing: paths by the documented hash, rates by max-min fairness, with
 * nothing shared with the simulator.
 */

/**
 * A leaf-spine fabric of `leaves` leaves with `width` hosts and as many spines each, and one flow,
 * in `qps` parts, per host.
 */
export interface Permutation {
  readonly leaves: number;
  readonly width: number;
  readonly qps: number;
  /** By host: where it sends. */
  readonly to: ArrayLike<number>;
  readonly seed: number;
}

const PURPOSE_ECMP = 1;

/** Uplink that each part of each flow takes, part by part; -1 under one leaf. */
export function hashedUplinks({ leaves, width, qps, to, seed }: Permutation): Int32Array {
  const streams = Uint32Array.from({ length: leaves }, (_, leaf) => mix(mix(seed + PURPOSE_ECMP * 0x9e3779b9) ^ leaf));
  const uplinks = new Int32Array(to.length * qps).fill(-1);
  for (let part = 0; part < uplinks.length; part++) {
    const src = Math.floor(part / qps);
    const leaf = Math.floor(src / width);
    if (leaf === Math.floor(to[src]! / width)) continue;
    uplinks[part] = Math.floor((mix(streams[leaf]! + Math.imul(2 * part, 0x9e3779b1)) * width) / 2 ** 32);
  }
  return uplinks;
}

/** `mix` of the model's chapter on randomness. */
function mix(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/**
 * Links of each part: out of its host, up, down, into its host. Links are numbered in these four
 * groups.
 */
export function pathsOf(permutation: Permutation): Int32Array[] {
  const { width, qps, to } = permutation;
  const links = to.length;
  return Array.from(hashedUplinks(permutation), (spine, part) => {
    const src = Math.floor(part / qps);
    const dst = to[src]!;
    const leafOf = (host: number) => Math.floor(host / width);
    if (spine < 0) return Int32Array.of(src, 3 * links + dst);
    const up = links + leafOf(src) * width + spine;
    const down = 2 * links + leafOf(dst) * width + spine;
    return Int32Array.of(src, up, down, 3 * links + dst);
  });
}

/**
 * Max-min fair rates over links of capacity 1, by filling: the tightest links fix the rates of all
 * that cross them, level by level.
 */
export function maxMinRates(paths: readonly ArrayLike<number>[], linkCount: number): Float64Array {
  const rates = new Float64Array(paths.length).fill(-1);
  const left = new Float64Array(linkCount).fill(1);
  const open = new Int32Array(linkCount);
  const users: number[][] = Array.from({ length: linkCount }, () => []);
  paths.forEach((path, part) => {
    for (let i = 0; i < path.length; i++) {
      open[path[i]!]! += 1;
      users[path[i]!]!.push(part);
    }
  });
  let links = Array.from({ length: linkCount }, (_, link) => link);
  for (;;) {
    links = links.filter((link) => open[link]! > 0);
    if (links.length === 0) return rates;
    const level = links.reduce((least, link) => Math.min(least, left[link]! / open[link]!), Number.POSITIVE_INFINITY);
    for (const link of links) {
      if (open[link] === 0 || left[link]! / open[link]! > level * (1 + 1e-9)) continue;
      for (const part of users[link]!) {
        if (rates[part]! >= 0) continue;
        rates[part] = level;
        const path = paths[part]!;
        for (let i = 0; i < path.length; i++) {
          left[path[i]!]! -= level;
          open[path[i]!]! -= 1;
        }
      }
    }
  }
}

/**
 * Rate of each flow: what its parts get together. `stripe` is that of a message cut evenly over the
 * parts, where the slowest decides.
 */
export function flowShares(rates: ArrayLike<number>, qps: number): { shares: Float64Array; stripe: Float64Array } {
  const flows = rates.length / qps;
  const shares = new Float64Array(flows);
  const stripe = new Float64Array(flows).fill(Number.POSITIVE_INFINITY);
  for (let part = 0; part < rates.length; part++) {
    const flow = Math.floor(part / qps);
    shares[flow]! += rates[part]!;
    stripe[flow] = Math.min(stripe[flow]!, qps * rates[part]!);
  }
  return { shares, stripe };
}
