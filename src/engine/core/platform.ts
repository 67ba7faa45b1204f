/**
 * What the engine takes from where it runs: the compiled cores and threads. This module is for
 * Node; the bundle for pages takes embedded.ts in its place.
 */
import type { Member } from "./member.js";

export type { Member } from "./member.js";

/**
 * What is shipped beside this file: the full core and the lean one (lean.ts), for a memory of its
 * own and for one that threads share.
 */
export type CoreFile = "core.wasm" | "core.shared.wasm" | "core.lean.wasm" | "core.lean.shared.wasm";

/** The bytes of a core. */
export async function readShipped(file: CoreFile): Promise<BufferSource> {
  const { readFile } = await import("node:fs/promises");
  return readFile(new URL(`./${file}`, import.meta.url));
}

/** A thread that works on runs. */
export async function createMember(): Promise<Member> {
  const { Worker } = await import("node:worker_threads");
  const worker = new Worker(new URL("./worker.js", import.meta.url));
  let ending = false;
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => worker.on("message", listener),
    onError: (listener) => {
      worker.on("error", listener);
      // Also with 0: a policy's module may end its thread, and who waits for the thread would wait
      // for ever.
      worker.on("exit", (code) => listener(new Error(`a worker stopped with code ${code}`)));
    },
    release: () => {
      if (!ending) worker.unref();
    },
    end: async () => {
      // Who waits for the end must live to see it, even where the worker becomes ready meanwhile.
      ending = true;
      worker.ref();
      await worker.terminate();
    },
  };
}
