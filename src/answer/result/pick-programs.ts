/** Programs of some jobs of a run. */

import type { ProgramOutcome } from "../../plan/program-outcome.js";
import type { Programs } from "../../plan/programs.js";
import { lowerBound } from "../../util/lower-bound.js";

/** Numbers of the program ranks of some jobs, ascending. */
export function programRanksOf({ ranks }: Programs, isIn: (job: number) => boolean): Uint32Array {
  return Uint32Array.from({ length: ranks.count }, (_, r) => r).filter((r) => isIn(ranks.job[r]!));
}

/**
 * Programs of some program ranks. Roles, labels and communicators keep their numbers.
 * @param flows flows of the plan that are left, ascending: communicators have those of their own
 */
export function pickPrograms(programs: Programs, picked: Uint32Array, flows: Uint32Array): Programs {
  const { ranks, communicators, recorded } = programs;
  const numberOf = new Map(Array.from(picked, (r, number) => [r, number]));
  const slotFirst = new Uint32Array(picked.length + 1);
  const slots: number[] = [];
  picked.forEach((r, number) => {
    slots.push(...ranks.slots.subarray(ranks.slotFirst[r], ranks.slotFirst[r + 1]));
    slotFirst[number + 1] = slots.length;
  });
  const column = <C extends Float64Array | Uint32Array | Uint16Array>(all: C): C =>
    (all.constructor as unknown as { from(values: Iterable<number>): C }).from(Array.from(picked, (r) => all[r]!));
  return {
    ...programs,
    ranks: {
      count: picked.length,
      rank: column(ranks.rank),
      job: column(ranks.job),
      role: column(ranks.role),
      startPs: column(ranks.startPs),
      computeFactor: column(ranks.computeFactor),
      jitter: column(ranks.jitter),
      slotFirst,
      slots: Uint32Array.from(slots),
    },
    communicators: { ...communicators, firstFlow: communicators.firstFlow.map((flow) => countBelow(flows, flow)) },
    recorded: recorded.flatMap((r) => numberOf.get(r) ?? []),
  };
}

/** How many entries of an ascending list are below a value. */
function countBelow(list: Uint32Array, value: number): number {
  return lowerBound(list.length, (i) => list[i]! >= value);
}

/** What the same program ranks yielded. Labels keep their numbers. */
export function pickOutcome(outcome: ProgramOutcome, picked: Uint32Array): ProgramOutcome {
  const numberOf = new Map(Array.from(picked, (r, number) => [r, number]));
  const doubles = (all: Float64Array) => Float64Array.from(picked, (r) => all[r]!);
  const { ranks, timelines, waiting } = outcome;
  const renumbered = <T extends { readonly programRank: number }>(list: readonly T[]) =>
    list.flatMap((entry) => {
      const programRank = numberOf.get(entry.programRank);
      return programRank === undefined ? [] : [{ ...entry, programRank }];
    });
  return {
    ...outcome,
    ranks: {
      finishPs: doubles(ranks.finishPs),
      computePs: doubles(ranks.computePs),
      exposedPs: doubles(ranks.exposedPs),
    },
    timelines: renumbered(timelines),
    waiting: renumbered(waiting),
  };
}
