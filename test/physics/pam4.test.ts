import { expect, it } from "vitest";
import { arrheniusFactor, nrzBer, opticBer, pam4Ber, pam4SnrDb } from "../../src/build/physics/pam4.js";
import { exponential, gaussianTail } from "../../src/util/exponential.js";

const RELATIVE = 1e-13;

it("computes exponentials to the last digits", () => {
  for (let x = -700; x <= 700; x += 0.37) {
    expect(Math.abs(exponential(x) / Math.exp(x) - 1), `${x}`).toBeLessThan(RELATIVE);
  }
  expect(exponential(0)).toBe(1);
  expect(exponential(-800)).toBe(0);
});

it("computes the Gaussian tail on both sides of where the methods meet", () => {
  // Abramowitz and Stegun, table 26.1 and 26.2.
  const table = [
    [0, 0.5],
    [1, 0.158655253931457],
    [2, 0.0227501319481792],
    [3.5, 2.32629079035525e-4],
    [3.54, 2.0006e-4],
    [5, 2.8665157187919e-7],
    [8, 6.22096057427178e-16],
  ] as const;
  for (const [x, tail] of table) {
    expect(gaussianTail(x) / tail, `${x}`).toBeCloseTo(1, x === 3.54 ? 4 : 11);
  }
});

it("needs the signal that PAM4 needs for a bit error ratio", () => {
  const table = [
    [1e-12, 23.88],
    [1e-8, 21.89],
    [1e-6, 20.42],
    [1e-5, 19.46],
    [1e-4, 18.23],
    [2.4e-4, 17.655],
    [5e-4, 17.12],
    [1e-3, 16.54],
  ] as const;
  for (const [ber, snrDb] of table) {
    expect(Math.abs(pam4SnrDb(ber) - snrDb), `${ber}`).toBeLessThan(0.0056);
    expect(pam4Ber(pam4SnrDb(ber)) / ber).toBeCloseTo(1, 10);
  }
  expect(nrzBer(16.94)).toBeGreaterThan(0.9e-12);
  expect(nrzBer(16.94)).toBeLessThan(1.1e-12);
});

it("loses signal with heat and dirt", () => {
  const at = (temperatureC: number, contaminationDb = 0) =>
    opticBer({ preFecBer: 1e-7, snrSlopeDbPerC: 0.1, temperatureC, contaminationDb });
  const table = [
    [25, 1e-7],
    [35, 1.7e-6],
    [45, 1.6e-5],
    [55, 1.0e-4],
    [65, 4.4e-4],
  ] as const;
  for (const [celsius, ber] of table) expect(at(celsius) / ber, `${celsius}`).toBeCloseTo(1, 1);
  // A decibel of dirt is two of signal, as twenty degrees are here.
  expect(at(25, 1) / at(45)).toBeCloseTo(1, 12);
});

it("ages parts as Arrhenius has it", () => {
  expect(arrheniusFactor(40, 55, 0.35)).toBeCloseTo(1.8, 1);
  expect(arrheniusFactor(40, 55, 0.7)).toBeCloseTo(3.3, 1);
  expect(arrheniusFactor(40, 70, 0.35)).toBeCloseTo(3.1, 1);
  expect(arrheniusFactor(40, 70, 0.7)).toBeCloseTo(9.7, 1);
});
