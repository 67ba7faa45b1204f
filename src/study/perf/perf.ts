/** A collective over a range of sizes, as nccl-tests measures it. */
import type { RunEstimate } from "../../api/estimate.js";
import { COLLECTIVES } from "../../plan/collectives.js";
import { scenarioDigest } from "../../scenario/parse/digest.js";
import { documentOf, parseScenario } from "../../scenario/parse/parse.js";
import { ncclChoice } from "../../scenario/tuning/choose.js";
import { hardwareOf } from "../../scenario/tuning/hardware.js";
import { tunedSystem } from "../../scenario/tuning/system.js";
import type { CollectiveWorkload, Scenario } from "../../scenario/types/scenario.js";
import { topologyFacts } from "../../scenario/types/topology-facts.js";
import { collectiveOf } from "../../scenario/types/workload-kinds.js";
import { VERSION } from "../../util/version.js";
import { type BatchControls, estimateAll, isFault, type JobOutcome, type RunPool, runBatch } from "../batch/index.js";
import { PERF_SCHEMA, type PerfDocument, type PerfFigures, type PerfRow } from "./document.js";
import { envelopeOfRows } from "./envelope.js";
import { PerfError } from "./errors.js";
import type { MeasuredRow } from "./measured.js";

export interface PerfOptions extends BatchControls {
  readonly sizes: readonly number[];
  /** Instead of the scenario's. */
  readonly collective?: string;
  /** Puts NCCL's model beside the runs. */
  readonly withNccl?: boolean;
  /** A measured table by size. */
  readonly measured?: ReadonlyMap<number, MeasuredRow>;
}

/** nccl-tests' default. */
const TYPE = { name: "float", bytes: 4 } as const;

interface PerfJob {
  readonly id: string;
  readonly scenario: Scenario;
  readonly estimate: RunEstimate;
  readonly sizeBytes: number;
}

/**
 * Runs the collective of a scenario at each size, on the workers of a pool.
 * @param base as `parseScenario` returned it
 * @throws PerfError where the scenario has no collective and none is named, ScenarioError or
 * RunError where a size cannot be run
 */
export async function runPerf(pool: RunPool, base: Scenario, options: PerfOptions): Promise<PerfDocument> {
  const scenarios = options.sizes.map((size) => scenarioOf(base, size, options.collective));
  const estimates = await estimateAll(pool, scenarios, { signal: options.signal });
  const jobs = scenarios.map((scenario, i): PerfJob => {
    const estimate = estimates[i]!;
    const sizeBytes = options.sizes[i]!;
    if (isFault(estimate)) throw new PerfError(`size ${sizeBytes}: ${estimate.message}`);
    return { id: `${sizeBytes}`, scenario, estimate, sizeBytes };
  });
  const rows = new Map<number, PerfRow>();
  const { memoryLimitBytes, timeoutMs, signal, onProgress } = options;
  await runBatch(pool, jobs, {
    ...{ memoryLimitBytes, timeoutMs, signal, onProgress },
    onEnd: (job, outcome) => {
      rows.set(job.sizeBytes, rowOf(job, outcome, options));
    },
  });
  const inOrder = options.sizes.flatMap((size) => rows.get(size) ?? []);
  const busbws = inOrder.flatMap(({ simulated }) => simulated?.busbwGBps ?? []);
  const { topology } = base;
  return {
    schema: PERF_SCHEMA,
    heddleVersion: VERSION,
    status: inOrder.length < jobs.length ? "cancelled" : "finished",
    scenario: { name: base.name, digest: scenarioDigest(base) },
    topology: { kind: topology.kind, gpus: topologyFacts(topology).ranks },
    collective: workloadOf(scenarios[0]!).collective,
    rows: inOrder,
    averageBusbwGBps: busbws.length === 0 ? null : busbws.reduce((sum, gbps) => sum + gbps, 0) / busbws.length,
    envelope: envelopeOfRows(inOrder),
  };
}

