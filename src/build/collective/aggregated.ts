/**
 * Bruck's collectives, and PAT: in each of `log2 N` rounds a rank sends to one at a fixed distance.
 */
import type { CollectiveWorkload } from "../../scenario/types/scenario.js";
import type { Cluster } from "./cluster.js";
import { mirrored, type Round, roundsToCollective } from "./rounds.js";
import type { Collective } from "./schedule.js";

/** Every rank to the one `distance` before it, or after it. Ranks go round. */
function shift(
  ranks: number,
  distance: number,
  bytes: (src: number) => number,
  offsets: (src: number) => readonly number[],
): Round {
  return {
    messages: (send) => {
      for (let src = 0; src < ranks; src++) {
        const size = bytes(src);
        if (size > 0) send(src, (src + distance + ranks) % ranks, size);
      }
    },
    parts: (src) => ({ list: offsets(src) }),
  };
}

/**
 * Bruck's all-gather (1997): in the round at distance `d` a rank has the blocks of `d` ranks from
 * itself on. It sends those that the rank `d` before it lacks. `log2 N α + (N-1)/N Sβ` for any N.
 */
function bruckGather(ranks: number, blockBytes: number): Round[] {
  const rounds: Round[] = [];
  for (let distance = 1; distance < ranks; distance *= 2) {
    const count = Math.min(distance, ranks - distance);
    const blocks = (src: number) => Array.from({ length: count }, (_, i) => (src + i) % ranks);
    rounds.push(shift(ranks, -distance, () => count * blockBytes, blocks));
  }
  return rounds;
}

/**
 * Bruck's all-to-all: in the round at distance `d` a rank sends all blocks that have a way to go
 * whose binary digit `d` is 1. `log2 N (α + Sβ/2)` for powers of two. Unequal blocks keep their
 * ways.
 */
function bruckExchange({ sizeBytes, sizes }: CollectiveWorkload, ranks: number): Round[] {
  const rounds: Round[] = [];
  const blockBytes = Math.ceil(sizeBytes / ranks);
  for (let distance = 1; distance < ranks; distance *= 2) {
    const ways = Array.from({ length: ranks }, (_, way) => way).filter((way) => (way & distance) !== 0);
    // A block with way `w` has come as far as the digits below that of the round took it.
    const blocks = (at: number) =>
      ways.map((way) => {
        const src = (at - (way & (distance - 1)) + ranks) % ranks;
        return src * ranks + ((src + way) % ranks);
      });
    const bytes = (at: number) =>
      sizes === undefined ? ways.length * blockBytes : blocks(at).reduce((sum, block) => sum + sizes.bytes[block]!, 0);
    rounds.push(shift(ranks, distance, bytes, blocks));
  }
  return rounds;
}

/** A dissemination barrier: after the round at distance `d` a rank has heard of `2d` ranks. */
function dissemination(ranks: number): Round[] {
  const rounds: Round[] = [];
  for (let distance = 1; distance < ranks; distance *= 2) {
    rounds.push(
      shift(
        ranks,
        distance,
        () => 1,
        () => [0],
      ),
    );
  }
  return rounds;
}

/** Bruck's algorithms; a reduce-scatter is the mirror image of the all-gather. */
export function bruck(workload: CollectiveWorkload, { ranks }: Cluster): Collective {
  const gather = () => bruckGather(ranks, Math.ceil(workload.sizeBytes / ranks));
  switch (workload.collective) {
    case "all-to-all":
      return roundsToCollective([{ rounds: bruckExchange(workload, ranks), reduces: false }], ranks, {
        parts: ranks ** 2,
      });
    case "barrier":
      return roundsToCollective([{ rounds: dissemination(ranks), reduces: true }], ranks, { parts: 1 });
    case "reduce-scatter":
      return roundsToCollective([{ rounds: mirrored(gather()), reduces: true }], ranks, { parts: ranks });
    default:
      return roundsToCollective([{ rounds: gather(), reduces: false }], ranks, { parts: ranks });
  }
}

/**
 * NCCL's PAT (parallel aggregated trees, Jeaugey 2025), an all-gather by a binomial tree from each
 * rank, the farthest step first: what goes far is small. In the round at distance `d` a rank passes
 * on the blocks whose way so far is a multiple of `2d`. It keeps those that would come round. The
 * reduce-scatter is the mirror image. A chunk limits what one message carries; slices of the blocks
 * follow one another then, each through all rounds. `log2 N α + (N-1)/N Sβ`.
 */
export function pat(workload: CollectiveWorkload, { ranks }: Cluster): Collective {
  const blockBytes = Math.ceil(workload.sizeBytes / ranks);
  const rounds: Round[] = [];
  let largest = 1;
  for (let distance = 2 ** Math.ceil(Math.log2(ranks)) / 2; distance >= 1; distance /= 2) {
    const count = Math.ceil((ranks - distance) / (2 * distance));
    const blocks = (src: number) => Array.from({ length: count }, (_, i) => (src - 2 * distance * i + ranks) % ranks);
    rounds.push(shift(ranks, distance, () => count * blockBytes, blocks));
    largest = Math.max(largest, count);
  }
  const chunks = Math.min(blockBytes, Math.ceil((largest * blockBytes) / (workload.chunkBytes ?? Infinity)) || 1);
  const reduces = workload.collective === "reduce-scatter";
  const phase = { rounds: reduces ? mirrored(rounds) : rounds, reduces };
  return roundsToCollective([phase], ranks, { parts: ranks, chunks });
}
