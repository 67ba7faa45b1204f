import fc from "fast-check";
import { expect, test } from "vitest";
import { distinctPoints, pointsOfShard } from "../../src/study/batch/shard.js";

const point = (id: string, packetHops: number) => ({
  ...{ id, axes: {}, seed: 1, scenarioDigest: id },
  estimate: { memoryBytes: 1, packetHops },
});

test("shards have every point once, whatever their number", () => {
  const points = fc.array(fc.tuple(fc.nat(40), fc.nat(1000)), { maxLength: 80 });
  fc.assert(
    fc.property(points, fc.integer({ min: 1, max: 12 }), (pairs, count) => {
      const all = pairs.map(([id, hops]) => point(`${id}`, hops));
      const dealt = Array.from({ length: count }, (_, index) => pointsOfShard(all, { index, count })).flat();
      const ids = [...new Set(all.map(({ id }) => id))];
      expect(dealt.map(({ id }) => id).sort()).toEqual([...ids].sort());
      expect(distinctPoints(all).map(({ id }) => id)).toEqual(ids);
    }),
  );
});

test("shards take about the same time", () => {
  const all = Array.from({ length: 100 }, (_, i) => point(`${i}`, i));
  const work = Array.from({ length: 4 }, (_, index) =>
    pointsOfShard(all, { index, count: 4 }).reduce((sum, { estimate }) => sum + estimate.packetHops, 0),
  );
  expect(Math.max(...work) - Math.min(...work)).toBeLessThan(0.03 * work[0]!);
});
