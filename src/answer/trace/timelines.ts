/** What recorded ranks of programs did: a track for each stream. */
import type { Outcome } from "../../plan/outcome.js";
import type { RunPlan } from "../../plan/plan.js";
import type { Instruction } from "../../plan/programs.js";
import { slice, threadName } from "./events.js";

/** Timelines of ranks as slices. By their names operations are kernels of NCCL. */
export function* timelineEvents(plan: RunPlan, outcome: Outcome, ranks: readonly number[]): Generator<string> {
  const programs = plan.programs!;
  const operations = operationLabels(programs.roles.flatMap((role) => role.streams.map((s) => s.instructions)));
  let correlation = 0;
  for (const { programRank, entries, dropped } of outcome.programs!.timelines) {
    const pid = programs.ranks.rank[programRank]!;
    if (!ranks.includes(pid)) continue;
    const { streams } = programs.roles[programs.ranks.role[programRank]!]!;
    for (const [tid, { name }] of streams.entries()) yield threadName({ pid, tid }, `stream ${tid}: ${name}`);
    for (const { stream, label, startPs, endPs } of entries) {
      const name = programs.labels[label]!;
      const isOperation = operations.has(label);
      correlation += 1;
      yield slice({ pid, tid: stream }, "kernel", isOperation ? `ncclKernel_${name}` : name, startPs, endPs, {
        stream,
        device: 0,
        correlation,
        ...(isOperation && { "Collective name": name }),
        ...(dropped > 0 && { "entries not recorded": dropped }),
      });
    }
  }
}

/** Labels of operations, those of computations left out. */
function operationLabels(lists: readonly (readonly Instruction[])[]): ReadonlySet<number> {
  const found = new Set<number>();
  const visit = (instructions: readonly Instruction[]) => {
    for (const each of instructions) {
      if (each.kind === "loop") visit(each.body);
      else if (each.kind === "operation") found.add(each.label);
    }
  };
  for (const list of lists) visit(list);
  return found;
}
