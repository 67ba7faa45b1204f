import type { RunEstimate } from "../../api/estimate.js";
import { scenarioDigest } from "../../scenario/parse/digest.js";
import { documentOf, type ParsedScenario, parseScenario } from "../../scenario/parse/parse.js";
import { ScenarioError } from "../../scenario/types/errors.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { asFlows } from "../../scenario/types/workload-kinds.js";
import { formatIssue } from "../../util/issue.js";
import { VERSION } from "../../util/version.js";
import {
  type BatchControls,
  type BatchJob,
  estimateAll,
  isFault,
  type JobOutcome,
  type PostablePolicy,
  type RunPool,
  runBatch,
} from "../batch/index.js";
import { readPolicyFile } from "../policies/read-file.js";
import { type Contender, contendersOf, policiesFor } from "./contenders.js";
import { type RunReport, SHOOTOUT_SCHEMA, type ShootoutDocument } from "./document.js";
import { ShootoutError } from "./errors.js";
import { evaluate } from "./evaluate.js";
import { type FigureName, figuresOf } from "./figures.js";
import { courseOf, type Pattern, patternsOf } from "./patterns.js";
import { SIGNIFICANT, seedsNeeded } from "./rank.js";
import { planTransport, type TransportChoice } from "./transport.js";

export interface ShootoutOptions extends BatchControls {
  /** Names of routing policies; all that the fabric allows where left out. */
  readonly policies?: readonly string[];
  /** Names of patterns; all that the fabric allows where left out. */
  readonly patterns?: readonly string[];
  /** How many; as many as it takes for significance where left out (`seedsNeeded`). */
  readonly seeds?: number;
  /** Bytes of a message; the file's where it is a pattern, else 1 MiB. */
  readonly sizeBytes?: number;
  readonly rankedBy?: FigureName;
  readonly transport?: TransportChoice;
}

const DEFAULT_BYTES = 2 ** 20;

/** What a run of the shoot-out is made of. */
interface JobParts {
  readonly contender: Contender;
  readonly pattern: Pattern;
  readonly seed: number;
  readonly estimate: RunEstimate;
  /** Overrides of the scenario's document. */
  readonly settings: readonly string[];
  readonly document: unknown;
  readonly policy: PostablePolicy | undefined;
}

/**
 * A run of the shoot-out. Scenarios are made when their turn comes: their flows would fill the
 * memory.
 */
class ShootoutJob implements BatchJob {
  readonly withFlows = true;
  readonly contender: Contender;
  readonly pattern: Pattern;
  readonly seed: number;
  readonly estimate: RunEstimate;
  readonly settings: readonly string[];
  readonly policy: PostablePolicy | undefined;
  readonly #document: unknown;

  constructor({ contender, pattern, seed, estimate, settings, document, policy }: JobParts) {
    this.contender = contender;
    this.pattern = pattern;
    this.seed = seed;
    this.estimate = estimate;
    this.settings = settings;
    this.policy = policy;
    this.#document = document;
  }

  get id(): string {
    return `${this.contender.name}/${this.pattern.name}/${this.seed}`;
  }

