import { describe, expect, it } from "vitest";
import { busiest, readThreads, shareFree } from "../../bench/schedule.mjs";

const thread = (cpuNs: number, waitNs: number, tid = 1) => ({ tid, cpuNs, waitNs });

describe("the second core", () => {
  it("was free when nobody waited, and was not when all ran on one", () => {
    expect(shareFree([thread(1000, 0), thread(1000, 0)], 1000)).toBe(1);
    expect(shareFree([thread(500, 500), thread(500, 500)], 1000)).toBe(0);
  });

  it("that another process took half of", () => {
    expect(shareFree([thread(750, 250), thread(750, 250)], 1000)).toBeCloseTo(0.5, 12);
  });

  it("counts only while it was wanted", () => {
    expect(shareFree([thread(1000, 0), thread(100, 100)], 1000)).toBeCloseTo(0.5, 12);
    expect(shareFree([thread(990, 0)], 1000)).toBeUndefined();
  });
});

describe("threads between two readings", () => {
  it("are ranked by CPU time; one that is new began at 0", () => {
    const before = new Map([[1, thread(100, 10, 1)]]);
    const after = new Map([
      [1, thread(150, 30, 1)],
      [2, thread(70, 5, 2)],
      [3, thread(1, 1, 3)],
    ]);
    expect(busiest(before, after, 2)).toEqual([thread(70, 5, 2), thread(50, 20, 1)]);
  });

  it.runIf(process.platform === "linux")("are those of this process, where the kernel tells", () => {
    const threads = readThreads();
    if (threads !== undefined) expect(threads.get(process.pid)?.cpuNs).toBeGreaterThan(0);
  });
});
