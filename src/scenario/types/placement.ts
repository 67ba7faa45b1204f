/** Which ranks of a fabric a job gets. */
import { mix32, streamKey } from "./random.js";

/** Random streams of the core have the purposes below 16, those of patterns 16 to 19. */
const PURPOSE_PLACEMENT = 20;

export type PlacementRule = "packed" | "strided" | "random";

/** A job as far as its place is concerned. */
export interface Placeable {
  /** Ranks that it wants; undefined: all that are left. */
  readonly count: number | undefined;
  /** By rule, or the ranks themselves in the order of the job's. */
  readonly placement: PlacementRule | readonly number[];
  /** It shares ranks with other jobs, and takes none away from them. */
  readonly background: boolean;
}

export interface PlacingError {
  /** Ranks that were left for it. */
  readonly free: number;
}

/**
 * Places jobs one after the other; those that list their ranks go first. A job whose ranks fill
 * whole nodes gets whole nodes, as schedulers hand them out; any other gets single ranks.
 *
 * - `packed`: the first that are free;
 * - `strided`: spread evenly over those that are free;
 * - `random`: drawn from those that are free.
 *
 * @returns by job its ranks, in the order of the job's own; or how many were left where that is
 * fewer than it wants
 */
export function placeJobs(
  jobs: readonly Placeable[],
  fabricRanks: number,
  gpusPerNode: number,
  seed: number,
): readonly (readonly number[] | PlacingError)[] {
  const taken = new Uint8Array(fabricRanks);
  for (const { placement, background } of jobs) {
    if (typeof placement === "string" || background) continue;
    for (const rank of placement) taken[rank] = 1;
  }
  return jobs.map(({ count, placement, background }, job) => {
    if (typeof placement !== "string") return placement;
    const free = Array.from(taken.keys()).filter((rank) => background || taken[rank] === 0);
    const wanted = count ?? free.length;
    if (wanted > free.length || wanted === 0) return { free: free.length };
    const ranks = pick(placement, free, wanted, { gpusPerNode, key: streamKey(seed, PURPOSE_PLACEMENT, job) });
    if (!background) for (const rank of ranks) taken[rank] = 1;
    return ranks;
  });
}

interface Picking {
  readonly gpusPerNode: number;
  /** Of the random stream. */
  readonly key: number;
}

function pick(rule: PlacementRule, free: readonly number[], wanted: number, { gpusPerNode, key }: Picking): number[] {
  const nodes = wholeNodes(free, gpusPerNode);
  const byNode = gpusPerNode > 1 && wanted % gpusPerNode === 0 && nodes.length * gpusPerNode >= wanted;
  if (!byNode) return choose(rule, free, wanted, key);
  const first = choose(rule, nodes, wanted / gpusPerNode, key);
  return first.flatMap((rank) => Array.from({ length: gpusPerNode }, (_, local) => rank + local));
}

/** First ranks of the nodes that are free as a whole. */
function wholeNodes(free: readonly number[], gpusPerNode: number): number[] {
  return free.filter((rank, i) => rank % gpusPerNode === 0 && free[i + gpusPerNode - 1] === rank + gpusPerNode - 1);
}

function choose(rule: PlacementRule, from: readonly number[], wanted: number, key: number): number[] {
  if (rule === "packed") return from.slice(0, wanted);
  if (rule === "strided")
    return Array.from({ length: wanted }, (_, i) => from[Math.floor((i * from.length) / wanted)]!);
  const drawn = [...from];
  for (let i = 0; i < wanted; i++) {
    const draw = mix32((key + Math.imul(i, 0x9e3779b9)) >>> 0);
    const j = i + Math.floor((draw * (drawn.length - i)) / 2 ** 32);
    [drawn[i], drawn[j]] = [drawn[j]!, drawn[i]!];
  }
  return drawn.slice(0, wanted);
}

/**
 * GPUs per node of a list of ranks: the ranks fall into runs of equal length, each of another node.
 * 1 where they do not, so that a schedule takes every rank for a node of its own.
 */
export function gpusPerNodeOf(ranks: readonly number[], gpusPerNode: number): number {
  const nodeOf = (rank: number) => Math.floor(rank / gpusPerNode);
  let length = 1;
  while (length < ranks.length && nodeOf(ranks[length]!) === nodeOf(ranks[0]!)) length += 1;
  if (ranks.length % length !== 0) return 1;
  const seen = new Set<number>();
  for (let first = 0; first < ranks.length; first += length) {
    const node = nodeOf(ranks[first]!);
    if (seen.has(node)) return 1;
    seen.add(node);
    for (let i = 1; i < length; i++) if (nodeOf(ranks[first + i]!) !== node) return 1;
  }
  return length;
}
