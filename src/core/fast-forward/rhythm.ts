/** Looks for a rhythm in when the watched sender was answered. */
import type { CoreInstance } from "../instance.js";
import { Run, SAMPLE_BYTES, Sample } from "../layout.js";

/** As in assembly/memory/plan.ts. */
export const MOST_SAMPLES = 2048;

/** What repeats: so many packets in so much time. */
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
  const size = Math.min(count, taken, MOST_SAMPLES);
  const acked = new Float64Array(size);
  const timesPs = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const at = memory.get(header, Run.samples) + ((taken - size + i) % MOST_SAMPLES) * SAMPLE_BYTES;
    acked[i] = memory.get(at, Sample.acked);
    timesPs[i] = memory.get(at, Sample.deadlinePs);
  }
  return { acked, timesPs };
}

/** The shortest rhythm that the samples have kept for a while: half of their time, or a quarter of its period. Null where there is none. */
export function findRhythm(samples: Samples): Rhythm | null {
  const { acked, timesPs } = samples;
  const last = acked.length - 1;
  for (let i = last - 1; i >= 0; i--) {
    const lag = last - i;
    const pairs = Math.min(i + 1, Math.ceil(acked.length / 2));
    if (pairs < Math.max(LEAST_PAIRS, lag / 4)) return null;
    const rhythm = { packets: acked[last]! - acked[i]!, periodPs: timesPs[last]! - timesPs[i]! };
    if (rhythm.packets > 0 && keeps(samples, rhythm, pairs)) return rhythm;
  }
  return null;
}

const LEAST_PAIRS = 3;

/** Whether the last `count` samples lie a period after earlier ones. Windows miss some, so not all need to have one. */
export function keeps({ acked, timesPs }: Samples, { packets, periodPs }: Rhythm, count: number): boolean {
  const first = acked.length - count;
  let matches = 0;
  let i = acked.length - 1;
  for (let j = acked.length - 1; j >= Math.max(0, first); j--) {
    while (i >= 0 && acked[i]! > acked[j]! - packets) i--;
    if (i < 0) break;
    if (acked[i] !== acked[j]! - packets) continue;
    if (timesPs[j]! - timesPs[i]! !== periodPs) return false;
    matches++;
  }
  return matches >= Math.max(LEAST_PAIRS - 1, count / 4);
}
