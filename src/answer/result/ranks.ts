import type { Outcome } from "../../plan/outcome.js";
import type { RunPlan } from "../../plan/plan.js";
import { percentile } from "../../util/stats/percentile.js";
import type { Progress, RankSummary } from "./document.js";

const SLOWEST_MAX = 10;

/**
 * Time at which each rank had its last chunk, in ps: NaN where it has not, -1 where nothing is sent
 * to it. Counted as the outcome counts.
 */
export function rankFinishPs({ flows, fabric }: RunPlan, outcome: Outcome): Float64Array {
  const finishPs = new Float64Array(fabric.rankCount).fill(-1);
  for (let flow = 0; flow < flows.count; flow++) {
    const rank = fabric.nics.rank[flows.dstNic[flow]!]!;
    // Math.max keeps a NaN: one unfinished flow leaves the rank unfinished.
    finishPs[rank] = Math.max(finishPs[rank]!, outcome.finishPs[flow]!);
  }
  return finishPs;
}

/**
 * Percentiles over the ranks that receive anything, nearest rank; null where one of them is not
 * done.
 * @param finishPs By rank, from the job's start.
 * @param startPs The job's start. The summary is on the clock of the simulation.
 */
export function rankSummary({ fabric }: RunPlan, finishPs: Float64Array, startPs: number): RankSummary {
  const receiving = Array.from(finishPs.keys()).filter((rank) => finishPs[rank] !== -1);
  const done = receiving.filter((rank) => !Number.isNaN(finishPs[rank]));
  if (done.length < receiving.length || done.length === 0) return { finishNs: null, slowest: [] };
  done.sort((a, b) => finishPs[a]! - finishPs[b]! || b - a);
  const sortedNs = done.map((rank) => (startPs + finishPs[rank]!) / 1000);
  return {
    finishNs: {
      min: sortedNs[0]!,
      p50: percentile(sortedNs, 50),
      p99: percentile(sortedNs, 99),
      max: sortedNs.at(-1)!,
    },
    slowest: done
      .slice(-SLOWEST_MAX)
      .reverse()
      .map((rank) => ({ rank, name: fabric.rankName(rank), finishNs: (startPs + finishPs[rank]!) / 1000 })),
  };
}

export function progressOf({ flows }: RunPlan, outcome: Outcome, finishPs: Float64Array): Progress {
  const sum = (values: Uint32Array) => values.reduce((total, value) => total + value, 0);
  const receiving = finishPs.filter((ps) => ps !== -1);
  return {
    chunksDelivered: sum(outcome.chunksDelivered),
    chunks: sum(flows.chunks),
    ranksFinished: receiving.filter((ps) => !Number.isNaN(ps)).length,
    ranks: receiving.length,
  };
}
