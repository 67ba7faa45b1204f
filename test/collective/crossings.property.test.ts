import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COLLECTIVES } from "../../src/plan/collectives.js";
import type { Groups } from "../../src/plan/crossings.js";
import { builtOf, sample } from "./drawn.js";

/** Ranks in up to four groups, those that are empty left out. */
function groupsOf(groupOfRank: readonly number[]): Groups {
  const names = [...new Set(groupOfRank)];
  const numbers = groupOfRank.map((name) => names.indexOf(name));
  const ranksIn = names.map((_, group) => numbers.filter((number) => number === group).length);
  return { count: names.length, groupOfRank: numbers, ranksIn };
}

describe("what must cross a boundary", () => {
  it("is no more than what any algorithm sends over it", () => {
    fc.assert(
      fc.property(sample, fc.array(fc.nat({ max: 3 }), { minLength: 24, maxLength: 24 }), (drawn, draws) => {
        const { built, task, workload } = builtOf(drawn);
        const groups = groupsOf(draws.slice(0, task.ranks));
        const { schedule } = built;
        const sent = new Float64Array(groups.count);
        const received = new Float64Array(groups.count);
        for (let flow = 0; flow < schedule.count; flow++) {
          const [from, to] = [schedule.src[flow]!, schedule.dst[flow]!].map((rank) => groups.groupOfRank[rank]!);
          if (from === to) continue;
          sent[from!]! += schedule.chunks[flow]! * schedule.chunkBytes[flow]!;
          received[to!]! += schedule.chunks[flow]! * schedule.chunkBytes[flow]!;
        }
        const bytes = workload.repeat * workload.sizeBytes * (1 - 1e-12);
        const { egress, ingress } = COLLECTIVES[task.collective].crossing(groups, workload);
        const total = sent.reduce((sum, value) => sum + value, 0);
        if (groups.count < 2) return;
        for (const crossing of [egress, ingress]) expect(total).toBeGreaterThanOrEqual(crossing.total * bytes);
        for (let group = 0; group < groups.count; group++) {
          expect(sent[group]).toBeGreaterThanOrEqual(egress.each[group]! * bytes);
          expect(received[group]).toBeGreaterThanOrEqual(ingress.each[group]! * bytes);
        }
      }),
      { numRuns: Number(process.env.HEDDLE_RUNS ?? 500) },
    );
  });
});
