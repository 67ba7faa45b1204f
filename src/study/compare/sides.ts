import type { ResultDocument } from "../../answer/result/document.js";
import { canonicalJson } from "../../scenario/parse/digest.js";
import { CompareError } from "./errors.js";

/**
 * Results that stand for one thing: one run, or runs of one scenario that differ in their seeds.
 */
export interface Side {
  readonly name: string;
  readonly results: readonly ResultDocument[];
}

/** Sides cut down to runs that belong together: run `i` of each side has the same seed. */
export interface PairedSides {
  readonly sides: readonly Side[];
  /** Of the pairs; null where single runs of different seeds are compared. */
  readonly seeds: readonly number[] | null;
  /** Seeds that not all sides have. */
  readonly unpaired: readonly number[];
}

/**
 * Pairs the sides' runs by seed. Sides of one run each are a pair whatever their seeds.
 * @throws CompareError where a side has two runs of one seed, or the sides have no seed in common.
 */
export function pairSides(sides: readonly Side[]): PairedSides {
  const bySeed = sides.map(({ name, results }) => {
    const runs = new Map(results.map((result) => [result.scenario.seed, result]));
    if (runs.size === results.length) return runs;
    throw new CompareError(
      `${name} has two runs of one seed; runs that differ in more than the seed are sides of their own`,
    );
  });
  const all = [...new Set(bySeed.flatMap((runs) => [...runs.keys()]))].sort((a, b) => a - b);
  const shared = all.filter((seed) => bySeed.every((runs) => runs.has(seed)));
  if (sides.every(({ results }) => results.length === 1)) {
    return { sides, seeds: shared.length === 1 ? shared : null, unpaired: [] };
  }
  if (shared.length === 0) {
    throw new CompareError(
      `the sides have no seed in common, so that nothing can be paired; run them with the same seeds`,
    );
  }
  const paired = sides.map(({ name }, i) => ({ name, results: shared.map((seed) => bySeed[i]!.get(seed)!) }));
  return { sides: paired, seeds: shared, unpaired: all.filter((seed) => !shared.includes(seed)) };
}

/**
 * Puts runs of scenarios that differ in nothing but the seed on one side, in the order in which
 * they first occur.
 */
export function groupBySeeds(results: readonly Side[]): readonly Side[] {
  const groups = new Map<string, Side[]>();
  for (const side of results) {
    const key = identityOf(side.results[0]!);
    groups.set(key, [...(groups.get(key) ?? []), side]);
  }
  return [...groups.values()].map((group) => ({
    name: group.length === 1 ? group[0]!.name : `${group[0]!.name} and ${group.length - 1} more`,
    results: group.flatMap((side) => side.results),
  }));
}

function identityOf({ scenario, topology, workload, policies }: ResultDocument): string {
  const { seed: _, ...written } = (scenario.document ?? {}) as { seed?: unknown };
  return canonicalJson({ name: scenario.name, topology, workload, policies, written });
}
