import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codewordErrorRatio, frameLossRatio } from "../../src/build/physics/fec.js";
import { hazardTable } from "../../src/build/physics/hazard.js";
import { minusLog1m } from "../../src/util/logarithm.js";

describe("-ln(1 - x)", () => {
  it("agrees with the built-in logarithm, for tiny x too", () => {
    const tiny = fc.integer({ min: -300, max: 0 }).map((exponent) => 0.9 * 10 ** exponent);
    const any = fc.double({ min: 1e-300, max: 1, noNaN: true, maxExcluded: true });
    fc.assert(
      fc.property(fc.oneof(tiny, any), (x) => {
        const expected = -Math.log1p(-x);
        expect(Math.abs(minusLog1m(x) - expected)).toBeLessThanOrEqual(4e-16 * expected);
      }),
      { numRuns: 2000 },
    );
  });

  it("is 0 at 0 and infinite at 1", () => {
    expect(minusLog1m(0)).toBe(0);
    expect(minusLog1m(1)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("hazard table", () => {
  const loss = { preFecBer: 3e-4, interleave: 2, frameLossRatio: 0 };

  it("holds the loss of a frame with its preamble, by wire size", () => {
    const table = hazardTable(loss, 4178, 20);
    expect(table).toHaveLength(4179);
    const flr = frameLossRatio(codewordErrorRatio(3e-4), 4178 - 20 + 8, 2);
    expect(table[4178]! / flr).toBeCloseTo(1, 9);
  });

  it("grows with the size of the packet, and stays tiny where losses are", () => {
    const table = hazardTable({ preFecBer: 1e-6, interleave: 1, frameLossRatio: 0 }, 4178, 20);
    for (let bytes = 21; bytes < table.length; bytes++) expect(table[bytes]!).toBeGreaterThan(table[bytes - 1]!);
    expect(table[4178]!).toBeGreaterThan(1e-49);
    expect(table[4178]!).toBeLessThan(2e-49);
  });

  it("adds what is lost whatever its size", () => {
    const table = hazardTable({ ...loss, frameLossRatio: 0.01 }, 4178, 20);
    const errors = hazardTable(loss, 4178, 20);
    for (const bytes of [84, 4178]) expect(table[bytes]! - errors[bytes]!).toBeCloseTo(-Math.log(0.99), 12);
    const random = hazardTable({ preFecBer: 0, interleave: 1, frameLossRatio: 1e-4 }, 1048, 0);
    expect(new Set(random)).toEqual(new Set([minusLog1m(1e-4)]));
  });

  it("is finite short of certain loss", () => {
    expect(hazardTable({ preFecBer: 2e-3, interleave: 4, frameLossRatio: 0 }, 9000, 20).every(Number.isFinite)).toBe(
      true,
    );
  });
});
