import fc from "fast-check";

/** `arbitrary` once in a number of times, else undefined. */
export function maybe<T>(onceIn: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: onceIn - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}