  get scenario(): Scenario {
    return parseScenario(this.#document, { set: this.settings }).scenario;
  }
}

/**
 * Runs every policy under every pattern with the same seeds, so that all policies meet the same
 * traffic, and ranks them.
 * @param base gives fabric, switches and transport; and the collective, where its workload is one.
 * As `parseScenario` returned it.
 * @throws ShootoutError where policies or patterns are not possible, ScenarioError or PlanError
 * where the scenario is not
 */
export async function runShootout(pool: RunPool, base: Scenario, options: ShootoutOptions): Promise<ShootoutDocument> {
  const { rankedBy = "jctNs" } = options;
  const document = documentOf(base);
  if (document === undefined) throw new ShootoutError("a shoot-out needs a scenario that parseScenario returned");
  const contenders = contendersOf(options.policies ?? policiesFor(base.topology));
  const modules = await readPolicies(contenders);
  const sizeBytes = options.sizeBytes ?? sizeOf(base);
  const course = courseOf(base, document, sizeBytes);
  const { patterns, leftOut } = patternsOf(course, options.patterns);
  const transport = planTransport(base, contenders, options.transport ?? "same");
  const settings = new Map(contenders.map((contender, i) => [contender, [...contender.set, ...transport.set[i]!]]));
  const overrides = (contender: Contender, pattern: Pattern, seed: number) => [
    ...settings.get(contender)!,
    ...pattern.overrides(seed),
    `seed=${seed}`,
  ];
  const parse = (contender: Contender, pattern: Pattern) =>
    parseScenario(document, { set: overrides(contender, pattern, base.seed) });

  const scenarioOf = (contender: Contender, pattern: Pattern) => parse(contender, pattern).scenario;
  const { estimates, refusals } = await estimateEach(pool, contenders, patterns, scenarioOf, options.signal);
  const [refusal] = refusals;
  if (refusal !== undefined && (options.policies !== undefined || estimates.size === 0)) {
    throw new ShootoutError(`policy ${refusal.name} is not possible here: ${refusal.reason}`);
  }
  const able = contenders.filter((contender) => estimates.has(contender));
  const warnings = able.flatMap((contender) => warningsOf(contender, parse(contender, patterns[0]!)));
  const seeds = Array.from({ length: options.seeds ?? seedsNeeded(able.length) }, (_, i) => base.seed + i);
  const jobs = combine(able, patterns, seeds).map(([contender, pattern, seed]) => {
    const estimate = estimates.get(contender)![patterns.indexOf(pattern)]!;
    const policy = modules.get(contender);
    const set = overrides(contender, pattern, seed);
    return new ShootoutJob({ contender, pattern, seed, estimate, settings: set, document, policy });
  });
  const names = able.map(({ name }) => name);
  const runs = inOrder(await runJobs(pool, jobs, options, course.nodeSize), names, patterns);
  const needed = seedsNeeded(able.length);
  return {
    schema: SHOOTOUT_SCHEMA,
    heddleVersion: VERSION,
    status: runs.length < jobs.length ? "cancelled" : "finished",
    scenario: { name: base.name, digest: scenarioDigest(base) },
    topology: { kind: base.topology.kind, gpus: course.ranks },
    sizeBytes,
    seeds,
    rankedBy,
    policies: able.map((contender) => ({ name: contender.name, settings: settings.get(contender)! })),
    notes: [
      ...transport.notes,
      ...(seeds.length < needed ? [tooFewSeeds(seeds.length, needed)] : []),
      ...(allAlike(runs) ? ["No policy makes a difference in any run: is there a choice of paths?"] : []),
      ...warnings,
    ],
    leftOut: [
      ...refusals.map(({ name, reason }) => ({ name: `policy ${name}`, reason })),
      ...leftOut.map(({ name, reason }) => ({ name: `pattern ${name}`, reason })),
    ],
    ...evaluate(runs, { policies: names, patterns, seeds, rankedBy }),
    runs,
  };
}

function combine(contenders: readonly Contender[], patterns: readonly Pattern[], seeds: readonly number[]) {
  return contenders.flatMap((contender) =>
    patterns.flatMap((pattern) => seeds.map((seed) => [contender, pattern, seed] as const)),
  );
}

/** Runs all jobs; fewer reports than jobs where the signal has come. */
async function runJobs(
  pool: RunPool,
  jobs: readonly ShootoutJob[],
  { memoryLimitBytes, timeoutMs, signal, onProgress }: ShootoutOptions,
  nodeSize: number,
): Promise<RunReport[]> {
  const runs: RunReport[] = [];
  await runBatch(pool, jobs, {
    ...{ memoryLimitBytes, timeoutMs, signal, onProgress },
    onEnd: (job, outcome) => {
      runs.push(reportOf(job, outcome, nodeSize));
    },
  });
  return runs;
}

/** By pattern, policy and seed. */
function inOrder(runs: readonly RunReport[], policies: readonly string[], patterns: readonly Pattern[]): RunReport[] {
  return [...runs].sort(
    (a, b) =>
      patternIndex(patterns, a) - patternIndex(patterns, b) ||
      policies.indexOf(a.policy) - policies.indexOf(b.policy) ||
      a.seed - b.seed,
  );
}

/** What contenders that are files consist of. */
async function readPolicies(contenders: readonly Contender[]): Promise<ReadonlyMap<Contender, PostablePolicy>> {
  const policies = new Map<Contender, PostablePolicy>();
  for (const contender of contenders) {
    if (contender.file === undefined) continue;
    const source = await (await readPolicyFile(contender.file)).source();
    if (typeof source !== "function") policies.set(contender, source);
  }
  return policies;
}

/** Of the file's flows, where they are all alike. */
function sizeOf({ workload }: Scenario): number {
  const flows = asFlows(workload)?.flows ?? [];
  const [first] = flows;
  return first !== undefined && flows.every(({ bytes }) => bytes === first.bytes) ? first.bytes : DEFAULT_BYTES;
}

function warningsOf({ name }: Contender, { warnings }: ParsedScenario): string[] {
  return warnings
    .filter(({ message }) => !message.startsWith("has no effect"))
    .map((warning) => `${name}: ${formatIssue(warning)}`);
}

/**
 * Estimates by contender, in the order of patterns, and which contenders cannot run; seeds differ
 * too little to be estimated one by one.
 */
async function estimateEach(
  pool: RunPool,
  contenders: readonly Contender[],
  patterns: readonly Pattern[],
  scenarioOf: (contender: Contender, pattern: Pattern) => Scenario,
  signal: AbortSignal | undefined,
) {
  const estimates = new Map<Contender, readonly RunEstimate[]>();
  const refusals: { name: string; reason: string }[] = [];
  for (const contender of contenders) {
    let scenarios: readonly Scenario[];
    try {
      scenarios = patterns.map((pattern) => scenarioOf(contender, pattern));
    } catch (cause) {
      if (!(cause instanceof ScenarioError)) throw cause;
      refusals.push({ name: contender.name, reason: cause.message });
      continue;
    }
    const results = await estimateAll(pool, scenarios, { signal });
    const fault = results.find(isFault);
    if (fault === undefined) estimates.set(contender, results as RunEstimate[]);
    else refusals.push({ name: contender.name, reason: fault.message });
  }
  return { estimates, refusals };
}

function patternIndex(patterns: readonly Pattern[], { pattern }: RunReport): number {
  return patterns.findIndex(({ name }) => name === pattern);
}

function reportOf(
  { contender, pattern, seed, settings }: ShootoutJob,
  outcome: JobOutcome,
  nodeSize: number,
): RunReport {
  const run = { policy: contender.name, pattern: pattern.name, seed, settings };
  if (outcome.kind === "failed") {
    const { name, message } = outcome.fault;
    return { ...run, scenarioDigest: null, engineDigest: null, status: `${name}: ${message}`, figures: null };
  }
  const { status, scenario, engine } = outcome.result;
  return {
    ...run,
    scenarioDigest: scenario.digest,
    engineDigest: engine.digest,
    status,
    figures: figuresOf(outcome.result, nodeSize),
  };
}

/** True where the figures of every run are the same whatever the policy. */
function allAlike(runs: readonly RunReport[]): boolean {
  const seen = new Map<string, string>();
  if (runs.every(({ figures }) => figures === null)) return false;
  return runs.every(({ pattern, seed, figures }) => {
    const key = `${pattern}/${seed}`;
    const text = JSON.stringify(figures);
    if (!seen.has(key)) seen.set(key, text);
    return seen.get(key) === text;
  });
}

function tooFewSeeds(seeds: number, needed: number): string {
  return `${seeds} ${seeds === 1 ? "seed is" : "seeds are"} too few for significance at ${100 * SIGNIFICANT} % among so many pairs: it takes ${needed}.`;
}
