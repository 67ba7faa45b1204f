/**
 * How far ahead a repetition may be skipped, whatever flows do: up to something that comes at a
 * time of its own.
 */
import type { CoreInstance } from "../core/instance.js";
import { GROUP_BYTES, Group, NIC_BYTES, Nic, PORTEXTRA_BYTES, PortExtra, Run, Start } from "../core/layout.js";
import { tablesOf } from "./alike.js";
import { field, type Moment, placeOf } from "./moment.js";
import { nextProgramPs } from "./programs.js";
import { exact, isNoTime, wide } from "./shape.js";

const MAX_TURN = 2 ** 31;
/** Some 9,007 s. Beyond it a jump computed in doubles would not be exact. */
const MAX_EXACT_PS = Number.MAX_SAFE_INTEGER;

/** The last instant to which the run may be moved. */
export function latestPs(core: CoreInstance, now: Moment, untilPs: number): number {
  // What is under way at that instant must have arrived.
  const horizonPs = field(core, "slots") * field(core, "windowPs");
  const limitPs = core.memory.get(core.header, Run.lastPs) - horizonPs;
  const changePs = Math.min(core.memory.get(core.header, Run.nextChangePs), nextDownPs(core, now)) - horizonPs;
  return Math.min(MAX_EXACT_PS, untilPs, limitPs, nextStartPs(core, now), nextProgramPs(core, now), changePs);
}

/** When the next flow starts. */
function nextStartPs(core: CoreInstance, now: Moment): number {
  const nics = placeOf(now, field(core, "nics"));
  let earliest = Number.POSITIVE_INFINITY;
  for (let nic = 0; nic < field(core, "nicCount"); nic++) {
    const at = nics + nic * (NIC_BYTES >>> 2);
    const end = now.words[at + (Nic.endStarts.offset >>> 2)]!;
    for (const next of [Nic.nextStart, Nic.nextFirstPost]) {
      const start = now.words[at + (next.offset >>> 2)]!;
      if (start < end) earliest = Math.min(earliest, wide(now.words, placeOf(now, start + Start.timePs.offset)));
    }
  }
  return earliest;
}

/** When the next link goes down. */
function nextDownPs(core: CoreInstance, now: Moment): number {
  const extras = placeOf(now, field(core, "portExtras")) + (PortExtra.downAtPs.offset >>> 2);
  let earliest = Number.POSITIVE_INFINITY;
  for (let port = 0; port < field(core, "portCount"); port++) {
    const at = extras + port * (PORTEXTRA_BYTES >>> 2);
    if (isNoTime(now.words, at)) continue;
    const downPs = wide(now.words, at);
    if (downPs >= now.nowPs) earliest = Math.min(earliest, downPs);
  }
  return earliest;
}

/**
 * How often as much of every budget can be used as was used from one moment to the other before one
 * of them runs out.
 */
export function budgetBound(core: CoreInstance, before: Moment, now: Moment): number {
  let bound = Number.POSITIVE_INFINITY;
  for (const { address, count, shape } of tablesOf(core)) {
    if (shape.budgets.length === 0) continue;
    for (let record = 0; record < count; record++) {
      const at = address + record * 4 * shape.words;
      for (const word of shape.budgets) {
        const [i, j] = [placeOf(before, at) + word, placeOf(now, at) + word];
        if (before.words[i] === now.words[j] && before.words[i + 1] === now.words[j + 1]) continue;
        const left = exact(now.words, j);
        const used = exact(before.words, i) - left;
        bound = Math.min(bound, Number(left / used));
      }
    }
  }
  return bound;
}

/** How often the counters of `round-robin` can grow as they did before they overflow. */
export function turnBound(core: CoreInstance, before: Moment, now: Moment): number {
  const groups = field(core, "groups") + Group.turn.offset;
  let bound = Number.POSITIVE_INFINITY;
  for (let group = 0; group < field(core, "groupCount"); group++) {
    const turn = now.words[placeOf(now, groups + group * GROUP_BYTES)]!;
    const step = turn - before.words[placeOf(before, groups + group * GROUP_BYTES)]!;
    if (step > 0) bound = Math.min(bound, Math.floor((MAX_TURN - turn) / step));
  }
  return bound;
}
