import { wholeNumbers } from "./random.js";

/** Up to this number of differences, every combination of signs is tried: 65,536. */
const MAX_EXACT = 16;
const DRAWS = 20_000;
/** Sums of the same terms in another order are the same. */
const TOLERANCE = 1e-9;

/**
 * Two-sided p-value of paired differences by the sign-flip permutation test (R. A. Fisher, "The
 * Design of Experiments", 1935, section 21): the share of all assignments of signs whose mean is at
 * least as far from zero as the observed one. It assumes of the differences only that, if nothing
 * differs, either sign is as likely. Above 16 differences signs are drawn, and the observed
 * assignment counts as one draw (B. Phipson, G. Smyth, "Permutation p-values should never be zero",
 * 2010). The least that `n` pairs can give is `leastPValue(n)`; 1 where nothing differs.
 */
export function signFlipTest(differences: readonly number[], seed = 1): number {
  const count = differences.length;
  const total = differences.reduce((sum, difference) => sum + Math.abs(difference), 0);
  const observed = Math.abs(differences.reduce((sum, difference) => sum + difference, 0));
  const isExtreme = (sum: number) => Math.abs(sum) >= observed - TOLERANCE * total;
  if (total === 0) return 1;
  if (count <= MAX_EXACT) return exactShare(differences, isExtreme);
  const pick = wholeNumbers(seed);
  let extreme = 1;
  for (let draw = 0; draw < DRAWS; draw++) {
    if (isExtreme(differences.reduce((sum, difference) => sum + (pick(2) === 0 ? difference : -difference), 0)))
      extreme++;
  }
  return extreme / (DRAWS + 1);
}

function exactShare(differences: readonly number[], isExtreme: (sum: number) => boolean): number {
  const assignments = 2 ** differences.length;
  let extreme = 0;
  for (let signs = 0; signs < assignments; signs++) {
    if (isExtreme(differences.reduce((sum, difference, i) => sum + ((signs >> i) & 1 ? -difference : difference), 0))) {
      extreme++;
    }
  }
  return extreme / assignments;
}

/** The smallest p-value that this number of pairs can give: all differences have one sign. */
export function leastPValue(pairs: number): number {
  return pairs <= MAX_EXACT ? Math.min(1, 2 ** (1 - pairs)) : 1 / (DRAWS + 1);
}
