import type { Outcome } from "../plan/outcome.js";
import type { RunPlan } from "../plan/plan.js";

/** The plan and outcome of a run as far as the job is concerned: its first `jobFlows` flows, without the background traffic. Counters stay those of all. */
export function jobOf(plan: RunPlan, outcome: Outcome, jobFlows: number): { plan: RunPlan; outcome: Outcome } {
  const { flows } = plan;
  if (jobFlows === flows.count) return { plan, outcome };
  const edges = flows.upFirst[jobFlows]!;
  return {
    plan: {
      ...plan,
      flows: {
        count: jobFlows,
        srcNic: flows.srcNic.subarray(0, jobFlows),
        dstNic: flows.dstNic.subarray(0, jobFlows),
        chunkBytes: flows.chunkBytes.subarray(0, jobFlows),
        chunks: flows.chunks.subarray(0, jobFlows),
        startPs: flows.startPs.subarray(0, jobFlows),
        connection: flows.connection.subarray(0, jobFlows),
        ...(flows.dataClass && { dataClass: flows.dataClass.subarray(0, jobFlows) }),
        upFirst: flows.upFirst.subarray(0, jobFlows + 1),
        upFlow: flows.upFlow.subarray(0, edges),
        upLag: flows.upLag.subarray(0, edges),
      },
    },
    outcome: {
      ...outcome,
      startPs: outcome.startPs.subarray(0, jobFlows),
      finishPs: outcome.finishPs.subarray(0, jobFlows),
      ackedPs: outcome.ackedPs.subarray(0, jobFlows),
      chunksDelivered: outcome.chunksDelivered.subarray(0, jobFlows),
    },
  };
}
