/** Reads out of the core's memory where a program stands that is a graph. */
import type { WaitingStream } from "../../plan/program-outcome.js";
import type { Programs } from "../../plan/programs.js";
import type { CoreInstance } from "./instance.js";
import { MEMBER_BYTES, Member, PROGRAMSTREAM_BYTES, ProgramRank, ProgramStream, Run, StreamState } from "./layout.js";

const NONE = 0xffffffff;

/**
 * Operations that are under way by slot, computations by lane, and signals that nodes wait for;
 * where there is nothing of these, one entry that says so. The stream is the lane, or the number of
 * lanes where there is none.
 */
export function readWaitingGraph(
  { memory, header }: CoreInstance,
  { ranks, roles }: Programs,
  programRank: number,
  record: number,
): WaitingStream[] {
  const { graph, streams, signals = [] } = roles[ranks.role[programRank]!]!;
  const waiting: WaitingStream[] = [];
  const told = (entry: Partial<WaitingStream>) =>
    waiting.push({
      programRank,
      stream: streams.length,
      state: "starting",
      label: -1,
      operand: -1,
      operation: -1,
      ...entry,
    });
  for (let i = ranks.slotFirst[programRank]!; i < ranks.slotFirst[programRank + 1]!; i++) {
    const member = memory.get(header, Run.members) + i * MEMBER_BYTES;
    const node = memory.get(member, Member.node);
    if (node === NONE) continue;
    const stream = Math.min(graph!.gate[node]!, streams.length);
    const operand = i - ranks.slotFirst[programRank]!;
    const operation = memory.get(member, Member.reached) - 1;
    told({ stream, state: "operation", label: graph!.label[node]!, operand, operation });
  }
  const first = memory.get(record, ProgramRank.streams);
  streams.forEach((_, stream) => {
    const at = first + stream * PROGRAMSTREAM_BYTES;
    if (memory.get(at, ProgramStream.state) !== StreamState.Computing) return;
    told({ stream, state: "computing", label: memory.get(at, ProgramStream.label) });
  });
  const lengths = memory.get(record, ProgramRank.gateCounts);
  const firstSignal = streams.length + graph!.exclusive;
  signals.forEach((_, signal) => {
    if (memory.view.getUint32(lengths + 4 * (firstSignal + signal), true) === 0) return;
    told({ state: "waiting", operand: signal });
  });
  if (waiting.length === 0) told({ stream: 0 });
  return waiting;
}
