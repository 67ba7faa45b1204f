/** The state of a run between two windows, as fast-forward reads it. */

import type { CoreInstance } from "../core/instance.js";
import { Run, type Run as RunLayout } from "../core/layout.js";
import { settledPs } from "../core/windows.js";

type RegionName = keyof typeof RunLayout;

/** The records of a run at one instant: those in memory now, or a copy of what they were. */
export interface Moment {
  readonly nowPs: number;
  /** 32-bit words of memory from byte `base` on. */
  readonly words: Uint32Array;
  readonly base: number;
}

/** Memory as it is. */
export function presentMoment(core: CoreInstance): Moment {
  return { nowPs: settledPs(core), words: new Uint32Array(core.memory.memory.buffer), base: 0 };
}

/**
 * A copy of all records but the packets under way.
 * @param place Words of an earlier copy that is not needed any more.
 */
export function keepMoment(core: CoreInstance, place?: Uint32Array): Moment {
  const base = field(core, "devices");
  const words = place ?? new Uint32Array(momentBytes(core) >>> 2);
  words.set(new Uint32Array(core.memory.memory.buffer, base, words.length));
  return { nowPs: settledPs(core), words, base };
}

/** Bytes of such a copy. */
export function momentBytes(core: CoreInstance): number {
  return field(core, "samples") - field(core, "devices");
}

/** Index in the moment's words of what is at an address. */
export function placeOf({ base }: Moment, address: number): number {
  return (address - base) >>> 2;
}

/** A field of the run's header. */
export function field(core: CoreInstance, name: RegionName): number {
  return core.memory.get(core.header, Run[name]);
}
