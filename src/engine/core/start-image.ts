/** The state that a run begins in, for runs that go back to it in the same memory. */
import type { CoreInstance } from "./instance.js";
import { reinstantiate } from "./instance.js";

/** Memory is compared and restored by pages of this many 8-byte words. */
const PAGE_WORDS = 512;

export class StartImage {
  readonly #words: Float64Array;
  /** Pages that the run has changed: it changes no others when it is simulated again. */
  #changed: Uint32Array | undefined;

  /** @param core Laid out, and not yet advanced. */
  constructor({ memory }: CoreInstance) {
    this.#words = new Float64Array(memory.memory.buffer).slice();
  }

  get bytes(): number {
    return this.#words.byteLength;
  }

  /**
   * Puts the memory of a run that has ended back to its start, and gives it a fresh instance. The
   * first call compares all of the memory. Later ones copy only what had changed then.
   * So each time the run must have come to its end, by one thread and by the same calls.
   */
  restore(core: CoreInstance): CoreInstance {
    const words = new Float64Array(core.memory.memory.buffer);
    this.#changed ??= changedPages(words, this.#words);
    for (const page of this.#changed) {
      const at = page * PAGE_WORDS;
      // What memory has grown by since was zero.
      if (at >= this.#words.length) words.fill(0, at, at + PAGE_WORDS);
      else words.set(this.#words.subarray(at, at + PAGE_WORDS), at);
    }
    return reinstantiate(core);
  }
}

/** Numbers of the pages that differ from an image; beyond its end, from zero. */
function changedPages({ buffer }: Float64Array, image: Float64Array): Uint32Array {
  // As integers: numbers that are not a number differ from themselves.
  const [now, before] = [new Int32Array(buffer), new Int32Array(image.buffer)];
  const size = 2 * PAGE_WORDS;
  const changed: number[] = [];
  for (let first = 0; first < now.length; first += size) {
    let at = first;
    const end = first + size;
    while (at < end && now[at] === (before[at] ?? 0)) at += 1;
    if (at < end) changed.push(first / size);
  }
  return Uint32Array.from(changed);
}
