/** What is known of the flows of a run, as columns. */
import type { Outcome } from "../plan/outcome.js";
import type { ResolvedRun } from "../resolve/resolve.js";

/**
 * Flows as they are simulated: a message may be several, one for each queue pair. Times are on the
 * clock of the simulation, in ns, and NaN for what has not happened.
 */
export interface FlowRecords {
  readonly count: number;
  /** Number of the message of the workload that a flow is a part of. */
  readonly messageOf: Uint32Array;
  readonly srcRank: Uint32Array;
  readonly dstRank: Uint32Array;
  readonly bytes: Float64Array;
  /** Earliest start: a flow may wait for others. */
  readonly startNs: Float64Array;
  /** When its last byte was delivered, and when that was acknowledged. */
  readonly deliveredNs: Float64Array;
  readonly acknowledgedNs: Float64Array;
}

export function flowRecords({ plan, logical }: ResolvedRun, outcome: Outcome): FlowRecords {
  const { count, srcNic, dstNic, chunks, chunkBytes } = plan.flows;
  const { rank } = plan.fabric.nics;
  const ns = (ps: Float64Array) => ps.map((value) => value / 1000);
  return {
    count,
    messageOf: logical.ofFlow.slice(),
    srcRank: Uint32Array.from(srcNic, (nic) => rank[nic]!),
    dstRank: Uint32Array.from(dstNic, (nic) => rank[nic]!),
    bytes: Float64Array.from(chunkBytes, (bytes, flow) => bytes * chunks[flow]!),
    startNs: ns(outcome.startPs),
    deliveredNs: ns(outcome.finishPs),
    acknowledgedNs: ns(outcome.ackedPs),
  };
}
