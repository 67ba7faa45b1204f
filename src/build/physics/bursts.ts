/**
 * Errors that come in bursts: a decision-feedback equalizer carries a wrong decision on to the next
 * symbol. Interleaving spreads a burst over codewords; precoding leaves two errors of it.
 */
import { KP4, type ReedSolomon } from "./fec.js";

export interface BurstModel {
  /** Probability that an error goes on to the next PAM4 symbol; 0 for errors by themselves. */
  readonly propagation: number;
  /** Codewords that are interleaved symbol by symbol. */
  readonly interleave: number;
  /** 1/(1+D): of a burst there are errors at its begin and behind its end only. */
  readonly precoding: boolean;
}

const PAM4_PER_SYMBOL = 5;
/** Beyond this many symbol errors of a codeword, what is left is below the last digit. */
const TERMS_BEYOND = 64;
/** Bursts that are longer are this improbable. */
const MIN_PROBABILITY = 1e-30;

/**
 * Probability that a codeword has more symbol errors than its code corrects, at a bit error ratio.
 * Bursts begin at each PAM4 symbol with the same small probability; their length is geometric; they
 * hit the symbols of consecutive places, which belong to the codewords in turn. The number of
 * errors has the generating function `(1 - p + p*W(z))^(n*N)`. `p` is the probability that a burst
 * begins in a symbol. `W` is the generating function of the symbols that a burst hits in one
 * codeword.
 */
export function burstCodewordErrorRatio(ber: number, model: BurstModel, code: ReedSolomon = KP4): number {
  const { propagation, interleave, precoding } = model;
  // A PAM4 error is one wrong bit of two. A burst has 1/(1-a) errors, with precoding two.
  const perBurst = precoding ? 2 : 1 / (1 - propagation);
  const begins = PAM4_PER_SYMBOL * ((2 * ber) / perBurst);
  const size = code.corrects + TERMS_BEYOND;
  const base = hitsInCodeword(model, size).map((probability) => probability * begins);
  base[0] = base[0]! + 1 - begins;
  const counts = power(base, code.symbols * interleave, size);
  return counts.subarray(code.corrects + 1).reduce((sum, each) => sum + each, 0);
}

/** Probability of each number of symbols that a burst hits in one codeword: `W`. */
function hitsInCodeword({ propagation, interleave, precoding }: BurstModel, size: number): Float64Array {
  const hits = new Float64Array(size);
  const add = (count: number, probability: number) => {
    const place = Math.min(count, size - 1);
    hits[place] = hits[place]! + probability;
  };
  let ofLength = 1 - propagation;
  for (let length = 1; ofLength > MIN_PROBABILITY; length++, ofLength *= propagation) {
    for (let phase = 0; phase < PAM4_PER_SYMBOL; phase++) {
      const probability = ofLength / PAM4_PER_SYMBOL;
      if (precoding) addEnds(Math.floor((phase + length) / PAM4_PER_SYMBOL), interleave, probability, add);
      else addRun(Math.ceil((phase + length) / PAM4_PER_SYMBOL), interleave, probability, add);
    }
  }
  return hits;
}

type Add = (count: number, probability: number) => void;

/** `symbols` places in a row: each codeword has a whole share of them, some one more. */
function addRun(symbols: number, interleave: number, probability: number, add: Add): void {
  const whole = Math.floor(symbols / interleave);
  const more = (symbols % interleave) / interleave;
  add(whole, probability * (1 - more));
  add(whole + 1, probability * more);
}

/** The first place and the one `distance` further on. */
function addEnds(distance: number, interleave: number, probability: number, add: Add): void {
  if (distance === 0) {
    add(1, probability / interleave);
    add(0, probability * (1 - 1 / interleave));
  } else if (distance % interleave === 0) {
    add(2, probability / interleave);
    add(0, probability * (1 - 1 / interleave));
  } else {
    add(1, (probability * 2) / interleave);
    add(0, probability * (1 - 2 / interleave));
  }
}

/** Coefficients of a power of a polynomial with terms of at least 0, up to a degree. */
function power(base: Float64Array, exponent: number, size: number): Float64Array {
  let result = new Float64Array(size);
  result[0] = 1;
  let square = base;
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = product(result, square, size);
    if (left > 1) square = product(square, square, size);
  }
  return result;
}

function product(a: Float64Array, b: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const result = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    if (a[i] === 0) continue;
    for (let j = 0; i + j < size; j++) result[i + j] = result[i + j]! + a[i]! * b[j]!;
  }
  return result;
}
