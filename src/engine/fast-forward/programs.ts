/**
 * Programs in a run that is fast-forwarded. Only what changes none of their records is skipped:
 * their streams have halted, and their flows are inside of chunks. Their times are those of the
 * clock and do not move with a jump. So the next of them bounds it.
 */
import type { CoreInstance } from "../core/instance.js";
import { PROGRAMFLOW_BYTES, PROGRAMHOST_BYTES, ProgramFlow, ProgramHost } from "../core/layout.js";
import { field, type Moment, placeOf } from "./moment.js";
import { isNoTime, wide } from "./shape.js";

/** Whether ranks run programs. */
export function hasPrograms(core: CoreInstance): boolean {
  return field(core, "programRankCount") !== 0;
}

/** Whether all records of programs are the same at both moments, times included. */
export function programsUnchanged(core: CoreInstance, before: Moment, now: Moment): boolean {
  if (!hasPrograms(core)) return true;
  const first = field(core, "programHosts");
  // The last of them are the states of graphs.
  const end = field(core, "graphStates") + 4 * field(core, "graphWords");
  const [i, j] = [placeOf(before, first), placeOf(now, first)];
  for (let word = 0; word < (end - first) >>> 2; word++) {
    if (before.words[i + word] !== now.words[j + word]) return false;
  }
  return true;
}

/** Tells flows of communicators, whose chunks programs decide about, from others. */
export function communicatorFlows(core: CoreInstance, now: Moment): (flow: number) => boolean {
  if (!hasPrograms(core)) return () => false;
  const first = placeOf(now, field(core, "programFlows")) + (ProgramFlow.source.offset >>> 2);
  return (flow) => now.words[first + flow * (PROGRAMFLOW_BYTES >>> 2)] !== 0;
}

/** When a program goes on next by itself. */
export function nextProgramPs(core: CoreInstance, now: Moment): number {
  if (!hasPrograms(core)) return Number.POSITIVE_INFINITY;
  const first = placeOf(now, field(core, "programHosts")) + (ProgramHost.nextPs.offset >>> 2);
  let earliest = Number.POSITIVE_INFINITY;
  for (let device = 0; device < field(core, "deviceCount"); device++) {
    const at = first + device * (PROGRAMHOST_BYTES >>> 2);
    if (!isNever(now, at)) earliest = Math.min(earliest, wide(now.words, at));
  }
  return earliest;
}

/** All ones is never. */
function isNever({ words }: Moment, at: number): boolean {
  return isNoTime(words, at) && words[at] !== 0;
}
