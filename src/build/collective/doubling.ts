/**
 * Collectives whose ranks exchange in pairs at distances of powers of two, for any number of ranks.
 */
import type { CollectiveWorkload } from "../../scenario/types/scenario.js";
import type { Cluster } from "./cluster.js";
import { mirrored, type Phase, type Round, roundsToCollective } from "./rounds.js";
import type { Collective, Parts } from "./schedule.js";

/**
 * The largest power of two of the ranks work. The `folded` others are the even ones among the
 * first. Each hands its data to the rank after it at first, and gets the result from it at the end
 * (Rabenseifner 2004, as in MPICH).
 */
interface Workers {
  readonly ranks: number;
  readonly count: number;
  readonly folded: number;
}

function workersOf(ranks: number): Workers {
  const count = 2 ** Math.floor(Math.log2(ranks));
  return { ranks, count, folded: ranks - count };
}

/** Rank of worker `worker`. */
function rankOf({ folded }: Workers, worker: number): number {
  return worker < folded ? 2 * worker + 1 : worker + folded;
}

/** Worker that a rank is; it must be one. */
function workerOf({ folded }: Workers, rank: number): number {
  return rank < 2 * folded ? (rank - 1) / 2 : rank - folded;
}

/** From each rank that does not work to the rank after it. */
function fold({ folded }: Workers, bytes: number, parts: (src: number) => Parts): Round {
  return {
    messages: (send) => {
      for (let i = 0; i < folded; i++) send(2 * i, 2 * i + 1, bytes);
    },
    parts,
  };
}

/** Every worker to the one `distance` away. */
function exchange(
  workers: Workers,
  distance: number,
  bytesOf: (worker: number) => number,
  partsOf: (worker: number) => Parts,
): Round {
  return {
    messages: (send) => {
      for (let worker = 0; worker < workers.count; worker++) {
        send(rankOf(workers, worker), rankOf(workers, worker ^ distance), bytesOf(worker));
      }
    },
    parts: (src) => partsOf(workerOf(workers, src)),
  };
}

/**
 * All-gather rounds of the workers by recursive doubling: after the round at distance `d` each has
 * the blocks of `2d` workers. Blocks of worker `w` are parts `start(w) … start(w + 1) - 1`.
 */
function doubling(workers: Workers, start: (worker: number) => number, partBytes: number): Round[] {
  const rounds: Round[] = [];
  for (let distance = 1; distance < workers.count; distance *= 2) {
    const first = (worker: number) => start(worker & ~(distance - 1));
    const count = (worker: number) => start((worker & ~(distance - 1)) + distance) - first(worker);
    rounds.push(
      exchange(
        workers,
        distance,
        (worker) => count(worker) * partBytes,
        (worker) => ({ first: first(worker), count: count(worker) }),
      ),
    );
  }
  return rounds;
}

/**
 * All-gather for any number of ranks: a rank that does not work gives its block and gets the rest.
 */
function gatherRounds(ranks: number, partBytes: number): Round[] {
  const workers = workersOf(ranks);
  const start = (worker: number) => (worker < workers.folded ? 2 * worker : worker + workers.folded);
  const give = fold(workers, partBytes, (src) => ({ first: src, count: 1 }));
  const take = fold(workers, (ranks - 1) * partBytes, (folded) => ({
    list: Array.from({ length: ranks - 1 }, (_, i) => (i < folded ? i : i + 1)),
  }));
  return [give, ...doubling(workers, start, partBytes), ...mirrored([take])];
}

/**
 * Recursive doubling: an all-reduce in which pairs exchange what they have of the whole buffer,
 * `log2 N (α + Sβ)`; an all-gather, `log2 N α + (N-1)/N Sβ`; a barrier, which is an all-reduce of a
 * byte. Where N is no power of two, two more steps.
 */
export function recursiveDoubling(workload: CollectiveWorkload, { ranks }: Cluster): Collective {
  const workers = workersOf(ranks);
  if (workload.collective === "all-gather") {
    const partBytes = Math.ceil(workload.sizeBytes / ranks);
    const rounds = gatherRounds(ranks, partBytes);
    return roundsToCollective([{ rounds, reduces: false }], ranks, { parts: ranks });
  }
  const bytes = Math.max(1, workload.sizeBytes);
  const everything = { first: 0, count: 1 };
  const rounds: Round[] = [];
  for (let distance = 1; distance < workers.count; distance *= 2) {
    rounds.push(
      exchange(
        workers,
        distance,
        () => bytes,
        () => everything,
      ),
    );
  }
  return roundsToCollective(folded(workers, bytes, everything, { rounds, reduces: true }), ranks, { parts: 1 });
}

/** Phases of an all-reduce of the workers, and what the others do before and after. */
function folded(workers: Workers, bytes: number, everything: Parts, ...phases: readonly Phase[]): Phase[] {
  if (workers.folded === 0) return [...phases];
  const hand = fold(workers, bytes, () => everything);
  return [{ rounds: [hand], reduces: true }, ...phases, { rounds: mirrored([hand]), reduces: false }];
}

/**
 * Rabenseifner's all-reduce: a reduce-scatter by recursive halving, then an all-gather by recursive
 * doubling, `2 log2 N α + 2(N-1)/N Sβ`. The reduce-scatter alone is its first half. Where N is no
 * power of two, two more steps: `2(α + Sβ)`.
 */
export function halvingDoubling(workload: CollectiveWorkload, { ranks }: Cluster): Collective {
  if (workload.collective === "reduce-scatter") {
    const rounds = mirrored(gatherRounds(ranks, Math.ceil(workload.sizeBytes / ranks)));
    return roundsToCollective([{ rounds, reduces: true }], ranks, { parts: ranks });
  }
  const workers = workersOf(ranks);
  const partBytes = Math.ceil(workload.sizeBytes / workers.count);
  const gather = doubling(workers, (worker) => worker, partBytes);
  const phases = folded(
    workers,
    workload.sizeBytes,
    { first: 0, count: workers.count },
    { rounds: mirrored(gather), reduces: true },
    { rounds: gather, reduces: false },
  );
  return roundsToCollective(phases, ranks, { parts: workers.count });
}
