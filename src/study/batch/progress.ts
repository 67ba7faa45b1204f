/** How far a batch is, and how long it will take. */

export interface BatchState {
  readonly done: number;
  readonly failed: number;
  readonly running: number;
  readonly total: number;
  /** Ended in the last minute or, earlier, at that pace. */
  readonly perMinute: number;
  /** Undefined before there is something to go by. */
  readonly leftMs: number | undefined;
}

const MINUTE_MS = 60_000;

/** Time left follows from work, not from the number of runs: the longest come first. */
export class BatchProgress {
  #done = 0;
  #failed = 0;
  #running = 0;
  #workDone = 0;
  readonly #ends: number[] = [];

  /**
   * @param total runs
   * @param work all that is to be done, in any unit
   * @param startedMs instant of the start, by the clock that `ended` and `state` are told
   */
  constructor(
    private readonly total: number,
    private readonly work: number,
    private readonly startedMs: number,
  ) {}

  started(): void {
    this.#running += 1;
  }

  ended(work: number, isDone: boolean, nowMs: number): void {
    this.#running -= 1;
    this.#workDone += work;
    if (isDone) this.#done += 1;
    else this.#failed += 1;
    this.#ends.push(nowMs);
  }

  state(nowMs: number): BatchState {
    while (this.#ends.length > 0 && this.#ends[0]! < nowMs - MINUTE_MS) this.#ends.shift();
    const elapsedMs = nowMs - this.startedMs;
    const spanMs = Math.min(MINUTE_MS, elapsedMs);
    const share = this.work > 0 ? this.#workDone / this.work : 0;
    return {
      done: this.#done,
      failed: this.#failed,
      running: this.#running,
      total: this.total,
      perMinute: spanMs > 0 ? (this.#ends.length * MINUTE_MS) / spanMs : 0,
      leftMs: share > 0 ? Math.max(0, elapsedMs / share - elapsedMs) : undefined,
    };
  }
}
