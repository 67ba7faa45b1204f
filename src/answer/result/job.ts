import { type FlowGraph, isMeasured, jobOfFlow } from "../../plan/flows.js";
import type { Outcome } from "../../plan/outcome.js";
import type { RunPlan } from "../../plan/plan.js";
import type { ProgramOutcome } from "../../plan/program-outcome.js";
import { type Programs, programFlows } from "../../plan/programs.js";
import { pickOutcome, pickPrograms, programRanksOf } from "./pick-programs.js";
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
  const own = ownPrograms(plan, outcome, isIn, numbers);
  const startPs = Math.min(ownStartPs(flows, own.programs), knownStartPs);
  const sinceStart = (ps: Float64Array) => Float64Array.from(numbers, (flow) => ps[flow]! - startPs);
  return {
    startPs,
    plan: {
      ...withoutPrograms(plan),
      ...(own.programs && { programs: own.programs }),
      flows: { ...flows, startPs: flows.startPs.map((ps) => Math.max(0, ps - startPs)) },
    },
    outcome: {
      ...withoutPrograms(outcome),
      ...(own.outcome && { programs: own.outcome }),
      startPs: sinceStart(outcome.startPs),
      finishPs: sinceStart(outcome.finishPs),
      ackedPs: sinceStart(outcome.ackedPs),
      chunksDelivered: numbers.map((flow) => outcome.chunksDelivered[flow]!),
    },
  };
}

function withoutPrograms<T extends { readonly programs?: unknown }>({ programs: _, ...rest }: T): Omit<T, "programs"> {
  return rest;
}

/** Programs of some jobs, and what they yielded; nothing where none of them is a program. */
function ownPrograms(
  { programs, flows: { count } }: RunPlan,
  { programs: outcome }: Outcome,
  isIn: (job: number) => boolean,
  flows: Uint32Array,
): { readonly programs?: Programs; readonly outcome?: ProgramOutcome } {
  if (programs === undefined || outcome === undefined) return {};
  const picked = programRanksOf(programs, isIn);
  if (picked.length === 0) return {};
  if (picked.length === programs.ranks.count && flows.length === count) return { programs, outcome };
  return { programs: pickPrograms(programs, picked, flows), outcome: pickOutcome(outcome, picked) };
}

/** The first start of a program, or of a flow that starts by itself. */
function ownStartPs(flows: FlowGraph, programs: Programs | undefined): number {
  if (programs === undefined) return firstStartPs(flows);
  const [first, end] = programFlows(programs);
  const startsPs = programStartPs(programs);
  return end - first === flows.count ? startsPs : Math.min(startsPs, firstStartPs(flows, first));
}

/** Flows of some jobs, in order. */
function flowNumbers(flows: FlowGraph, isIn: (job: number) => boolean): Uint32Array {
  const all = Uint32Array.from({ length: flows.count }, (_, flow) => flow);
  return all.filter((flow) => isIn(jobOfFlow(flows, flow)));
}

/**
 * Earliest start of a flow that waits for no other, in ps; 0 where there is none.
 * @param count of the flows that are asked, from the first on
 */
export function firstStartPs({ startPs, upFirst, upLag, ...flows }: FlowGraph, count = flows.count): number {
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
