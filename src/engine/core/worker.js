// @ts-check
/**
 * A thread of a run: gets the compiled core, the run's memory and its number, says that it is
 * ready, and works until it is dismissed. Plain JavaScript, because workers load it as it stands.
 */
import { coreImports } from "./imports.js";
import { importPolicy, PolicyHost } from "./policy-host.js";

/** `Control.arrived` of a run that a thread has abandoned by trapping. */
const ABANDONED = 1 << 16;

/**
 * @typedef {{ module: WebAssembly.Module, memory: WebAssembly.Memory, number: number, arrived:
 * number, trapped: number, policy?: import("./policy-host.js").PolicyTask }} Task
 */

/** @param {Task} task @param {(message: { ready?: true, error?: string }) => void} post */
async function work({ module, memory, number, arrived, trapped, policy }, post) {
  const host = policy && new PolicyHost(memory, ...(await importPolicy(policy.url)));
  const instance = await WebAssembly.instantiate(module, coreImports(memory, host));
  const core = /** @type {{ _initialize(): void, attach(number: number): void, work(): void, fillDepths(): void }} */ (
    /** @type {unknown} */ (instance.exports)
  );
  core._initialize();
  host?.bind(policy.layout, core.fillDepths);
  core.attach(number);
  post({ ready: true });
  try {
    core.work();
  } catch (error) {
    const words = new Int32Array(memory.buffer);
    Atomics.store(words, trapped >>> 2, number);
    Atomics.add(words, arrived >>> 2, ABANDONED);
    Atomics.notify(words, arrived >>> 2);
    post({ error: error instanceof Error ? error.message : String(error) });
  }
}

/** @type {{ on?: Function, addEventListener?: Function, postMessage(message: unknown): void }} */
const port =
  typeof process === "object" && process.versions?.node !== undefined
    ? /** @type {any} */ ((await import("node:worker_threads")).parentPort)
    : globalThis;
const post = (/** @type {unknown} */ message) => port.postMessage(message);
if (port.on !== undefined) port.on("message", (/** @type {Task} */ task) => work(task, post));
else port.addEventListener?.("message", (/** @type {{ data: Task }} */ { data }) => work(data, post));
