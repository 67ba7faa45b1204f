/** Parts of a sweep for several processes or machines. */
import type { PlannedPoint } from "../sweep/manifest.js";

export interface Shard {
  /** From 0. */
  readonly index: number;
  readonly count: number;
}

/** Each point once, in the order of the plan. */
export function distinctPoints(points: readonly PlannedPoint[]): PlannedPoint[] {
  const seen = new Set<string>();
  return points.filter(({ id }) => !seen.has(id) && seen.add(id));
}

/**
 * A shard's points: dealt out by work, forwards and backwards by turns, so that shards take about
 * the same time.
 */
export function pointsOfShard(points: readonly PlannedPoint[], { index, count }: Shard): PlannedPoint[] {
  const byWork = distinctPoints(points)
    .map((point, place) => ({ point, place }))
    .sort((a, b) => b.point.estimate.packetHops - a.point.estimate.packetHops || a.place - b.place);
  const isMine = (place: number) => {
    const [round, turn] = [Math.floor(place / count), place % count];
    return (round % 2 === 0 ? turn : count - 1 - turn) === index;
  };
  return byWork.filter((_, place) => isMine(place)).map(({ point }) => point);
}
