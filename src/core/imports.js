// @ts-check
/** What the core asks of its host. Plain JavaScript, because workers load it as it stands. */

/**
 * @param {WebAssembly.Memory} memory Shared where there are threads.
 * @returns {WebAssembly.Imports}
 */
export function coreImports(memory) {
  return {
    env: {
      memory,
      /** @param {number} address @param {number} value @param {number} timeoutMs */
      wait(address, value, timeoutMs) {
        // A page's main thread may not sleep; it goes on looking.
        if (!maySleep()) return;
        Atomics.wait(new Int32Array(memory.buffer), address >>> 2, value | 0, timeoutMs < 0 ? undefined : timeoutMs);
      },
      /** @param {number} address */
      notify(address) {
        Atomics.notify(new Int32Array(memory.buffer), address >>> 2);
      },
      abort() {
        throw new WebAssembly.RuntimeError("an assertion of the core failed");
      },
    },
  };
}

/** A window means a page, and its main thread. */
function maySleep() {
  return typeof window === "undefined";
}
