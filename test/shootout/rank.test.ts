import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lettersOf, rank, seedsNeeded } from "../../src/study/shootout/rank.js";

describe("a ranking", () => {
  const noise = [0, 0.3, -0.2, 0.1, -0.3, 0.2, 0];
  const around = (value: number, sway: readonly number[] = noise) => sway.map((shift) => value + shift);

  it("tells apart what differs the same way in every seed, however much seeds differ", () => {
    const seeds = [100, 1, 30, 8, 55, 2, 700];
    const times = new Map([
      ["slow", seeds.map((x) => 2 * x)],
      ["fast", seeds],
      ["middling", seeds.map((x, i) => (1.1 + 0.01 * i) * x)],
    ]);
    const { entries, pairs } = rank(times, false);
    expect(entries.map(({ policy, group }) => [policy, group])).toEqual([
      ["fast", "a"],
      ["middling", "b"],
      ["slow", "c"],
    ]);
    expect(entries[0]!.toBest).toEqual({ value: 1, low: 1, high: 1 });
    expect(entries[2]!.toBest.value).toBeCloseTo(2, 12);
    // Three pairs at 2/2^7 each.
    expect(pairs.map(({ pValue }) => pValue)).toEqual([3 / 64, 3 / 64, 3 / 64]);
    expect(rank(times, true).entries[0]!.policy).toBe("slow");
  });

  it("does not tell apart what differs either way", () => {
    const { entries, pairs } = rank(
      new Map([
        ["a", around(10)],
        ["b", around(10.01, [0.1, -0.3, 0.3, 0.2, 0, -0.2, 0.1])],
        ["c", around(20)],
      ]),
      false,
    );
    expect(entries.map(({ group }) => group)).toEqual(["a", "a", "b"]);
    expect(pairs.find(({ a, b }) => [a, b].sort().join() === "a,b")!.isSignificant).toBe(false);
    expect(entries[2]!.toBest.low!).toBeGreaterThan(1.9);
    expect(entries[2]!.toBest.high!).toBeLessThan(2.1);
  });

  it("finds nothing significant in fewer seeds than are needed", () => {
    for (const policies of [2, 3, 4, 10]) {
      const seeds = seedsNeeded(policies);
      const ranked = (count: number) =>
        rank(
          new Map(
            Array.from({ length: policies }, (_, p) => [
              `p${p}`,
              Array.from({ length: count }, (_, i) => (p + 1) * (1 + 0.01 * i)),
            ]),
          ),
          false,
        ).pairs;
      expect(ranked(seeds).every(({ isSignificant }) => isSignificant)).toBe(true);
      if (seeds > 5) expect(ranked(seeds - 1).some(({ isSignificant }) => isSignificant)).toBe(false);
    }
    expect([2, 3, 10].map(seedsNeeded)).toEqual([6, 7, 11]);
  });
});

it("policies share a letter exactly where they do not differ", () => {
  const policies = ["p", "q", "r", "s", "t", "u"];
  const pairs = policies.flatMap((a, i) => policies.slice(i + 1).map((b) => ({ a, b })));
  fc.assert(
    fc.property(fc.subarray(pairs), (different) => {
      const letters = new Map(policies.map((policy, i) => [policy, lettersOf(policies, different)[i]!]));
      for (const { a, b } of pairs) {
        const shares = [...letters.get(a)!].some((letter) => letters.get(b)!.includes(letter));
        expect(shares).toBe(!different.some((pair) => pair.a === a && pair.b === b));
      }
    }),
  );
});
