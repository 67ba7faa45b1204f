/** What a change of a scenario would buy: both are simulated, over seeds, and compared by pairs. */
import type { ResultDocument } from "../../answer/result/document.js";
import type { RunEstimate } from "../../api/estimate.js";
import { scenarioDigest } from "../../scenario/parse/digest.js";
import { documentOf, parseScenario } from "../../scenario/parse/parse.js";
import { ScenarioError } from "../../scenario/types/errors.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { bootstrapMean } from "../../util/stats/bootstrap.js";
import { mean } from "../../util/stats/mean.js";
import { VERSION } from "../../util/version.js";
import { type BatchControls, estimateAll, isFault, type JobOutcome, type RunPool, runBatch } from "../batch/index.js";
import { explainChange } from "../compare/explain.js";
import {
  type ChangeOutcome,
  type FabricSize,
  type PartCurve,
  type PathSweep,
  type Saving,
  type Side,
  WHAT_IF_SCHEMA,
  type WhatIfDocument,
} from "./document.js";
import { WhatIfError } from "./errors.js";
import { type Part, partsOf } from "./parts.js";

export interface WhatIfOptions extends BatchControls {
  /** Changes, each as `path=value`. */
  readonly changes: readonly string[];
  /** How many: the scenario's own, and those after it. */
  readonly seeds: number;
  /** Makes parts of the system faster, one at a time. */
  readonly path?: { readonly shares: readonly number[]; readonly parts: number } | undefined;
}

/** Runs of one variant of the scenario: by seed. */
interface Variant {
  readonly name: string;
  readonly set: readonly string[];
}

interface Job {
  readonly id: string;
  readonly scenario: Scenario;
  readonly estimate: RunEstimate;
  readonly variant: Variant;
  readonly index: number;
}

/**
 * Simulates a scenario as it is and with changes, on the workers of a pool.
 * @param base as `parseScenario` returned it
 * @throws WhatIfError where there is nothing to change, ScenarioError where a change is wrong
 */
export async function runWhatIf(pool: RunPool, base: Scenario, options: WhatIfOptions): Promise<WhatIfDocument> {
  const { changes, seeds, path } = options;
  if (changes.length === 0 && path === undefined) {
    throw new WhatIfError("there is nothing to change; add --set path=value, or --sweep-path");
  }
  if (base.routing.custom !== undefined) {
    throw new WhatIfError("what-if runs built-in routing policies only; write another routing.policy");
  }
  const all = changes.length > 1 ? [{ name: "all", set: changes }] : [];
  const variants = [...changes.map((change) => ({ name: change, set: [change] })), ...all];
  const asItIs: Variant = { name: "as it is", set: [] };
  const runs = new Runs(pool, base, options);
  const faster = path === undefined ? null : fasterParts(base, path.shares);
  await runs.add([asItIs, ...variants, ...(faster?.parts.flatMap(({ byMost }) => byMost) ?? [])]);
  const sweep = faster === null ? null : await sweepPath(runs, asItIs, faster, path!.parts);
  return {
    schema: WHAT_IF_SCHEMA,
    heddleVersion: VERSION,
    status: runs.isCut ? "cancelled" : "finished",
    scenario: { name: base.name, digest: scenarioDigest(base) },
    seeds: Array.from({ length: seeds }, (_, i) => base.seed + i),
    base: runs.side(asItIs),
    changes: variants.map((variant) => outcomeOf(runs, asItIs, variant)),
    path: sweep,
  };
}

/** Results by variant and seed. */
class Runs {
  readonly #outcomes = new Map<Variant, JobOutcome[]>();
  isCut = false;

  constructor(
    private readonly pool: RunPool,
    private readonly base: Scenario,
    private readonly options: WhatIfOptions,
  ) {}

