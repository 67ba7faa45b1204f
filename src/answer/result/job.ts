import { type FlowGraph, isMeasured, jobOfFlow } from "../../plan/flows.js";
import type { Outcome } from "../../plan/outcome.js";
import type { RunPlan } from "../../plan/plan.js";
import { programStartPs } from "./programs.js";

/** A job of a run: its own flows, with all times counted from its start. */
export interface Job {
  readonly plan: RunPlan;
  /** Times of flows count from the job's start. Counters stay those of the whole run. */
  readonly outcome: Outcome;
  /** The job's start on the clock of the simulation. */
  readonly startPs: number;
}

/**
 * The plan and outcome of a run as far as one job is concerned: its flows alone, numbered from 0 in
 * their order, and the dependencies between them.
 *
 * The job starts with the first of its flows. A flow that waits for others at first does not count:
 * its `startPs` is only a lower limit.
 *
 * @param isIn Which jobs count as one: by default those that the run measures, without the
 * background traffic.
 * @param knownStartPs The job starts here at the latest, though its first flow may be later.
 */
export function jobOf(
  plan: RunPlan,
  outcome: Outcome,
  isIn: (job: number) => boolean = isMeasured,
  knownStartPs = Number.POSITIVE_INFINITY,
): Job {
  const numbers = flowNumbers(plan.flows, isIn);
  const isAll = numbers.length === plan.flows.count;
  const flows = isAll ? plan.flows : pickFlows(plan.flows, numbers);
  const firstPs = plan.programs === undefined ? firstStartPs(flows) : programStartPs(plan.programs);
  const startPs = Math.min(firstPs, knownStartPs);
  const sinceStart = (ps: Float64Array) => Float64Array.from(numbers, (flow) => ps[flow]! - startPs);
  return {
    startPs,
    plan: { ...plan, flows: { ...flows, startPs: flows.startPs.map((ps) => Math.max(0, ps - startPs)) } },
    outcome: {
      ...outcome,
      startPs: sinceStart(outcome.startPs),
      finishPs: sinceStart(outcome.finishPs),
      ackedPs: sinceStart(outcome.ackedPs),
      chunksDelivered: numbers.map((flow) => outcome.chunksDelivered[flow]!),
    },
  };
}

/** Flows of some jobs, in order. */
function flowNumbers(flows: FlowGraph, isIn: (job: number) => boolean): Uint32Array {
  const all = Uint32Array.from({ length: flows.count }, (_, flow) => flow);
  return all.filter((flow) => isIn(jobOfFlow(flows, flow)));
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

/** The graph of some flows, in order. What they wait for outside of it is left out. */
function pickFlows(flows: FlowGraph, numbers: Uint32Array): FlowGraph {
  const numberOf = new Map(Array.from(numbers, (flow, number) => [flow, number]));
  const upFirst = new Uint32Array(numbers.length + 1);
  const edges: number[] = [];
  numbers.forEach((flow, number) => {
    for (let edge = flows.upFirst[flow]!; edge < flows.upFirst[flow + 1]!; edge++) {
      if (numberOf.has(flows.upFlow[edge]!)) edges.push(edge);
    }
    upFirst[number + 1] = edges.length;
  });
  const words = (column: Uint32Array) => numbers.map((flow) => column[flow]!);
  const doubles = (column: Float64Array) => Float64Array.from(numbers, (flow) => column[flow]!);
  return {
    count: numbers.length,
    srcNic: words(flows.srcNic),
    dstNic: words(flows.dstNic),
    chunkBytes: doubles(flows.chunkBytes),
    chunks: words(flows.chunks),
    startPs: doubles(flows.startPs),
    connection: words(flows.connection),
    ...(flows.dataClass && { dataClass: Uint8Array.from(numbers, (flow) => flows.dataClass![flow]!) }),
    ...(flows.jobOf && { jobOf: Uint16Array.from(numbers, (flow) => flows.jobOf![flow]!) }),
    upFirst,
    upFlow: Uint32Array.from(edges, (edge) => numberOf.get(flows.upFlow[edge]!)!),
    upLag: Int32Array.from(edges, (edge) => flows.upLag[edge]!),
    ...(flows.addresses && {
      addresses: { data: words(flows.addresses.data), answers: words(flows.addresses.answers) },
    }),
  };
}
