/** What the core's header says of programs, and how many instructions they have there. */
import { MAX_THREADS } from "../../plan/limits.js";
import type { RunPlan } from "../../plan/plan.js";
import { awaitsSends, type Instruction, type Programs, type Role } from "../../plan/programs.js";
import { graphBytes, graphHeader } from "./graphs.js";
import {
  INSTRUCTION_BYTES,
  LABELTOTAL_BYTES,
  MEMBER_BYTES,
  PROGRAMFLOW_BYTES,
  PROGRAMHOST_BYTES,
  PROGRAMRANK_BYTES,
  PROGRAMSTREAM_BYTES,
  type Run,
  TIMELINE_BYTES,
  TIMELINEENTRY_BYTES,
} from "./layout.js";

/** Sizes by the fields of the core's `Run` record. */
export function programHeader({ programs, flows }: RunPlan): Partial<Record<keyof typeof Run, number>> {
  if (programs === undefined) return {};
  const { ranks, roles } = programs;
  const perRank = (of: (role: Role) => number) => {
    const byRole = roles.map(of);
    return ranks.role.reduce((sum, role) => sum + byRole[role]!, 0);
  };
  return {
    programRankCount: ranks.count,
    programStreamCount: perRank(({ streams }) => streams.length),
    instructionCount: roles.reduce((sum, { streams }) => sum + streams.reduce((n, s) => n + streamLength(s), 0), 0),
    memberCount: ranks.slots.length,
    memberFlowCount: memberFlows(programs, flows),
    slotCount: ranks.slots.length,
    signalCount: perRank(({ signalCount }) => signalCount),
    signallerCount: roles.reduce((sum, { signalCount, graph }) => sum + (graph ? 0 : signalCount), 0),
    labelCount: programs.labels.length,
    timelineCount: programs.recorded.length,
    timelineLimit: programs.recorded.length === 0 ? 0 : programs.recordLimit,
    awaitsSends: roles.some(awaitsSends) ? 1 : 0,
    ...graphHeader(programs),
  };
}

/** Bytes of what the core keeps of programs. */
export function programBytes(plan: RunPlan): number {
  const { programs, flows, fabric } = plan;
  if (programs === undefined) return 0;
  const sizes = programHeader(plan) as Record<keyof typeof Run, number>;
  return (
    fabric.deviceCount * PROGRAMHOST_BYTES +
    sizes.programRankCount * PROGRAMRANK_BYTES +
    sizes.programStreamCount * PROGRAMSTREAM_BYTES +
    sizes.instructionCount * INSTRUCTION_BYTES +
    sizes.memberCount * MEMBER_BYTES +
    4 * (sizes.memberFlowCount + sizes.slotCount + sizes.signalCount + sizes.signallerCount) +
    flows.count * PROGRAMFLOW_BYTES +
    MAX_THREADS * sizes.labelCount * LABELTOTAL_BYTES +
    sizes.timelineCount * (TIMELINE_BYTES + sizes.timelineLimit * TIMELINEENTRY_BYTES) +
    graphBytes(sizes)
  );
}

/** Entries of the lists of flows that start and end at the members of communicators. */
function memberFlows({ communicators }: Programs, flows: RunPlan["flows"]): number {
  if (flows.count === 0) return 0;
  return 2 * (communicators.firstFlow[communicators.count]! - communicators.firstFlow[0]!);
}

/** Instructions of a stream in the core, its end included. */
function streamLength({ instructions }: { readonly instructions: readonly Instruction[] }): number {
  return lengthOf(instructions) + 1;
}

/** A loop is an instruction before its body, and one behind it. */
function lengthOf(instructions: readonly Instruction[]): number {
  return instructions.reduce((sum, step) => sum + (step.kind === "loop" ? lengthOf(step.body) + 2 : 1), 0);
}
