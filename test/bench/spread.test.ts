import { describe, expect, it } from "vitest";
import { dealOut } from "../../bench/spread-model.mjs";

const sum = (loads: readonly number[]) => loads.reduce((total, load) => total + load, 0);

describe("the model of threads that take work", () => {
  const work = new Float64Array(256).map((_, device) => (device < 64 ? 2 : 1));
  const orders = [
    [0, 1, 3, 2],
    [2, 3, 1, 0],
  ];

  it("gives out all work once", () => {
    for (const grain of [64, 16, 8]) expect(sum(dealOut(work, orders, grain))).toBe(sum([...work]));
  });

  it("gives one thread everything", () => {
    expect(dealOut(work, [[0, 1, 2, 3]], 64)).toEqual([320]);
  });

  it("lets who is through take what is left of others' parts", () => {
    // The first word is twice the work: the second thread takes two of the other three, then the
    // last one is free for whoever is through first.
    expect(dealOut(work, orders, 64).sort()).toEqual([128, 192]);
    expect(dealOut(work, orders, 8).sort()).toEqual([160, 160]);
  });

  it("leaves threads without work where there are more than parts", () => {
    const many = Array.from({ length: 8 }, () => [0, 1, 2, 3]);
    expect(dealOut(work, many, 64).filter((load: number) => load > 0)).toHaveLength(4);
  });
});
