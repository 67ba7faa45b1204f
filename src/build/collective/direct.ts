/** Collectives in which every rank sends to those that it has something for, without detours. */
import type { CollectiveWorkload } from "../../scenario/types/scenario.js";
import type { Cluster } from "./cluster.js";
import { type Round, roundsToCollective } from "./rounds.js";
import type { Cargo, Collective, Parts } from "./schedule.js";
import { ScheduleBuilder } from "./schedule.js";

/** Rank `r` to rank `r + step`, for some steps. */
function steps(
  ranks: number,
  [first, end]: readonly [number, number],
  bytes: (src: number, dst: number) => number,
  parts: (src: number, dst: number) => Parts,
): Round {
  return {
    messages: (send) => {
      for (let step = first; step < end; step++) {
        for (let src = 0; src < ranks; src++) {
          const dst = (src + step) % ranks;
          const size = bytes(src, dst);
          if (size > 0) send(src, dst, size);
        }
      }
    },
    parts,
  };
}

/** Bytes that each rank has for each, and what they are. */
function exchangeOf({ collective, sizes, sizeBytes }: CollectiveWorkload, ranks: number) {
  const blockBytes = Math.ceil(sizeBytes / ranks);
  const bytes = (src: number, dst: number) => (sizes === undefined ? blockBytes : sizes.bytes[src * ranks + dst]!);
  if (collective === "all-to-all") {
    return { parts: ranks ** 2, reduces: false, bytes, of: (src: number, dst: number) => one(src * ranks + dst) };
  }
  if (collective === "reduce-scatter") {
    return { parts: ranks, reduces: true, bytes, of: (_: number, dst: number) => one(dst) };
  }
  return { parts: ranks, reduces: false, bytes, of: (src: number) => one(src) };
}

const one = (first: number): Parts => ({ first, count: 1 });

/**
 * All messages at once. An all-reduce has two steps: a reduce-scatter, then an all-gather. From and
 * to a root a flow per rank, which is used again when the collective is repeated.
 */
export function direct(workload: CollectiveWorkload, cluster: Cluster): Collective {
  const { ranks } = cluster;
  const { collective } = workload;
  if (collective === "all-reduce") return twoSteps(workload, ranks);
  if (collective === "send-recv") {
    const round = steps(ranks, [1, 2], () => workload.sizeBytes, one);
    return roundsToCollective([{ rounds: [round], reduces: false }], ranks, { parts: ranks });
  }
  if (collective === "all-gather" || collective === "reduce-scatter" || collective === "all-to-all") {
    const { bytes, of, parts, reduces } = exchangeOf(workload, ranks);
    const flows = ranks * (ranks - 1);
    return roundsToCollective([{ rounds: [steps(ranks, [1, ranks], bytes, of)], reduces }], ranks, { parts, flows });
  }
  return star(workload, ranks);
}

function twoSteps({ sizeBytes }: CollectiveWorkload, ranks: number): Collective {
  const blockBytes = Math.ceil(sizeBytes / ranks);
  const all = [1, ranks] as const;
  return roundsToCollective(
    [
      {
        rounds: [
          steps(
            ranks,
            all,
            () => blockBytes,
            (_, dst) => one(dst),
          ),
        ],
        reduces: true,
      },
      { rounds: [steps(ranks, all, () => blockBytes, one)], reduces: false },
    ],
    ranks,
    { parts: ranks, flows: 2 * ranks * (ranks - 1) },
  );
}

/** From the root to all others (broadcast, scatter), or the other way (reduce, gather). */
function star({ collective, sizeBytes, root, repeat }: CollectiveWorkload, ranks: number): Collective {
  const isWhole = collective === "broadcast" || collective === "reduce";
  const isFromRoot = collective === "broadcast" || collective === "scatter";
  const chunkBytes = isWhole ? sizeBytes : Math.ceil(sizeBytes / ranks);
  const builder = new ScheduleBuilder(ranks - 1);
  const peer = (flow: number) => (root + 1 + flow) % ranks;
  for (let flow = 0; flow < ranks - 1; flow++) {
    const [src, dst] = isFromRoot ? [root, peer(flow)] : [peer(flow), root];
    builder.add({ src, dst, chunkBytes, chunks: repeat });
  }
  const perRound = isWhole ? 1 : ranks;
  const cargo = (flow: number, chunk: number): Cargo => ({
    ...one(chunk * perRound + (isWhole ? 0 : peer(flow))),
    reduces: collective === "reduce",
  });
  return { schedule: builder.build(), parts: repeat * perRound, cargo };
}

/**
 * The messages of `direct` in N - 1 rounds: in round `s` rank `r` sends to rank `r + s`. A rank
 * goes on when the message of the round before has come in. `(N-1)α + (N-1)/N Sβ`.
 */
export function pairwise(workload: CollectiveWorkload, { ranks }: Cluster): Collective {
  const { bytes, of, parts, reduces } = exchangeOf(workload, ranks);
  const rounds = Array.from({ length: ranks - 1 }, (_, i) => steps(ranks, [i + 1, i + 2], bytes, of));
  const flows = ranks * (ranks - 1);
  return roundsToCollective([{ rounds, reduces }], ranks, { parts, flows, waits: "pace" });
}
