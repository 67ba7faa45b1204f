import { describe, expect, it } from "vitest";
import {
  bootstrap,
  generator,
  geometricMean,
  MIN_RUNS,
  median,
  medianRatio,
  pairedRatio,
  ratioOfMedians,
} from "../../bench/statistics.mjs";

/** Normally distributed numbers (Box-Muller). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function many<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}

describe("sums", () => {
  it("median of an odd and of an even number", () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(() => median([])).toThrow(RangeError);
  });

  it("means of ratios are the same both ways around", () => {
    expect(geometricMean([2, 8])).toBeCloseTo(4, 12);
    expect(medianRatio([2, 8])).toBeCloseTo(4, 12);
    expect(medianRatio([1 / 2, 1 / 8])).toBeCloseTo(1 / 4, 12);
  });
});

describe("generator", () => {
  it("repeats itself by seed, and is uniform", () => {
    const take = (seed: number) => many(4, generator(seed));
    expect(take(1)).toEqual(take(1));
    expect(take(1)).not.toEqual(take(2));
    const counts = new Array(10).fill(0);
    const random = generator(3);
    for (let i = 0; i < 10_000; i++) counts[Math.floor(random() * 10)] += 1;
    // Chi squared of 9 degrees of freedom: above 27.9 once in a thousand.
    expect(counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(27.9);
  });
});

describe("bootstrap", () => {
  it("gives the same interval for the same samples", () => {
    const samples = [[1, 2, 3, 4, 5, 6]];
    expect(bootstrap(samples, median)).toEqual(bootstrap(samples, median));
  });

  it("of samples that agree is a point", () => {
    expect(ratioOfMedians([4, 4, 4], [5, 5, 5])).toEqual({ value: 1.25, low: 1.25, high: 1.25 });
  });

  it("of a mean is as wide as the normal distribution says", () => {
    const random = generator(5);
    const samples = many(400, () => normal(random));
    const { value, low, high } = bootstrap([samples], (group: number[]) => group.reduce((a, b) => a + b, 0) / 400);
    const sigma = Math.sqrt(samples.reduce((sum, x) => sum + (x - value) ** 2, 0) / 400 / 400);
    expect(low).toBeCloseTo(value - 1.96 * sigma, 2);
    expect(high).toBeCloseTo(value + 1.96 * sigma, 2);
  });

  it("keeps its promise at the fewest runs, and not below", () => {
    const random = generator(7);
    const time = () => Math.exp(0.05 * normal(random));
    const held = (runs: number, ratioOf: typeof pairedRatio) => {
      const trials = 200;
      const hits = many(trials, () => ratioOf(many(runs, time), many(runs, time))).filter(
        ({ low, high }) => low <= 1 && high >= 1,
      );
      return hits.length / trials;
    };
    expect(held(MIN_RUNS, ratioOfMedians)).toBeGreaterThan(0.93);
    expect(held(MIN_RUNS, pairedRatio)).toBeGreaterThan(0.91);
    expect(held(3, pairedRatio)).toBeLessThan(0.85);
  });

  it("of pairs does not mind a machine that becomes slower", () => {
    const a = [10, 20, 40, 80, 160, 320];
    const b = a.map((time) => time * 1.1);
    const paired = pairedRatio(a, b);
    expect(paired.low).toBeCloseTo(1.1, 12);
    expect(paired.high).toBeCloseTo(1.1, 12);
    const { low, high } = ratioOfMedians(a, b);
    expect(high / low).toBeGreaterThan(10);
  });
});
