import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Admission } from "../../src/study/batch/admission.js";

const run = (packetHops: number, memoryBytes: number) => ({ estimate: { packetHops, memoryBytes } });

describe("admission", () => {
  test("the longest starts first", () => {
    const admission = new Admission([run(1, 1), run(3, 1), run(2, 1)], 10);
    expect([1, 2, 3].map(() => admission.start()?.estimate.packetHops)).toEqual([3, 2, 1]);
    expect(admission.start()).toBeUndefined();
  });

  test("a shorter one goes ahead of one that waits for memory", () => {
    const [large, waits, small] = [run(9, 8), run(8, 8), run(1, 2)];
    const admission = new Admission([large, waits, small], 10);
    expect(admission.start()).toBe(large);
    expect(admission.start()).toBe(small);
    expect(admission.start()).toBeUndefined();
    admission.end(large);
    expect(admission.start()).toBe(waits);
  });

  test("one that exceeds the limit runs alone", () => {
    const [huge, small] = [run(9, 100), run(1, 1)];
    const admission = new Admission([huge, small], 10);
    expect(admission.start()).toBe(huge);
    expect(admission.start()).toBeUndefined();
    admission.end(huge);
    expect(admission.start()).toBe(small);
  });

  test("one that waits for memory is not overtaken for ever", () => {
    const waits = run(9, 10);
    const first = run(10, 5);
    const admission = new Admission([first, waits, ...Array.from({ length: 100 }, () => run(1, 1))], 10);
    expect(admission.start()).toBe(first);
    let overtaking = 0;
    for (let small = admission.start(); small !== undefined; small = admission.start()) {
      overtaking += 1;
      admission.end(small);
    }
    expect(overtaking).toBeLessThan(20);
    admission.end(first);
    expect(admission.start()).toBe(waits);
  });

  test("every run starts once, and those under way fit", () => {
    const runs = fc.array(fc.tuple(fc.nat(100), fc.integer({ min: 1, max: 20 })), { maxLength: 60 });
    fc.assert(
      fc.property(runs, fc.integer({ min: 1, max: 4 }), fc.nat(1000), (pairs, lanes, choices) => {
        const jobs = pairs.map(([hops, bytes]) => run(hops, bytes));
        const admission = new Admission(jobs, 25);
        const started = new Set<object>();
        const underWay: typeof jobs = [];
        for (let step = 0; started.size < jobs.length || underWay.length > 0; step++) {
          const next = underWay.length < lanes ? admission.start() : undefined;
          if (next !== undefined) {
            expect(started.has(next)).toBe(false);
            started.add(next);
            underWay.push(next);
            const bytes = underWay.reduce((sum, { estimate }) => sum + estimate.memoryBytes, 0);
            expect(underWay.length === 1 || bytes <= 25).toBe(true);
          } else {
            // Nothing to start and nothing under way would be a standstill.
            expect(underWay.length).toBeGreaterThan(0);
            const [ended] = underWay.splice((choices + step) % underWay.length, 1);
            admission.end(ended!);
          }
        }
        expect(admission.waiting).toBe(0);
      }),
    );
  });
});
