import { expect, test } from "vitest";
import { bitRate, bytes, count, counted, digits, duration, percent } from "../../src/answer/text/units.js";
import { percentile } from "../../src/util/stats/percentile.js";

test("times", () => {
  expect([0, 0.25, 83.56, 999, 999.6, 2347.12, 1_500_000, 2.5e12].map(duration)).toEqual([
    ...["0 ns", "0.250 ns", "83.6 ns", "999 ns", "1.00 us", "2.35 us", "1.50 ms", "2500 s"],
  ]);
});

test("bytes", () => {
  expect([0, 512, 1024, 4178, 256 * 2 ** 20, 2 ** 30].map(bytes)).toEqual([
    ...["0 B", "512 B", "1.00 KiB", "4.08 KiB", "256 MiB", "1.00 GiB"],
  ]);
});

test("counts, rates, shares, digits", () => {
  expect([0, 9999, 10_000, 1_234_567, 402_259_968].map(count)).toEqual(["0", "9999", "10.0 k", "1.23 M", "402 M"]);
  expect([400e9, 3.6e12].map(bitRate)).toEqual(["400 Gb/s", "3.60 Tb/s"]);
  expect([0, 0.0004, 0.931, 1].map(percent)).toEqual(["0.0 %", "< 0.1 %", "93.1 %", "100 %"]);
  expect([1, 12.34, 123.4, 0.01234].map((value) => digits(value))).toEqual(["1.00", "12.3", "123", "0.0123"]);
});

test("percentiles are one of the values, by nearest rank", () => {
  const values = [15, 20, 35, 40, 50];
  expect([0, 5, 30, 40, 50, 99, 100].map((p) => percentile(values, p))).toEqual([15, 15, 20, 20, 35, 50, 50]);
  expect(percentile([], 50)).toBeNaN();
});

test("counts with their nouns", () => {
  expect([0, 1, 2, 12_300].map((value) => counted(value, "flow"))).toEqual([
    ...["0 flows", "1 flow", "2 flows", "12.3 k flows"],
  ]);
  expect([1, 3].map((value) => counted(value, "packet was", "packets were"))).toEqual([
    "1 packet was",
    "3 packets were",
  ]);
});
