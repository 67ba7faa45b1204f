import { describe, expect, it } from "vitest";
import {
  codewordErrorRatio,
  frameLossRatio,
  interleaveAt,
  KP4,
  KR4,
  postFecBer,
  symbolErrorHistogram,
  symbolErrorRatio,
} from "../../src/build/physics/fec.js";

/** Within `tolerance` of a figure, relative to it. */
function expectNear(actual: number, expected: number, tolerance: number): void {
  expect(Math.abs(actual / expected - 1), `${actual} for ${expected}`).toBeLessThan(tolerance);
}

/** IEEE's 64-octet frame: preamble and minimum gap counted. */
const FRAME_64 = 84;
/** A RoCE v2 write of 4096 bytes: 4174 octets and the preamble. */
const FRAME_4K = 4182;

describe("codeword error ratio", () => {
  // Evaluated with 60 digits.
  const vectors = [
    [KP4, 1e-5, 2.13966977431e-34],
    [KP4, 1e-4, 1.35981106476e-18],
    [KP4, 2e-4, 5.38989937454e-14],
    [KP4, 2.4e-4, 8.15157339933e-13],
    [KP4, 5e-4, 2.79258397107e-8],
    [KP4, 1e-3, 1.53025859281e-4],
    [KP4, 2e-3, 7.93908736961e-2],
    [KR4, 1e-5, 1.35576892826e-15],
    [KR4, 5e-5, 4.39708776188e-10],
    [KR4, 1e-4, 8.92691051394e-8],
    [KR4, 1e-3, 0.160472306223],
  ] as const;
  it.each(vectors)("%o at a bit error ratio of %d is %d", (code, ber, expected) => {
    expectNear(codewordErrorRatio(ber, code), expected, 1e-9);
  });

  it("goes from 0 to 1", () => {
    expect(codewordErrorRatio(0)).toBe(0);
    expect(codewordErrorRatio(1e-12)).toBeGreaterThan(0);
    expect(codewordErrorRatio(0.5)).toBeCloseTo(1, 12);
  });
});

describe("frame loss ratio", () => {
  it.each([
    [2.4e-4, 6.95685842297e-12],
    [5e-4, 2.38329562903e-7],
    [1e-3, 1.30521829209e-3],
  ])("of 4 KiB frames over two codewords at %d is %d", (ber, expected) => {
    expectNear(frameLossRatio(codewordErrorRatio(ber), FRAME_4K, 2), expected, 1e-9);
  });

  it("of 64-octet frames at 2.4e-4 is what IEEE 802.3 states", () => {
    const codewords = codewordErrorRatio(2.4e-4);
    expectNear(frameLossRatio(codewords, FRAME_64, 1), 9.221e-13, 1e-3);
    expectNear(frameLossRatio(codewords, FRAME_64, 2), 1.737e-12, 1e-3);
    expectNear(frameLossRatio(codewords, FRAME_64, 4), 3.37e-12, 1e-2);
  });

  it.each([
    [3.06e-4, KP4, 2, 6.2e-11],
    [2.396e-4, KP4, 2, 1.7e-12],
    [3.6e-4, KP4, 2, 6.2e-10],
    [5.14e-5, KR4, 1, 6.2e-10],
  ] as const)("meets the objectives: %d with %o, %d codewords, gives %d", (ber, code, interleave, expected) => {
    expectNear(frameLossRatio(codewordErrorRatio(ber, code), FRAME_64, interleave), expected, 0.06);
  });

  it("follows Anslow's formula below one codeword: CER (1 + MFC) / MFC", () => {
    const codewords = 1e-13;
    const frames = 640 / FRAME_64;
    expectNear(frameLossRatio(codewords, FRAME_64, 1), (codewords * (1 + frames)) / frames, 1e-9);
  });
});

describe("symbol errors", () => {
  it("are those of ten bits", () => {
    expectNear(symbolErrorRatio(2.4e-4), 2.397e-3, 1e-3);
    expectNear(symbolErrorRatio(1e-15), 1e-14, 1e-12);
  });

  it("have the histogram that counters show", () => {
    const histogram = symbolErrorHistogram(2.4e-4);
    expect(histogram.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
    expectNear(
      histogram.reduce((sum, p, i) => sum + i * p, 0),
      1.304,
      1e-3,
    );
    for (const [errors, expected] of [
      [0, 0.271],
      [1, 0.354],
      [2, 0.231],
      [4, 0.0326],
      [8, 5.5e-5],
      [12, 1.25e-8],
      [15, 9.5e-12],
    ] as const) {
      expectNear(histogram[errors]!, expected, 0.01);
    }
  });

  it("that remain are those of codewords beyond repair", () => {
    expectNear(postFecBer(2.4e-4), 2.4e-15, 0.02);
    expectNear(postFecBer(1e-3), 4.6e-7, 0.02);
    expectNear(postFecBer(1e-5), 6.3e-37, 0.02);
    expect(postFecBer(0)).toBe(0);
  });
});

it("interleaves by rate", () => {
  expect([25e9, 100e9, 200e9, 400e9, 800e9, 1.6e12].map(interleaveAt)).toEqual([1, 1, 2, 2, 4, 4]);
});
