/** Programs with their numbers filled in. */

import type { TimelineRecord } from "../../plan/programs.js";
import type { WrittenStep } from "../schema/program.js";
import type { Sections } from "../schema/sections.js";
import type { OperationSpec, RoleSpec, StepSpec } from "../types/program.js";
import type { CollectiveWorkload, ProgramWorkload } from "../types/scenario.js";
import { classIndex, hasSeveral } from "./classes.js";
import { rankCount, rankNumbers, type WrittenRank } from "./ranks.js";
import { type JobSections, resolveWorkload } from "./workload.js";

export type WrittenProgram = Extract<Sections["workload"], { kind: "program" }>;
export type WrittenCommunicator = WrittenProgram["communicators"][number];
export type WrittenRole = WrittenProgram["roles"][number];

/** Label of computations that have none. */
const COMPUTE = "compute";

/** The workload with its ranks numbered and its defaults filled in. The rules have been checked. */
export function resolveProgram(sections: Sections, program: WrittenProgram): ProgramWorkload {
  const numberOf = rankNumbers(sections.topology);
  const numbers = (ranks: readonly WrittenRank[]) => ranks.map((rank) => numberOf(rank)!);
  const left = ranksLeft(sections, program);
  return {
    kind: "program",
    communicators: program.communicators.map((written) => resolveCommunicator(sections, written)),
    roles: program.roles.map((role): RoleSpec => {
      const { name, ranks, start, computeFactor, jitter, streams } = role;
      return {
        name,
        ranks: ranks === undefined ? left : numbers(ranks),
        startPs: start,
        computeFactor,
        jitter,
        streams: streams.map((stream, i) => ({ name: streamName(stream, i), steps: stream.do.map(resolveStep) })),
      };
    }),
    record: recordOf(program.record, numberOf),
  };
}

export function recordOf(
  record: WrittenProgram["record"],
  numberOf: (rank: WrittenRank) => number | null,
): TimelineRecord {
  return { ranks: (record?.ranks ?? []).map((rank) => numberOf(rank)!), limit: record?.limit ?? 0 };
}

/** Ranks that no role lists. */
function ranksLeft({ topology }: Sections, { roles }: WrittenProgram): number[] {
  const numberOf = rankNumbers(topology);
  const taken = new Set(roles.flatMap(({ ranks = [] }) => ranks.map(numberOf)));
  return Array.from({ length: rankCount(topology) }, (_, rank) => rank).filter((rank) => !taken.has(rank));
}

export function streamName({ name }: WrittenRole["streams"][number], number: number): string {
  return name ?? `stream-${number}`;
}

/** The collective of a communicator as a workload of its own, as rules and defaults see it. */
export function collectiveSections(sections: Sections, written: WrittenCommunicator): JobSections {
  const { name: _, pairs: __, rendezvous: ___, ...collective } = written;
  return { ...sections, workload: { kind: "collective", ...collective }, isProgram: true };
}

function resolveCommunicator(
  sections: Sections,
  written: WrittenCommunicator,
): ProgramWorkload["communicators"][number] {
  const { name, pairs, size, rendezvous = false } = written;
  if (pairs === undefined) {
    const collective = resolveWorkload(collectiveSections(sections, written)) as CollectiveWorkload;
    return { kind: "collective", name, collective };
  }
  const numberOf = rankNumbers(sections.topology);
  return {
    kind: "pairs",
    name,
    pairs: pairs.map(([src, dst]) => [numberOf(src)!, numberOf(dst)!] as const),
    sizeBytes: size!,
    rendezvous,
    ...(hasSeveral(sections.classes) && { dataClass: classIndex(sections.classes, written.class) }),
  };
}

function resolveStep(step: WrittenStep): StepSpec {
  if (step.compute !== undefined) {
    return { kind: "compute", durationPs: step.compute, label: step.label ?? COMPUTE };
  }
  if (step.signal !== undefined) return { kind: "signal", signal: step.signal };
  if (step.wait !== undefined) return { kind: "wait", signal: step.wait };
  if (step.repeat !== undefined) {
    return { kind: "loop", count: step.repeat, steps: (step.do ?? []).map(resolveStep) };
  }
  return operationOf(step)!;
}

/** The operation that a step is; undefined where it is something else. */
export function operationOf(step: WrittenStep): OperationSpec | undefined {
  const sides = [
    [step.collective, "all"],
    [step.send, "sender"],
    [step.receive, "receiver"],
  ] as const;
  const found = sides.find(([name]) => name !== undefined);
  if (found === undefined) return undefined;
  const [communicator, side] = [found[0]!, found[1]];
  return {
    kind: "operation",
    communicator,
    side,
    sizeBytes: step.size ?? null,
    ends: step.ends ?? (side === "sender" ? "sent" : "delivered"),
    label: step.label ?? communicator,
  };
}
