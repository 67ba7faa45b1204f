import type { FlowGraph } from "../../plan/flows.js";
import type { Outcome } from "../../plan/outcome.js";
import type { RunPlan } from "../../plan/plan.js";

/** A job of a run: its own flows, with all times counted from its start. */
export interface Job {
  readonly plan: RunPlan;
  /** Times of flows count from the job's start. Counters stay those of the whole run. */
  readonly outcome: Outcome;
  /** The job's start on the clock of the simulation. */
  readonly startPs: number;
}

/**
 * The plan and outcome of a run as far as the job is concerned: its first `jobFlows` flows, without
 * the background traffic.
 *
 * The job starts with the first of its flows. A flow that waits for others at first does not count:
 * its `startPs` is only a lower limit.
 */
export function jobOf(plan: RunPlan, outcome: Outcome, jobFlows: number): Job {
  const flows = jobFlows === plan.flows.count ? plan.flows : firstFlows(plan.flows, jobFlows);
  const startPs = firstStartPs(flows);
  const sinceStart = (ps: Float64Array) => ps.subarray(0, jobFlows).map((each) => each - startPs);
  return {
    startPs,
    plan: { ...plan, flows: { ...flows, startPs: flows.startPs.map((ps) => Math.max(0, ps - startPs)) } },
    outcome: {
      ...outcome,
      startPs: sinceStart(outcome.startPs),
      finishPs: sinceStart(outcome.finishPs),
      ackedPs: sinceStart(outcome.ackedPs),
      chunksDelivered: outcome.chunksDelivered.subarray(0, jobFlows),
    },
  };
}

/** Earliest start of a flow that waits for no other, in ps; 0 where there is none. */
export function firstStartPs({ count, startPs, upFirst, upLag }: FlowGraph): number {
  let first = Number.POSITIVE_INFINITY;
  for (let flow = 0; flow < count; flow++) {
    if (startPs[flow]! < first && isFree(upLag.subarray(upFirst[flow]!, upFirst[flow + 1]!))) {
      first = startPs[flow]!;
    }
  }
  return Number.isFinite(first) ? first : 0;
}

/** Whether a flow's first chunk waits for no other flow. */
function isFree(lags: Int32Array): boolean {
  return lags.every((lag) => lag > 0);
}

function firstFlows(flows: FlowGraph, count: number): FlowGraph {
  const edges = flows.upFirst[count]!;
  return {
    count,
    srcNic: flows.srcNic.subarray(0, count),
    dstNic: flows.dstNic.subarray(0, count),
    chunkBytes: flows.chunkBytes.subarray(0, count),
    chunks: flows.chunks.subarray(0, count),
    startPs: flows.startPs.subarray(0, count),
    connection: flows.connection.subarray(0, count),
    ...(flows.dataClass && { dataClass: flows.dataClass.subarray(0, count) }),
    upFirst: flows.upFirst.subarray(0, count + 1),
    upFlow: flows.upFlow.subarray(0, edges),
    upLag: flows.upLag.subarray(0, edges),
  };
}