function scenarioOf(base: Scenario, size: number, collective: string | undefined): Scenario {
  const document = documentOf(base);
  if (document === undefined) throw new PerfError("perf needs a scenario that parseScenario returned");
  if (collectiveOf(base.workload) !== null) {
    const named = collective === undefined ? [] : [`workload.collective=${collective}`];
    return parseScenario(document, { set: [...named, `workload.size=${size}B`] }).scenario;
  }
  if (collective === undefined) {
    throw new PerfError("the scenario has no collective; add --collective all-reduce, or write one as its workload");
  }
  const { jobs: _, ...rest } = document as { jobs?: unknown };
  const workload = { kind: "collective", collective, algorithm: "auto", size: `${size}B` };
  return parseScenario({ ...rest, workload }).scenario;
}

function workloadOf({ workload }: Scenario): CollectiveWorkload {
  return workload as CollectiveWorkload;
}

function rowOf({ scenario, sizeBytes }: PerfJob, outcome: JobOutcome, options: PerfOptions): PerfRow {
  const workload = workloadOf(scenario);
  const ranks = ranksOf(scenario);
  const isDone = outcome.kind === "done" && outcome.result.jctNs !== null;
  const simulated = isDone ? figuresOf(workload, ranks, sizeBytes, outcome.result.jctNs! / 1000) : null;
  const nccl = options.withNccl === true ? ncclOf(scenario, ranks, sizeBytes) : undefined;
  const found = options.measured?.get(sizeBytes);
  const measured = found && figuresOf(workload, ranks, sizeBytes, found.timeUs);
  return {
    sizeBytes,
    ...elements(workload.collective, sizeBytes, ranks),
    algorithm: workload.algorithm,
    ...(workload.protocol && { protocol: workload.protocol }),
    status: outcome.kind === "done" ? outcome.result.status : outcome.fault.message,
    simulated,
    ...(nccl !== undefined && { nccl, ncclDifference: difference(simulated, nccl) }),
    ...(options.measured && { measured: measured ?? null, error: difference(simulated, measured ?? null) }),
    ...(outcome.kind === "done" && outcome.result.envelope && { envelope: outcome.result.envelope }),
    engineDigest: outcome.kind === "done" ? outcome.result.engine.digest : null,
  };
}

function ranksOf({ topology, workload }: Scenario): number {
  const all = topologyFacts(topology).ranks;
  return collectiveOf(workload)?.groups?.[0]?.length ?? all;
}

function figuresOf({ collective }: CollectiveWorkload, ranks: number, sizeBytes: number, timeUs: number): PerfFigures {
  const algbwGBps = timeUs === 0 ? 0 : sizeBytes / timeUs / 1000;
  return { timeUs, algbwGBps, busbwGBps: COLLECTIVES[collective].busBandwidth(algbwGBps, ranks) };
}

function ncclOf(scenario: Scenario, ranks: number, sizeBytes: number) {
  const workload = workloadOf(scenario);
  const nodeSize = topologyFacts(scenario.topology).gpusPerNode;
  const system = tunedSystem(hardwareOf(scenario, ranks, Math.min(ranks, nodeSize)));
  const choice = ncclChoice(workload.collective, system, sizeBytes);
  if (choice === null) return null;
  const { algorithm, protocol, timeUs } = choice;
  return { algorithm, protocol, ...figuresOf(workload, ranks, sizeBytes, timeUs) };
}

function difference(simulated: PerfFigures | null, other: PerfFigures | null): number | null {
  return simulated === null || other === null ? null : simulated.timeUs / other.timeUs - 1;
}

/** Of collectives whose ranks each give a part of the array. */
const IN_PARTS = new Set(["all-gather", "reduce-scatter", "all-to-all", "gather", "scatter"]);
const REDUCING = new Set(["all-reduce", "reduce-scatter", "reduce"]);
const ROOTED = new Set(["broadcast", "reduce", "gather", "scatter"]);

function elements(collective: string, sizeBytes: number, ranks: number) {
  const own = IN_PARTS.has(collective) ? sizeBytes / ranks : sizeBytes;
  return {
    count: Math.floor(own / TYPE.bytes),
    type: TYPE.name,
    redop: REDUCING.has(collective) ? "sum" : "none",
    root: ROOTED.has(collective) ? 0 : -1,
  };
}
