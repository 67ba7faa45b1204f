/** How far a run is, as a share of its packets, and how long the rest will take. */

/** What a run does, in this order. Not every run does all of it. */
export const PHASES = [
  "building",
  "resolving",
  "folding",
  "estimating",
  "laying-out",
  "simulating",
  "summing-up",
] as const;

/**
 * - `building`: the fabric;
 * - `resolving`: flows, dependencies and rules;
 * - `folding`: looks for parts that are alike;
 * - `estimating`: the memory that the run will take;
 * - `laying-out`: writes the run into the core's memory;
 * - `simulating`, and `summing-up`: makes the result.
 */
export type Phase = (typeof PHASES)[number];

/** How far a run is. */
export interface Progress {
  readonly phase: Phase;
  readonly simulatedNs: number;
  /**
   * Data packets delivered, as a share of all that are to be: 1 when every one is. It never falls.
   */
  readonly shareDone: number;
  readonly packetHops: number;
  /** Those of them that were skipped, since they were sure to repeat others. */
  readonly skippedPacketHops: number;
  /**
   * Time spent on the run, in ms; that of an earlier process which it was resumed from included.
   */
  readonly wallMs: number;
  /**
   * Time that the rest of the simulation will take at the present speed, in ms. Left out while
   * there is too little to go by. Packets that will be skipped cannot be foreseen: they count as if
   * they had to be simulated.
   */
  readonly remainingMs?: number;
}

/** Reports phases before the simulation as progress. */
export function phaseReporter(onProgress: (progress: Progress) => void): (phase: Phase) => void {
  const startedMs = performance.now();
  const nothing = { simulatedNs: 0, shareDone: 0, packetHops: 0, skippedPacketHops: 0 };
  return (phase) => onProgress({ phase, ...nothing, wallMs: performance.now() - startedMs });
}

/** What a core has done of its work. Of parts that are alike each counts once. */
export interface Work {
  /** Data packets delivered, and those that there will be. */
  readonly deliveredPackets: number;
  readonly packets: number;
  /** Packet-hops up to now, those that were skipped in time included. */
  readonly hops: number;
  /** Those of them that were simulated. */
  readonly simulatedHops: number;
}

/**
 * The speed is that of the last one to two of these spans, so that it follows a run that slows
 * down.
 */
const SPEED_SPAN_MS = 4000;
/** Before this share is done, and this time simulated, a remaining time would be a guess. */
const MIN_SHARE = 0.005;
const MIN_RUN_MS = 100;

interface Mark {
  readonly runMs: number;
  readonly simulatedHops: number;
}

/** Turns what a core has done into a share that never falls, and a remaining time. */
export class ProgressMeter {
  #share = 0;
  #older: Mark;
  #newer: Mark;

  /**
   * @param start What the core had simulated when this process took it on: another process was as
   * fast as it was.
   */
  constructor(start: Mark) {
    this.#older = start;
    this.#newer = start;
  }

  /**
   * The run begins anew: what was simulated before says nothing about its speed. The share stays
   * until it is passed.
   */
  startOver(): void {
    this.#older = { runMs: 0, simulatedHops: 0 };
    this.#newer = this.#older;
  }

  /** @param runMs Time spent simulating. */
  read(work: Work, runMs: number): Pick<Progress, "shareDone" | "remainingMs"> {
    const share = work.packets === 0 ? 1 : work.deliveredPackets / work.packets;
    this.#share = Math.max(this.#share, share);
    const remainingMs = this.#remainingMs(work, share, runMs);
    return { shareDone: this.#share, ...(remainingMs !== undefined && { remainingMs }) };
  }

  #remainingMs({ hops, simulatedHops }: Work, share: number, runMs: number): number | undefined {
    if (runMs - this.#newer.runMs >= SPEED_SPAN_MS) {
      this.#older = this.#newer;
      this.#newer = { runMs, simulatedHops };
    }
    const spanMs = runMs - this.#older.runMs;
    const perMs = (simulatedHops - this.#older.simulatedHops) / spanMs;
    if (share < MIN_SHARE || spanMs < MIN_RUN_MS || !(perMs > 0)) return undefined;
    return (hops * (1 / share - 1)) / perMs;
  }
}
