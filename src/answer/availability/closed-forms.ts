/**
 * Goodput of a job that is interrupted at random and goes back to its last checkpoint: closed
 * forms. Times in hours; goodput is the share of the time that is work which was kept.
 */

export interface CheckpointTimes {
  /** Work between two checkpoints. */
  readonly intervalHours: number;
  readonly writeHours: number;
  readonly restartHours: number;
}

/**
 * Exact for interruptions that are a Poisson process, also while the job writes and restarts (Daly,
 * FGCS 2006, equation 20): a checkpoint takes `M * e^(R/M) * (e^((t+w)/M) - 1)` on average.
 * @param mttiHours mean time to interruption; Infinity for none
 */
export function exactGoodput({ intervalHours, writeHours, restartHours }: CheckpointTimes, mttiHours: number): number {
  if (mttiHours === Number.POSITIVE_INFINITY) return intervalHours / (intervalHours + writeHours);
  const segment = (intervalHours + writeHours) / mttiHours;
  return intervalHours / (mttiHours * Math.exp(restartHours / mttiHours) * Math.expm1(segment));
}

/** First order: `1 - (t/2 + R)/M - w/t`; 0 where it is below. */
export function firstOrderGoodput(
  { intervalHours, writeHours, restartHours }: CheckpointTimes,
  mttiHours: number,
): number {
  return Math.max(0, 1 - (intervalHours / 2 + restartHours) / mttiHours - writeHours / intervalHours);
}

/** E[ETTR], `(1 - (R + t/2)/M) / (1 + w/t)` (HPCA 2025); 0 where it is below. */
export function expectedTrainingTimeRatio(
  { intervalHours, writeHours, restartHours }: CheckpointTimes,
  mttiHours: number,
): number {
  return Math.max(0, 1 - (restartHours + intervalHours / 2) / mttiHours) / (1 + writeHours / intervalHours);
}

/** `sqrt(2wM)` (Young, CACM 1974). */
export function youngInterval(writeHours: number, mttiHours: number): number {
  return Math.sqrt(2 * writeHours * mttiHours);
}

/** Daly's estimate of higher order (FGCS 2006, equation 37). */
export function dalyInterval(writeHours: number, mttiHours: number): number {
  if (writeHours >= 2 * mttiHours) return mttiHours;
  const ratio = Math.sqrt(writeHours / (2 * mttiHours));
  return youngInterval(writeHours, mttiHours) * (1 + ratio / 3 + (ratio * ratio) / 9) - writeHours;
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;
/** Each narrows the range by 0.618: down to one part in 10^12 of it. */
const STEPS = 60;

/** The interval of the greatest exact goodput, by golden-section search. */
export function bestInterval(times: Omit<CheckpointTimes, "intervalHours">, mttiHours: number): number {
  if (mttiHours === Number.POSITIVE_INFINITY || times.writeHours === 0) {
    return times.writeHours === 0 ? 0 : Number.POSITIVE_INFINITY;
  }
  const goodput = (intervalHours: number) => exactGoodput({ ...times, intervalHours }, mttiHours);
  let [low, high] = [0, 2 * mttiHours];
  for (let step = 0; step < STEPS; step++) {
    const [a, b] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
    if (goodput(a) < goodput(b)) low = a;
    else high = b;
  }
  return (low + high) / 2;
}