  /** Runs variants over all seeds. */
  async add(variants: readonly Variant[]): Promise<void> {
    const { seeds, memoryLimitBytes, timeoutMs, signal, onProgress } = this.options;
    const wanted = variants.flatMap((variant) =>
      Array.from({ length: seeds }, (_, index) => ({ variant, index, scenario: this.#scenarioOf(variant, index) })),
    );
    const estimates = await estimateAll(
      this.pool,
      wanted.map(({ scenario }) => scenario),
      { signal },
    );
    const jobs = wanted.map((job, i): Job => {
      const estimate = estimates[i]!;
      if (isFault(estimate)) throw new WhatIfError(`${job.variant.name}: ${estimate.message}`);
      return { ...job, estimate, id: `${job.variant.name} ${job.index}` };
    });
    let ended = 0;
    await runBatch(this.pool, jobs, {
      ...{ memoryLimitBytes, timeoutMs, signal, onProgress },
      onEnd: ({ variant, index }, outcome) => {
        const outcomes = this.#outcomes.get(variant) ?? [];
        outcomes[index] = outcome;
        this.#outcomes.set(variant, outcomes);
        ended += 1;
      },
    });
    if (ended < jobs.length) this.isCut = true;
  }

  #scenarioOf({ set }: Variant, index: number): Scenario {
    const document = documentOf(this.base);
    if (document === undefined) throw new WhatIfError("what-if needs a scenario that parseScenario returned");
    const seed = index === 0 ? [] : [`seed=${this.base.seed + index}`];
    return parseScenario(document, { set: [...set, ...seed] }).scenario;
  }

  /** Undefined where one is missing. */
  results(variant: Variant): readonly ResultDocument[] | undefined {
    const outcomes = this.#outcomes.get(variant) ?? [];
    const results = Array.from(outcomes).flatMap((outcome) => (outcome?.kind === "done" ? [outcome.result] : []));
    return results.length === this.options.seeds ? results : undefined;
  }

  /** Of all seeds, in their order; undefined where one has not finished. */
  times(variant: Variant): readonly number[] | undefined {
    const times = this.results(variant)?.map(({ jctNs }) => jctNs);
    return times?.every((ns) => ns !== null) ? times : undefined;
  }

  side(variant: Variant): Side {
    const times = this.times(variant);
    const failures = Array.from({ length: this.options.seeds }, (_, i) =>
      failureOf(this.#outcomes.get(variant)?.[i]),
    ).filter((failure) => failure !== null);
    return {
      jctNs: times === undefined ? null : mean(times),
      unfinished: failures.length,
      failure: failures[0] ?? null,
    };
  }
}

function failureOf(outcome: JobOutcome | undefined): string | null {
  if (outcome === undefined) return "it was not run";
  if (outcome.kind === "failed") return outcome.fault.message;
  const { jctNs, status } = outcome.result;
  return jctNs === null ? status : null;
}

function outcomeOf(runs: Runs, asItIs: Variant, variant: Variant): ChangeOutcome {
  const [before, after] = [runs.results(asItIs), runs.results(variant)];
  return {
    set: variant.set,
    ...runs.side(variant),
    saved: savingOf(runs.times(asItIs), runs.times(variant)),
    fabric: before === undefined || after === undefined ? null : fabricChange(before[0]!, after[0]!),
    explanation: before === undefined || after === undefined ? [] : explainChange(before, after),
  };
}

/** Whatever else a change did, another number of switches or links explains most of it. */
function fabricChange(before: ResultDocument, after: ResultDocument): ChangeOutcome["fabric"] {
  const sizeOf = ({ topology: { switches, links } }: ResultDocument): FabricSize => ({ switches, links });
  const [was, is] = [sizeOf(before), sizeOf(after)];
  return was.switches === is.switches && was.links === is.links ? null : { before: was, after: is };
}

function savingOf(before: readonly number[] | undefined, after: readonly number[] | undefined): Saving | null {
  if (before === undefined || after === undefined) return null;
  const { value, low, high } = bootstrapMean(before.map((ns, i) => ns - after[i]!));
  const whole = mean(before);
  return { ns: value, share: whole === 0 ? 0 : value / whole, lowNs: low, highNs: high };
}

interface Faster extends Variant {
  readonly share: number;
  readonly value: string;
}

/** A part with what it is made faster by: the largest share, and the others. */
interface FasterPart {
  readonly part: Part;
  readonly byMost: readonly Faster[];
  readonly byLess: readonly Faster[];
}

/** @throws WhatIfError where a part cannot be as fast as a share makes it */
function fasterParts(base: Scenario, shares: readonly number[]) {
  const ordered = [...shares].sort((a, b) => a - b);
  const found = partsOf(base, ordered[0]!);
  const parts = found.parts.map((part): FasterPart => {
    return { part, byMost: fasterBy(part, ordered.slice(-1)), byLess: fasterBy(part, ordered.slice(0, -1)) };
  });
  const document = documentOf(base);
  for (const { byMost, byLess } of parts) {
    for (const { name, set, share } of [...byMost, ...byLess]) {
      try {
        parseScenario(document, { set: [...set] });
      } catch (cause) {
        if (!(cause instanceof ScenarioError)) throw cause;
        const reason = cause.issues[0]!.message;
        throw new WhatIfError(
          `${name}, which is ${+(100 * share).toPrecision(6)} % faster: ${reason}; ask for smaller shares`,
        );
      }
    }
  }
  return { ordered, parts, leftOut: found.leftOut };
}

/**
 * All parts have run by the largest share, which stands out most where chance plays a part. Those
 * with the most effect run by the others.
 */
async function sweepPath(
  runs: Runs,
  asItIs: Variant,
  { ordered, parts, leftOut }: ReturnType<typeof fasterParts>,
  most: number,
): Promise<PathSweep> {
  const byEffect = parts
    .map(({ part, byMost }) => curveOf(runs, asItIs, part, byMost))
    .sort((a, b) => (b.points[0]?.jobShare ?? -1) - (a.points[0]?.jobShare ?? -1));
  const isTop = new Set(byEffect.slice(0, most).map(({ name }) => name));
  const top = parts.filter(({ part }) => isTop.has(part.name));
  await runs.add(top.flatMap(({ byLess }) => byLess));
  const curves = new Map(
    top.map(({ part, byLess, byMost }) => [part.name, curveOf(runs, asItIs, part, [...byLess, ...byMost])]),
  );
  return {
    shares: ordered,
    parts: byEffect.flatMap(({ name }) => curves.get(name) ?? []),
    lesser: byEffect.filter(({ name }) => !isTop.has(name)),
    leftOut,
  };
}

function fasterBy(part: Part, shares: readonly number[]): readonly Faster[] {
  return shares.flatMap((share) => {
    const value = part.faster(share);
    if (value === null) return [];
    return [{ name: `${part.name}=${value}`, set: part.settings(value), share, value }];
  });
}

function curveOf(runs: Runs, asItIs: Variant, { name, value }: Part, variants: readonly Faster[]): PartCurve {
  const before = runs.side(asItIs).jctNs;
  const points = variants.map((variant) => {
    const { jctNs } = runs.side(variant);
    const jobShare = before === null || jctNs === null || jctNs === 0 ? null : before / jctNs - 1;
    return { share: variant.share, value: variant.value, jctNs, jobShare };
  });
  return { name, value, points };
}
