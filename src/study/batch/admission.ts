/** Which run of a batch starts next: the longest that there is memory for. */
import type { RunEstimate } from "../../api/estimate.js";

export interface Admissible {
  readonly estimate: RunEstimate;
}

/** Shorter runs that may overtake one that waits for memory; then memory is kept free for it. */
const MAX_OVERTAKING = 16;

export class Admission<J extends Admissible> {
  readonly #waiting: J[];
  readonly #limitBytes: number;
  #takenBytes = 0;
  #running = 0;
  #overtaken = 0;

  /**
   * @param limitBytes that all runs together may take, by their estimates; one run may take more
   * when it is alone.
   */
  constructor(jobs: readonly J[], limitBytes: number) {
    this.#limitBytes = limitBytes;
    this.#waiting = [...jobs].sort((a, b) => b.estimate.packetHops - a.estimate.packetHops);
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  get running(): number {
    return this.#running;
  }

  /**
   * Takes the next run to start out of those that wait; undefined where none may start before
   * another has ended.
   */
  start(): J | undefined {
    const [longest] = this.#waiting;
    if (longest === undefined) return undefined;
    if (this.#fits(longest)) {
      this.#overtaken = 0;
      return this.#take(0);
    }
    if (this.#overtaken >= MAX_OVERTAKING) return undefined;
    const index = this.#waiting.findIndex((job) => this.#fits(job));
    if (index < 0) return undefined;
    this.#overtaken += 1;
    return this.#take(index);
  }

  /** A run has ended, and its memory is free. */
  end(job: J): void {
    this.#running -= 1;
    this.#takenBytes -= job.estimate.memoryBytes;
  }

  #fits({ estimate }: J): boolean {
    return this.#running === 0 || this.#takenBytes + estimate.memoryBytes <= this.#limitBytes;
  }

  #take(index: number): J {
    const [job] = this.#waiting.splice(index, 1) as [J];
    this.#running += 1;
    this.#takenBytes += job.estimate.memoryBytes;
    return job;
  }
}
