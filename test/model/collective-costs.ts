/** What collectives cost where a message of `s` bytes takes `α + sβ`, and links are full duplex. */

export interface Costs {
  /** Of a message, whatever its size. */
  readonly alpha: number;
  /** Of a byte. */
  readonly beta: number;
}

export type Cost = (ranks: number, size: number, costs: Costs) => number;

/** Largest power of two that is at most `ranks`, as an exponent. */
export const floorLog2 = (ranks: number) => Math.floor(Math.log2(ranks));
export const ceilLog2 = (ranks: number) => Math.ceil(Math.log2(ranks));

/** `rounds` messages one after the other, that carry `(N-1)/N` of the buffer between them. */
const withoutOwn = (rounds: number, ranks: number, size: number, { alpha, beta }: Costs) =>
  rounds * alpha + ((ranks - 1) / ranks) * size * beta;

/** All-gather or reduce-scatter in a ring; an all-reduce is both. */
export const ringHalf: Cost = (ranks, size, costs) => withoutOwn(ranks - 1, ranks, size, costs);
export const ringAllReduce: Cost = (ranks, size, costs) => 2 * ringHalf(ranks, size, costs);

/** All-gather or reduce-scatter in `log2 N` rounds: doubling for powers of two, Bruck, PAT for all. */
export const logHalf: Cost = (ranks, size, costs) => withoutOwn(ceilLog2(ranks), ranks, size, costs);

/** Messages of the whole buffer before and after, where N is no power of two. */
const folding: Cost = (ranks, size, { alpha, beta }) =>
  2 ** floorLog2(ranks) === ranks ? 0 : 2 * (alpha + size * beta);

export const rabenseifner: Cost = (ranks, size, costs) =>
  2 * logHalf(2 ** floorLog2(ranks), size, costs) + folding(ranks, size, costs);

export const recursiveDoubling: Cost = (ranks, size, costs) =>
  floorLog2(ranks) * (costs.alpha + size * costs.beta) + folding(ranks, size, costs);

/** Double binary tree with the best chunk, about. */
export const doubleBinaryTree: Cost = (ranks, size, { alpha, beta }) =>
  (Math.sqrt(2 * ceilLog2(ranks) * alpha) + Math.sqrt(2 * size * beta)) ** 2;

export const pairwise: Cost = ringHalf;

/** All-to-all: in each round the blocks whose way has that binary digit. */
export const bruckAllToAll: Cost = (ranks, size, { alpha, beta }) => {
  let cost = 0;
  for (let distance = 1; distance < ranks; distance *= 2) {
    let blocks = 0;
    for (let way = 0; way < ranks; way++) if ((way & distance) !== 0) blocks += 1;
    cost += alpha + (blocks / ranks) * size * beta;
  }
  return cost;
};

/** A chain of `N-1` hops that `chunks` chunks go through, each behind the other. */
export const chain = (ranks: number, size: number, { alpha, beta }: Costs, chunks: number) =>
  (ranks - 1) * alpha + (ranks - 2 + chunks) * (size / chunks) * beta;

/** Sequential rings inside g GPUs and between n nodes. */
export function hierarchical(
  { g, n }: { readonly g: number; readonly n: number },
  size: number,
  inside: Costs,
  between: Costs,
): number {
  return 2 * ringHalf(g, size, inside) + ringAllReduce(n, size / g, between);
}
