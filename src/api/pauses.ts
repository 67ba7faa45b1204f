/** Long work in steps, with turns for others in between. */

/** A page, or who waits for a signal, notices longer work without a pause. */
const BREATHLESS_MS = 20;

/** To be called between steps: yields now and then, and throws once the signal has come. */
export function pausesFor(signal: AbortSignal | undefined): () => Promise<void> {
  let lastMs = performance.now();
  return async () => {
    if (performance.now() - lastMs > BREATHLESS_MS) {
      await breathe();
      lastMs = performance.now();
    }
    signal?.throwIfAborted();
  };
}

/** Lets timers, signals and the page have their turn. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** What work in steps comes to, with a pause between them. */
export async function inSteps<T>(steps: Generator<void, T>, pause: () => Promise<void>): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await pause();
  }
}
