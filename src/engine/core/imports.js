// @ts-check
/** What the core asks of its host. Plain JavaScript, because workers load it as it stands. */

/**
 * @param {WebAssembly.Memory} memory Shared where there are threads.
 * @param {import("./policy-host.js").PolicyHost} [policy] What decides where routing is custom.
 * @returns {WebAssembly.Imports}
 */
export function coreImports(memory, policy) {
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
      /** @param {number} call */
      choose(call) {
        if (policy === undefined) throw new WebAssembly.RuntimeError("there is no routing policy");
        return policy.decide(call);
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
