/** The frames of a run, in order of time, with finer ones where somebody has looked closer. */
import type { Frame } from "../worker/protocol.js";

export class Frames {
  #frames: Frame[] = [];
  #finer: readonly Frame[] = [];

  get length(): number {
    return this.#frames.length;
  }

  /** Instant of the last frame, in ns; 0 where there is none. */
  get endNs(): number {
    return this.#frames.at(-1)?.ns ?? 0;
  }

  get all(): readonly Frame[] {
    return this.#frames;
  }

  add(frame: Frame): void {
    this.#frames.push(frame);
  }

  /** Every second one goes; the later of two stays, so that the last one does. */
  thin(): void {
    this.#frames = this.#frames.filter((_, i) => i % 2 === 1);
  }

  /** Takes the place of those that were there before. */
  setFiner(frames: readonly Frame[]): void {
    this.#finer = frames;
  }

  /** Whether there are finer frames of all of a span. */
  isFine(fromNs: number, toNs: number): boolean {
    const [first, last] = [this.#finer[0], this.#finer.at(-1)];
    return first !== undefined && last !== undefined && first.ns <= fromNs && last.ns >= Math.min(toNs, this.endNs);
  }

  /** The frame whose time an instant falls into: the first that does not end before it. */
  at(ns: number): Frame | undefined {
    const fine = this.#finer;
    if (fine.length > 1 && fine[0]!.ns <= ns && ns <= fine.at(-1)!.ns) return fine[firstFrom(fine, ns)];
    const frames = this.#frames;
    return frames[Math.min(firstFrom(frames, ns), frames.length - 1)];
  }
}

/** Index of the first frame at an instant or after it. */
function firstFrom(frames: readonly Frame[], ns: number): number {
  let [low, high] = [0, frames.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (frames[middle]!.ns < ns) low = middle + 1;
    else high = middle;
  }
  return low;
}
