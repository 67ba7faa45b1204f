import { expect, it } from "vitest";
import { burstCodewordErrorRatio } from "../../src/build/physics/bursts.js";
import { codewordErrorRatio } from "../../src/build/physics/fec.js";

const BERS = [1e-5, 1e-4, 2.4e-4, 5e-4];

/** Propagation, interleave, precoding; codeword error ratios with two digits at each of `BERS`. */
const TABLE = [
  [0.5, 1, false, [2.3e-20, 6.3e-14, 7.5e-11, 4.2e-8]],
  [0.5, 2, false, [1.1e-32, 8.2e-21, 1.5e-15, 4.3e-11]],
  [0.5, 4, false, [7.6e-38, 5.6e-22, 4.4e-16, 2.5e-11]],
  [0.75, 1, false, [1.9e-11, 2.6e-9, 5.6e-8, 1.4e-6]],
  [0.75, 2, false, [7.0e-20, 1.4e-15, 5.6e-13, 2.4e-10]],
  [0.75, 4, false, [2.2e-33, 4.7e-23, 5.4e-18, 1.5e-13]],
  [0.75, 1, true, [1.4e-19, 1.5e-11, 1.7e-8, 5.2e-6]],
  [0.75, 2, true, [8.1e-25, 2.2e-15, 2.0e-11, 5.0e-8]],
] as const;

it.each(TABLE)("counts bursts that go on with %d over %d codewords, precoding %s", (a, n, precoding, ratios) => {
  const found = BERS.map((ber) => burstCodewordErrorRatio(ber, { propagation: a, interleave: n, precoding }));
  // Half a unit of the second digit, of 10 to 99.
  found.forEach((ratio, i) => {
    expect(Math.abs(ratio / ratios[i]! - 1), `${BERS[i]}`).toBeLessThan(0.05);
  });
});

it("comes down to independent errors where bursts do not go on", () => {
  for (const ber of BERS) {
    const bursts = burstCodewordErrorRatio(ber, { propagation: 0, interleave: 1, precoding: false });
    // A symbol is hit by one of five PAM4 symbols or of ten bits: less than 1 % apart.
    expect(bursts / codewordErrorRatio(ber)).toBeCloseTo(1, 1);
  }
});
