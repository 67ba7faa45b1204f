/** What all parts of a network have in common: ranges of figures, and where they come from. */

/** The least and the greatest figure that sources give. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Of a part that is bought by the piece. */
export interface Part {
  readonly name: string;
  /** What it is, in one sentence. */
  readonly sentence: string;
  /** Where its figures come from, with the year. Figures without a publication are `estimate`. */
  readonly source: string;
}

export function range(low: number, high = low): Range {
  return { low, high };
}

export function sumOfRanges(ranges: Iterable<Range>): Range {
  let [low, high] = [0, 0];
  for (const each of ranges) {
    low += each.low;
    high += each.high;
  }
  return { low, high };
}

export function timesRange({ low, high }: Range, factor: number): Range {
  return { low: low * factor, high: high * factor };
}

export function middleOf({ low, high }: Range): number {
  return (low + high) / 2;
}
