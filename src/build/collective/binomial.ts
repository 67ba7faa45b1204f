import type { CollectiveWorkload } from "../../scenario/types/scenario.js";
import type { Cluster } from "./cluster.js";
import { type Cargo, type Collective, ScheduleBuilder } from "./schedule.js";

/**
 * Scatter or gather over a binomial tree: `log2 N α + (N-1)/N Sβ`. Ranks are counted from the root.
 * Rank `v` has the children `v + d` for all powers of two `d` below its lowest binary digit; the
 * subtree of a child is the ranks from it to the next child's. A flow carries a block for each rank
 * of a subtree, one per chunk. Of a scatter those that go farthest come first, of a gather last.
 */
export function binomialTree(workload: CollectiveWorkload, { ranks }: Cluster): Collective {
  const { sizeBytes, root, collective } = workload;
  const chunkBytes = Math.ceil(sizeBytes / ranks);
  const isScatter = collective === "scatter";
  const name = (place: number) => (place + root) % ranks;
  const builder = new ScheduleBuilder(ranks - 1);
  // The flow between a place and its parent is number `place - 1`.
  for (let place = 1; place < ranks; place++) {
    const [top, bottom] = [name(place - lowestDigit(place)), name(place)];
    const [src, dst] = isScatter ? [top, bottom] : [bottom, top];
    builder.add({ src, dst, chunkBytes, chunks: subtree(place, ranks) });
  }
  for (let place = 1; place < ranks; place++) {
    const distance = lowestDigit(place);
    const parent = place - distance;
    if (parent === 0) continue;
    if (isScatter) builder.after(place - 1, parent - 1, distance + subtree(place, ranks) - subtree(parent, ranks));
    else builder.after(parent - 1, place - 1, distance);
  }
  const cargo = (flow: number, chunk: number): Cargo => {
    const place = flow + 1;
    const block = isScatter ? place + subtree(place, ranks) - 1 - chunk : place + chunk;
    return { first: name(block), count: 1, reduces: false };
  };
  return { schedule: builder.build(), parts: ranks, cargo };
}

function lowestDigit(place: number): number {
  return place & -place;
}

/** Ranks of the subtree of a place that is not the root. */
function subtree(place: number, ranks: number): number {
  return Math.min(lowestDigit(place), ranks - place);
}
