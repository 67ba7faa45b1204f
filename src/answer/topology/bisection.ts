/** Bisection bandwidth of fabrics that are listed link by link. */
import { cutsOf } from "../ideal/cuts.js";
import { extremes } from "../ideal/reach.js";
import type { PlanView } from "../ideal/view.js";

/**
 * What one half of the ranks can send to the other at most, over the narrowest halves that are
 * found: those made of whole groups of a partition (leaves; the narrow cuts of
 * `ideal/partitions.ts`). To find the narrowest of all is NP-hard, so the true figure may be lower.
 * @returns bit/s each way; null where no groups make up a half
 */
export function listedBisectionBps(view: PlanView): number | null {
  const { linkClasses, rankCount } = view.fabric;
  const half = Math.floor(rankCount / 2);
  let narrowest = Number.POSITIVE_INFINITY;
  for (const { level, groupCount, groupOfRank, egress, ingress } of cutsOf(view, extremes(view))) {
    if (level !== "leaf" && level !== "cut") continue;
    const rates = (links: Uint32Array) =>
      Array.from({ length: groupCount }, (_, group) =>
        linkClasses.reduce((sum, { rateBps }, i) => sum + links[group * linkClasses.length + i]! * rateBps, 0),
      );
    const sizes = new Array<number>(groupCount).fill(0);
    for (const group of groupOfRank) sizes[group]! += 1;
    const [out, into] = [rates(egress.links), rates(ingress.links)];
    const widths = out.map((rate, group) => Math.min(rate, into[group]!));
    narrowest = Math.min(narrowest, narrowestHalf(sizes, widths, half), narrowestHalf(sizes, widths, rankCount - half));
  }
  return Number.isFinite(narrowest) ? narrowest : null;
}

/** Least sum of widths of groups whose sizes sum up to a half; infinite where none do. */
function narrowestHalf(sizes: readonly number[], widths: readonly number[], half: number): number {
  const least = new Float64Array(half + 1).fill(Number.POSITIVE_INFINITY);
  least[0] = 0;
  sizes.forEach((size, group) => {
    for (let sum = half; sum >= size; sum--) {
      least[sum] = Math.min(least[sum]!, least[sum - size]! + widths[group]!);
    }
  });
  return least[half]!;
}
