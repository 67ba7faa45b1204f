/** What the programs of a whole run did, from those of the runs that stand for it. */
import type { Outcome } from "../../plan/outcome.js";
import { type LabelTimes, MAX_WAITING, type ProgramOutcome } from "../../plan/program-outcome.js";
import type { Programs } from "../../plan/programs.js";
import type { Fold } from "./fold.js";

export function expandPrograms(
  { ranks, labels, recorded }: Programs,
  folds: readonly Fold[],
  outcomes: readonly Outcome[],
): ProgramOutcome {
  const parts = folds.flatMap(({ copies, programImages }, i) => {
    const { programs } = outcomes[i]!;
    return programs === undefined ? [] : [{ copies, images: programImages, programs }];
  });
  const column = (name: keyof ProgramOutcome["ranks"]) => {
    const whole = new Float64Array(ranks.count);
    for (const { copies, images, programs } of parts) {
      images.forEach((rank, image) => {
        whole[rank] = programs.ranks[name][Math.floor(image / copies)]!;
      });
    }
    return whole;
  };
  const modelOf = new Map<number, ProgramOutcome["timelines"][number]>();
  for (const { copies, images, programs } of parts) {
    for (const timeline of programs.timelines) {
      const first = timeline.programRank * copies;
      for (const rank of images.subarray(first, first + copies)) modelOf.set(rank, timeline);
    }
  }
  const waiting = parts.flatMap(({ copies, images, programs }) =>
    programs.waiting.flatMap((stream) =>
      Array.from(images.subarray(stream.programRank * copies, (stream.programRank + 1) * copies), (programRank) => {
        return { ...stream, programRank };
      }),
    ),
  );
  waiting.sort((a, b) => a.programRank - b.programRank || a.stream - b.stream);
  return {
    ranks: { finishPs: column("finishPs"), computePs: column("computePs"), exposedPs: column("exposedPs") },
    labels: labels.map((_, label) => sumOf(parts.map(({ copies, programs }) => [copies, programs.labels[label]!]))),
    timelines: recorded.map((programRank) => ({ ...modelOf.get(programRank)!, programRank })),
    waiting: waiting.slice(0, MAX_WAITING),
  };
}

function sumOf(parts: readonly (readonly [copies: number, times: LabelTimes])[]): LabelTimes {
  const sum = (of: (times: LabelTimes) => bigint) =>
    parts.reduce((total, [copies, times]) => total + BigInt(copies) * of(times), 0n);
  return {
    count: parts.reduce((total, [copies, { count }]) => total + copies * count, 0),
    totalPs: sum(({ totalPs }) => totalPs),
    mostPs: parts.reduce((most, [, { mostPs }]) => Math.max(most, mostPs), 0),
    exposedPs: sum(({ exposedPs }) => exposedPs),
  };
}
