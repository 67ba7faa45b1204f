import fc from "fast-check";
import { expect, test } from "vitest";
import { type Dimension, formatQuantity, parseQuantity } from "../../src/scenario/types/units.js";

test.each<[Dimension, string, number]>([
  ["rate", "400Gbps", 400e9],
  ["rate", "450GBps", 3.6e12],
  ["rate", "1Kibps", 1024],
  ["rate", "1.5bps", Number.NaN],
  ["size", "4KiB", 4096],
  ["size", "1GB", 1e9],
  ["size", "1.5KiB", 1536],
  ["size", "0.5B", Number.NaN],
  ["time", "500ns", 500_000],
  ["time", "1.5us", 1_500_000],
  ["time", "67.108864ms", 67_108_864_000],
  ["time", "0.001ns", 1],
  ["time", "0.0005ns", Number.NaN],
  ["time", "9007.199254740991s", Number.MAX_SAFE_INTEGER],
  ["time", "9007.199254740992s", Number.NaN],
  ["length", "30m", 30_000],
  ["length", "2.5km", 2_500_000],
  ["length", "2 m", 2000],
  ["temperature", "55C", 55_000],
  ["temperature", "-5.5C", -5500],
  ["time", "-1ns", Number.NaN],
  ["time", "-0ns", 0],
])("%s %s is %d", (dimension, text, expected) => {
  const parsed = parseQuantity(dimension, text);
  expect(parsed.ok ? parsed.value : Number.NaN).toBe(expected);
});

const message = (dimension: Dimension, text: string) => {
  const parsed = parseQuantity(dimension, text);
  return parsed.ok ? "accepted" : parsed.message;
};

test("a refusal says what would be right", () => {
  expect(message("time", "500 nanos")).toMatchInlineSnapshot(
    `""500 nanos" has no unit of a time; write a number and a unit (ps, ns, us, ms, s), e.g. 500ns"`,
  );
  expect(message("time", "500")).toMatchInlineSnapshot(
    `""500" has no unit; write a number and a unit (ps, ns, us, ms, s), e.g. 500ns"`,
  );
  expect(message("rate", "400gbps")).toMatch(/\(did you mean Gbps\?\), e\.g\. 400Gbps$/);
  expect(message("size", "4kib")).toMatch(/did you mean KiB\?/);
  expect(message("size", "fast")).toMatch(/^"fast" is not a size; write a number and a unit \(B, KB, MB, /);
  expect(message("time", "0.1ps")).toBe('"0.1ps" is not a whole number of picoseconds');
  expect(message("size", "9999999TiB")).toBe('"9999999TiB" is too large: at most 2^53 bytes');
  expect(message("length", "-3m")).toBe('"-3m" is below zero');
});

test.each([
  "1e3ns",
  "0x10ns",
  "NaNns",
  "Infinitys",
  "١ns",
  "1_000ns",
  "1,5ns",
  ".5ns",
  "5.ns",
  "",
  " ",
  `${"9".repeat(99)}ns`,
])("%j is not a quantity", (text) => {
  expect(parseQuantity("time", text).ok).toBe(false);
});

const dimensions = fc.constantFrom<Dimension>("time", "size", "rate", "length");

test("what is formatted is read back exactly", () => {
  fc.assert(
    fc.property(dimensions, fc.oneof(fc.maxSafeNat(), fc.nat(10_000)), (dimension, value) => {
      expect(parseQuantity(dimension, formatQuantity(dimension, value))).toEqual({ ok: true, value });
    }),
  );
});

test("decimals are exact, not rounded through floating point", () => {
  fc.assert(
    fc.property(fc.nat(9_000_000), fc.nat(999_999), (whole, fraction) => {
      const text = `${whole}.${String(fraction).padStart(6, "0")}us`;
      expect(parseQuantity("time", text)).toEqual({ ok: true, value: whole * 1e6 + fraction });
    }),
  );
});

test("any text is read or refused", () => {
  fc.assert(
    fc.property(dimensions, fc.string({ unit: "binary" }), (dimension, text) => {
      const parsed = parseQuantity(dimension, text);
      if (parsed.ok) expect(Number.isSafeInteger(parsed.value)).toBe(true);
      else expect(parsed.message).not.toBe("");
    }),
  );
});
