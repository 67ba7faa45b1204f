import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bootstrapGeometricMean, bootstrapMean } from "../../src/util/stats/bootstrap.js";
import { normalUpper, studentCdf, studentUpper } from "../../src/util/stats/distributions.js";
import { holmAdjusted } from "../../src/util/stats/holm.js";
import { geometricMean, jainFairness, mean } from "../../src/util/stats/mean.js";
import { wholeNumbers } from "../../src/util/stats/random.js";
import { leastPValue, signFlipTest } from "../../src/util/stats/sign-flip.js";

describe("means", () => {
  it("of known values", () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(geometricMean([0.5, 2])).toBeCloseTo(1, 15);
    expect(mean([])).toBeNaN();
  });

  it("Jain's index is 1 for equal shares and k/n where k of n share everything", () => {
    expect(jainFairness([3, 3, 3])).toBeCloseTo(1, 15);
    expect(jainFairness([1, 1, 0, 0, 0])).toBeCloseTo(0.4, 15);
    // The example of the report: 50, 30, 50 Mb/s.
    expect(jainFairness([50, 30, 50])).toBeCloseTo(0.9548, 4);
    expect(jainFairness([0, 0])).toBe(1);
    expect(jainFairness([])).toBeNaN();
  });
});

describe("distributions", () => {
  it("Student's t as tables print it", () => {
    const table = [
      [1, 12.7062],
      [2, 4.3027],
      [4, 2.7764],
      [5, 2.5706],
      [9, 2.2622],
      [30, 2.0423],
    ] as const;
    for (const [degrees, t] of table) {
      expect(studentUpper(0.025, degrees)).toBeCloseTo(t, 4);
      expect(studentCdf(t, degrees)).toBeCloseTo(0.975, 5);
      expect(studentCdf(-t, degrees)).toBeCloseTo(0.025, 5);
    }
    expect(studentUpper(0.005, 10)).toBeCloseTo(3.1693, 4);
  });

  it("the normal tail as tables print it", () => {
    expect(normalUpper(0)).toBe(0.5);
    expect(normalUpper(1.959963985)).toBeCloseTo(0.025, 9);
    expect(normalUpper(2.999)).toBeCloseTo(0.00135433, 7);
    expect(normalUpper(3)).toBeCloseTo(0.001349898, 9);
    expect(normalUpper(5) / 2.866516e-7).toBeCloseTo(1, 6);
    expect(normalUpper(20) / 2.753624e-89).toBeCloseTo(1, 6);
  });
});

describe("bootstrap", () => {
  it("holds the mean of the population about as often as it says, for as few values as ten", () => {
    const pick = wholeNumbers(7);
    const uniform = () => (pick(2 ** 32) + 0.5) / 2 ** 32;
    const coverage = (draw: () => number, truth: number) => {
      let held = 0;
      for (let seed = 0; seed < 400; seed++) {
        const { low, high } = bootstrapMean(Array.from({ length: 10 }, draw), { resamples: 1000, seed });
        if (low! <= truth && truth <= high!) held++;
      }
      return held / 400;
    };
    const even = coverage(uniform, 0.5);
    expect(even).toBeGreaterThan(0.925);
    expect(even).toBeLessThan(0.985);
    // Of values as skewed as completion times may be, ten promise a little too much.
    expect(coverage(() => -Math.log(uniform()), 1)).toBeGreaterThan(0.87);
  });

  it("is about the interval of Student's t where values are well-behaved", () => {
    const sample = Array.from({ length: 30 }, (_, i) => i);
    // Mean 14.5, standard error 1.6073, t(29) = 2.0452.
    const { value, low, high } = bootstrapMean(sample);
    expect(value).toBe(14.5);
    expect(low).toBeCloseTo(14.5 - 2.0452 * 1.6073, 0);
    expect(high).toBeCloseTo(14.5 + 2.0452 * 1.6073, 0);
  });

  it("gives the same interval every time, and none of a single value", () => {
    const sample = Array.from({ length: 20 }, (_, i) => i * i);
    expect(bootstrapMean(sample)).toEqual(bootstrapMean(sample));
    expect(bootstrapMean(sample, { seed: 2 })).not.toEqual(bootstrapMean(sample));
    expect(bootstrapMean([5])).toEqual({ value: 5, low: null, high: null });
    expect(bootstrapMean([5, 5, 5])).toEqual({ value: 5, low: 5, high: 5 });
  });

  it("of ratios turns over with them", () => {
    const ratios = [1.5, 2, 2.5, 1.7, 2.2];
    const [there, back] = [ratios, ratios.map((ratio) => 1 / ratio)].map((values) => bootstrapGeometricMean(values));
    expect(there!.value * back!.value).toBeCloseTo(1, 12);
    expect(there!.low!).toBeLessThan(there!.value);
    expect(there!.high!).toBeGreaterThan(there!.value);
    expect(back!.high!).toBeLessThan(1);
  });
});

describe("sign-flip test", () => {
  it("counts assignments of signs", () => {
    expect(signFlipTest([1, 2, 3, 4, 5])).toBe(2 / 32);
    expect(signFlipTest([-1, -2, -3, -4, -5])).toBe(2 / 32);
    // |sum| of 1, 2, -3 is 0: every assignment is as extreme.
    expect(signFlipTest([1, 2, -3])).toBe(1);
    // 1 + 2 + 3 - 1 = 5; of 16 assignments the sums 7, -7 (1 each) and 5, -5 (2 each: either 1
    // turned over).
    expect(signFlipTest([1, 2, 3, -1])).toBe(6 / 16);
    expect(signFlipTest([0, 0])).toBe(1);
  });

  it("gives Fisher's figure for Darwin's maize", () => {
    const eighths = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];
    expect(signFlipTest(eighths)).toBeCloseTo((2 * 863) / 2 ** 15, 12);
  });

  it("draws signs where there are too many, to much the same effect", () => {
    const differences = Array.from({ length: 16 }, (_, i) => i - 4.5);
    const exact = signFlipTest(differences);
    // A seventeenth that is nothing leaves the exact value as it is.
    expect(signFlipTest([...differences, 0])).toBeCloseTo(exact, 2);
    expect(signFlipTest(Array.from({ length: 40 }, () => 1))).toBe(leastPValue(40));
  });

  it("never gives less than the least", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 9 }),
        (values) => {
          const p = signFlipTest(values);
          expect(p).toBeGreaterThanOrEqual(leastPValue(values.length));
          expect(p).toBeLessThanOrEqual(1);
          expect(signFlipTest(values.map((value) => -value))).toBe(p);
        },
      ),
    );
  });
});

describe("Holm's adjustment", () => {
  it("multiplies step by step, and never falls", () => {
    expect(holmAdjusted([0.01, 0.04, 0.03, 0.005]).map((p) => Number(p.toFixed(4)))).toEqual([0.03, 0.06, 0.06, 0.02]);
    expect(holmAdjusted([0.9, 0.8])).toEqual([1, 1]);
    expect(holmAdjusted([])).toEqual([]);
  });
});
