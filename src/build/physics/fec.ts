/**
 * Forward error correction of Ethernet lanes: from a bit error ratio to the ratio of lost frames.
 * Errors are independent of one another. All sums are of positive terms, by basic operations only,
 * so that tiny ratios keep their precision and every engine gives the same bits.
 */

/** A Reed-Solomon code over symbols of 10 bits. */
export interface ReedSolomon {
  /** Symbols of a codeword. */
  readonly symbols: number;
  /** Symbol errors that it corrects. */
  readonly corrects: number;
}

/** RS(544,514), of PAM4 lanes (IEEE 802.3 clauses 91, 119, 172). */
export const KP4: ReedSolomon = { symbols: 544, corrects: 15 };
/** RS(528,514), of NRZ lanes (clause 91). */
export const KR4: ReedSolomon = { symbols: 528, corrects: 7 };

const SYMBOL_BITS = 10;

/**
 * Octets of the MAC stream (preamble, frame and gap) in a codeword: 514 symbols of 10 bits are 20
 * blocks of 257 bits, and a block is 32 octets transcoded from 256B/257B.
 */
export const OCTETS_PER_CODEWORD = 640;

/**
 * Codewords that are interleaved symbol by symbol at a rate: 1 up to 100G, 2 at 200G and 400G
 * (clause 119), 4 from 800G (clause 172).
 */
export function interleaveAt(rateBps: number): number {
  if (rateBps >= 800e9) return 4;
  return rateBps > 100e9 ? 2 : 1;
}

/** Probability that a symbol has an error: `1 - (1 - ber)^10`. */
export function symbolErrorRatio(ber: number): number {
  return unionOf(ber, SYMBOL_BITS);
}

/**
 * FEC histogram, as switches and modules count it: probability of `i` symbol errors in a codeword,
 * for `i` from 0 to all symbols. The binomial distribution, from its mode outwards by the ratio of
 * neighbours, so that nothing overflows.
 */
export function symbolErrorHistogram(ber: number, { symbols }: ReedSolomon = KP4): Float64Array {
  const p = symbolErrorRatio(ber);
  const histogram = new Float64Array(symbols + 1);
  const mode = Math.min(symbols, Math.floor((symbols + 1) * p));
  histogram[mode] = 1;
  for (let i = mode; i < symbols; i++) histogram[i + 1] = (histogram[i]! * ((symbols - i) * p)) / ((i + 1) * (1 - p));
  for (let i = mode; i > 0; i--) histogram[i - 1] = (histogram[i]! * (i * (1 - p))) / ((symbols - i + 1) * p);
  const sum = histogram.reduce((total, value) => total + value, 0);
  return histogram.map((value) => value / sum);
}

/** Probability that a codeword has more symbol errors than its code corrects. */
export function codewordErrorRatio(ber: number, code: ReedSolomon = KP4): number {
  if (ber <= 0) return 0;
  const beyond = symbolErrorHistogram(ber, code).subarray(code.corrects + 1);
  return beyond.reduce((total, value) => total + value, 0);
}

/**
 * Bit error ratio after correction, of a decoder that leaves a codeword it cannot correct as it is.
 */
export function postFecBer(ber: number, code: ReedSolomon = KP4): number {
  if (ber <= 0) return 0;
  const histogram = symbolErrorHistogram(ber, code);
  let errors = 0;
  for (let i = code.corrects + 1; i <= code.symbols; i++) errors += i * histogram[i]!;
  return (errors / code.symbols) * (ber / symbolErrorRatio(ber));
}

/**
 * Probability that a frame is lost: every frame that overlaps a codeword in error is discarded, and
 * with it the codewords that are interleaved with that one.
 * @param octets Of the frame on the medium, preamble included; 84 for IEEE's 64-octet frames with
 * minimum gap.
 * @param interleave Codewords in a group.
 */
export function frameLossRatio(codewordErrors: number, octets: number, interleave: number): number {
  const groups = octets / (OCTETS_PER_CODEWORD * interleave);
  const whole = Math.floor(groups);
  const straddles = groups - whole;
  const touching = (count: number) => unionOf(codewordErrors, count * interleave);
  return (1 - straddles) * touching(whole + 1) + straddles * touching(whole + 2);
}

/**
 * Probability of at least one of `count` independent events: `1 - (1 - p)^count`, exact to the last
 * digits for tiny `p` too.
 */
function unionOf(p: number, count: number): number {
  let result = 0;
  let power = p;
  for (let left = count; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result += power * (1 - result);
    power += power * (1 - power);
  }
  return result;
}
