/** Instances of the compiled core. Each run has its own: nothing is shared, and dropping it frees everything. */
import { CoreMemory } from "./memory.js";

/** What `assembly/index.ts` exports. */
interface CoreExports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  header(): number;
  plan(): void;
  begin(): void;
  advance(hops: number): number;
  recordAfter(record: number): number;
}

export interface CoreInstance {
  readonly exports: CoreExports;
  readonly memory: CoreMemory;
  /** Address of the `Run` record. */
  readonly header: number;
}

let compiled: Promise<WebAssembly.Module> | undefined;

/** Compiles the core that is shipped beside this file, once per process or page. */
function shippedModule(): Promise<WebAssembly.Module> {
  compiled ??= readShipped().then((bytes) => WebAssembly.compile(bytes));
  return compiled;
}

async function readShipped(): Promise<BufferSource> {
  const url = new URL("./core.wasm", import.meta.url);
  if (url.protocol === "file:") {
    const { readFile } = await import("node:fs/promises");
    return readFile(url);
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`cannot load ${url.href}: ${response.status} ${response.statusText}`);
  return response.arrayBuffer();
}

/** A fresh core. `module` replaces the shipped build, e.g. by the debug build. */
export async function instantiateCore(module?: WebAssembly.Module): Promise<CoreInstance> {
  const instance = await WebAssembly.instantiate(module ?? (await shippedModule()), {
    env: {
      abort: (_message: number, _file: number, line: number, column: number) => {
        throw new WebAssembly.RuntimeError(`assertion failed at ${line}:${column}`);
      },
    },
  });
  const exports = instance.exports as unknown as CoreExports;
  exports._initialize();
  return { exports, memory: new CoreMemory(exports.memory), header: exports.header() };
}
