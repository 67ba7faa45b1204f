/**
 * Instances of the compiled core. Each run has a memory of its own: dropping it frees everything.
 */

import { sha256Hex } from "../../util/sha256.js";
import type { CorePolicy } from "./core-policy.js";
import { loadPolicy } from "./core-policy.js";
import { coreImports } from "./imports.js";
import { CoreMemory } from "./memory.js";
import { type CoreFile, readShipped } from "./platform.js";
import { PolicyHost } from "./policy-host.js";

/** What `assembly/index.ts` exports. */
interface CoreExports {
  _initialize(): void;
  header(): number;
  controlAddress(): number;
  layOut(): void;
  begin(): void;
  advance(hops: number, untilPs: number): number;
  addThread(): number;
  attach(number: number): void;
  dismissOthers(): void;
  setRouting(policy: number, quantumShift: number, stateWords: number, policyIdentity: number, tickBytes: number): void;
  setFlowlets(gapPs: number, entries: number): void;
  fillDepths(): void;
  recordAfter(record: number): number;
  regrid(endPs: number): number;
  settle(): void;
  refresh(): void;
  chunkSteps(): number;
  imagesOf(copies: number): number;
  countResends(): void;
  watchDeliveries(chunks: number): number;
  watchFor(mode: number, items: number, slices: number, limit: number, threads: number): number;
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
const MAX_PAGES = 65536;

const compiled = new Map<string, Promise<WebAssembly.Module>>();

function fileOf(lean: boolean, shared: boolean): CoreFile {
  if (lean) return shared ? "core.lean.shared.wasm" : "core.lean.wasm";
  return shared ? "core.shared.wasm" : "core.wasm";
}

/** Compiles a core that is shipped, once per process or page. */
function shippedModule(file: CoreFile): Promise<WebAssembly.Module> {
  let module = compiled.get(file);
  if (module === undefined) {
    module = readShipped(file).then((bytes) => WebAssembly.compile(bytes));
    compiled.set(file, module);
  }
  return module;
}

const variants = new WeakMap<Uint8Array, Promise<WebAssembly.Module>>();

/**
 * Compiles a core with a policy in it, once for these bytes: what V8 learns of it serves all runs.
 */
function variantModule(bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  const module = variants.get(bytes) ?? WebAssembly.compile(bytes);
  variants.set(bytes, module);
  return module;
}

/**
 * The cores, compiled, for other threads of the process: they need not compile them again. Can be
 * posted to workers.
 */
export interface CompiledCore {
  readonly modules: readonly { readonly file: CoreFile; readonly module: WebAssembly.Module }[];
  readonly digest: string;
}

/** The cores that runs of this process or page take. */
export async function compiledCore(): Promise<CompiledCore> {
  const files = [true, false].map((lean) => fileOf(lean, canShareMemory()));
  const modules = await Promise.all(files.map(async (file) => ({ file, module: await shippedModule(file) })));
  return { modules, digest: await coreDigest() };
}

/** Takes what another thread of the process has compiled. */
export function adoptCore(core: CompiledCore): void {
  for (const { file, module } of core.modules) compiled.set(file, Promise.resolve(module));
  digest = Promise.resolve(core.digest);
}

/** Tells cores apart: one cannot go on from the memory of another. 16 hex digits. */
export async function coreDigest(): Promise<string> {
  digest ??= digestOf(["core.wasm", "core.lean.wasm"]);
  return digest;
}

async function digestOf(files: readonly CoreFile[]): Promise<string> {
  const parts = await Promise.all(files.map(readShipped));
  const all = new Uint8Array(await new Blob(parts).arrayBuffer());
  // Pages that were not loaded over a secure connection have no `subtle`.
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) return sha256Hex(all).slice(0, 16);
  const hash = new DataView(await subtle.digest("SHA-256", all));
  return [0, 4].map((at) => hash.getUint32(at).toString(16).padStart(8, "0")).join("");
}

let digest: Promise<string> | undefined;

/**
 * True where memory can be shared with workers: in Node, and in pages that are cross-origin
 * isolated.
 */
export function canShareMemory(): boolean {
  return typeof SharedArrayBuffer === "function" && globalThis.crossOriginIsolated !== false;
}

/** What a core is to be. */
export interface CoreKind {
  /** For runs that do without what the lean core leaves out. */
  readonly lean: boolean;
  /** With a memory that more threads can join. */
  readonly shared: boolean;
  /** The least size of its memory. */
  readonly bytes?: number;
  /** What decides where routing is custom. */
  readonly policy?: CorePolicy | undefined;
}

/**
 * A fresh core.
 * @throws PolicyError where its policy cannot be loaded
 */
export async function instantiateCore({ lean, shared, bytes = PAGE_BYTES, policy }: CoreKind): Promise<CoreInstance> {
  const module =
    policy?.kind === "compiled"
      ? await variantModule(shared ? policy.shared : policy.single)
      : await shippedModule(fileOf(lean, shared));
  const functions = policy && (await loadPolicy(policy));
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES), maximum: MAX_PAGES, shared });
  const host = functions && new PolicyHost(memory, ...functions);
  return coreOf(await WebAssembly.instantiate(module, coreImports(memory, host)), module, memory, host);
}

/**
 * A fresh instance on the memory of another one, whose variables are as they were at first. The
 * other one is not to be used any more. For runs without a custom policy.
 */
export function reinstantiate({ module, memory: { memory } }: CoreInstance): CoreInstance {
  return coreOf(new WebAssembly.Instance(module, coreImports(memory)), module, memory);
}

function coreOf(
  instance: WebAssembly.Instance,
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  host?: PolicyHost,
): CoreInstance {
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
