/** Instances of the compiled core. Each run has a memory of its own: dropping it frees everything. */

import { sha256Hex } from "../hash/sha256.js";
import { coreImports } from "./imports.js";
import { CoreMemory } from "./memory.js";
import { type CorePolicy, loadPolicy } from "./policy.js";
import { PolicyHost } from "./policy-host.js";

/** What `assembly/index.ts` exports. */
interface CoreExports {
  _initialize(): void;
  header(): number;
  controlAddress(): number;
  plan(): void;
  begin(): void;
  advance(hops: number, untilPs: number): number;
  addThread(): number;
  attach(number: number): void;
  dismissOthers(): void;
  setRouting(
    policy: number,
    quantumShift: number,
    flowletGapPs: number,
    flowletEntries: number,
    stateWords: number,
    policyIdentity: number,
  ): void;
  fillDepths(): void;
  recordAfter(record: number): number;
  regrid(endPs: number): void;
  settle(): void;
  refresh(): void;
  chunkSteps(): number;
  endRepetitions(skipped: boolean): void;
}

export interface CoreInstance {
  readonly exports: CoreExports;
  readonly memory: CoreMemory;
  /** What other threads of the run instantiate on the same memory. */
  readonly module: WebAssembly.Module;
  /** Addresses of the `Run` and `Control` records. */
  readonly header: number;
  readonly control: number;
  /** What decides where routing is custom, if that is a function. */
  readonly host?: PolicyHost;
}

const PAGE_BYTES = 65536;
const MOST_PAGES = 65536;

const compiled = new Map<string, Promise<WebAssembly.Module>>();

/** Compiles a core that is shipped beside this file, once per process or page. */
function shippedModule(file: "core.wasm" | "core.shared.wasm"): Promise<WebAssembly.Module> {
  let module = compiled.get(file);
  if (module === undefined) {
    module = readShipped(file).then((bytes) => WebAssembly.compile(bytes));
    compiled.set(file, module);
  }
  return module;
}

const variants = new WeakMap<Uint8Array, Promise<WebAssembly.Module>>();

/** Compiles a core with a policy in it, once for these bytes: what V8 learns of it serves all runs. */
function variantModule(bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  const module = variants.get(bytes) ?? WebAssembly.compile(bytes);
  variants.set(bytes, module);
  return module;
}

/** A core that is compiled, for other threads of the process: they need not compile it again. Can be posted to workers. */
export interface CompiledCore {
  readonly file: "core.wasm" | "core.shared.wasm";
  readonly module: WebAssembly.Module;
  readonly digest: string;
}

/** The core that runs of this process or page take. */
export async function compiledCore(): Promise<CompiledCore> {
  const file = canShareMemory() ? "core.shared.wasm" : "core.wasm";
  return { file, module: await shippedModule(file), digest: await coreDigest() };
}

/** Takes a core that another thread of the process has compiled. */
export function adoptCore(core: CompiledCore): void {
  compiled.set(core.file, Promise.resolve(core.module));
  digest = Promise.resolve(core.digest);
}

async function readShipped(file: string): Promise<BufferSource> {
  const url =
    file === "core.wasm" ? new URL("./core.wasm", import.meta.url) : new URL("./core.shared.wasm", import.meta.url);
  if (url.protocol === "file:") {
    const { readFile } = await import("node:fs/promises");
    return readFile(url);
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`cannot load ${url.href}: ${response.status} ${response.statusText}`);
  return response.arrayBuffer();
}

/** Tells cores apart: one cannot go on from the memory of another. 16 hex digits. */
export async function coreDigest(): Promise<string> {
  digest ??= readShipped("core.wasm").then((bytes) => sha256Hex(new Uint8Array(bytes as ArrayBuffer)).slice(0, 16));
  return digest;
}

let digest: Promise<string> | undefined;

/** True where memory can be shared with workers: in Node, and in pages that are cross-origin isolated. */
export function canShareMemory(): boolean {
  return typeof SharedArrayBuffer === "function" && globalThis.crossOriginIsolated !== false;
}

/**
 * A fresh core.
 * @param shared with a memory that more threads can join
 * @param bytes the least size of its memory
 * @param policy what decides where routing is custom
 * @throws PolicyError where it cannot be loaded
 */
export async function instantiateCore(shared: boolean, bytes = PAGE_BYTES, policy?: CorePolicy): Promise<CoreInstance> {
  const module =
    policy?.kind === "compiled"
      ? await variantModule(shared ? policy.shared : policy.single)
      : await shippedModule(shared ? "core.shared.wasm" : "core.wasm");
  const functions = policy && (await loadPolicy(policy));
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES), maximum: MOST_PAGES, shared });
  const host = functions && new PolicyHost(memory, ...functions);
  const instance = await WebAssembly.instantiate(module, coreImports(memory, host));
  const exports = instance.exports as unknown as CoreExports;
  exports._initialize();
  return {
    exports,
    memory: new CoreMemory(memory),
    module,
    header: exports.header(),
    control: exports.controlAddress(),
    ...(host && { host }),
  };
}
