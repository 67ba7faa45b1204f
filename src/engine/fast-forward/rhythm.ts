/** Looks for a rhythm in when the watched sender was answered. */

import type { CoreInstance } from "../core/instance.js";
import { MAX_SAMPLES, Run, SAMPLE_BYTES, Sample } from "../core/layout.js";
import { wide } from "./shape.js";

/** What repeats: a number of packets in a time. */
export interface Rhythm {
  readonly packets: number;
  readonly periodPs: number;
}

export function isSame(a: Rhythm | null, b: Rhythm | null): boolean {
  return a?.packets === b?.packets && a?.periodPs === b?.periodPs;
}

export interface Samples {
  readonly acked: Float64Array;
  readonly timesPs: Float64Array;
}

/** The last `count` samples at most. */
export function readSamples({ memory, header }: CoreInstance, count: number): Samples {
  const taken = memory.get(header, Run.sampleCount);
  const size = Math.min(count, taken, MAX_SAMPLES);
  const acked = new Float64Array(size);
  const timesPs = new Float64Array(size);
  const words = new Uint32Array(
    memory.memory.buffer,
    memory.get(header, Run.samples),
    (MAX_SAMPLES * SAMPLE_BYTES) / 4,
  );
  for (let i = 0; i < size; i++) {
    const at = ((taken - size + i) % MAX_SAMPLES) * (SAMPLE_BYTES / 4);
    acked[i] = words[at + (Sample.acked.offset >>> 2)]!;
    timesPs[i] = wide(words, at + (Sample.deadlinePs.offset >>> 2));
  }
  return { acked, timesPs };
}

/** What a look at samples has found, and how many of them it looked at on the way. */
export interface Look {
  readonly rhythm: Rhythm | null;
  readonly steps: number;
}

/**
 * The shortest rhythm that the samples have kept for a while: half of their time, or a quarter of
 * its period. Null where there is none.
 */
export function findRhythm(samples: Samples): Look {
  const { acked, timesPs } = samples;
  const last = acked.length - 1;
  let steps = acked.length;
  for (let i = last - 1; i >= 0; i--) {
    const lag = last - i;
    const pairs = Math.min(i + 1, Math.ceil(acked.length / 2));
    if (pairs < Math.max(MIN_PAIRS, lag / 4)) break;
    const rhythm = { packets: acked[last]! - acked[i]!, periodPs: timesPs[last]! - timesPs[i]! };
    if (rhythm.packets <= 0) continue;
    const { isKept, looked } = keeps(samples, rhythm, i, pairs);
    steps += looked;
    if (isKept) return { rhythm, steps };
  }
  return { rhythm: null, steps };
}

const MIN_PAIRS = 3;
/** A rhythm must show among this number of last samples. */
const FIRST_PAIRS = 24;

/**
 * Whether the last `count` samples lie a period after earlier ones. Windows miss some, so not all
 * need to have one.
 * @param earlier The sample that the last one lies a period after.
 */
function keeps({ acked, timesPs }: Samples, { packets, periodPs }: Rhythm, earlier: number, count: number) {
  let matches = 0;
  let looked = 0;
  let i = earlier;
  for (let j = acked.length - 1; looked < count; j--) {
    looked++;
    while (i >= 0 && acked[i]! > acked[j]! - packets) i--;
    if (i < 0) break;
    const isMatch = acked[i] === acked[j]! - packets;
    if (isMatch && timesPs[j]! - timesPs[i]! !== periodPs) return { isKept: false, looked };
    if (isMatch) matches++;
    else if (looked === FIRST_PAIRS && matches < FIRST_PAIRS / 8) return { isKept: false, looked };
  }
  return { isKept: matches >= Math.max(MIN_PAIRS - 1, count / 4), looked };
}
