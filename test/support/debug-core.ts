/** Makes runs of this process take the debug core, which checks what must hold. */
import { readFile } from "node:fs/promises";
import { adoptCore } from "../../src/engine/core/instance.js";
import { sha256Hex } from "../../src/util/sha256.js";

let adopted: Promise<void> | undefined;

/** Before the first run of a test file. @throws where `npm run build:debug-core` was not run */
export function useDebugCore(): Promise<void> {
  adopted ??= adopt();
  return adopted;
}

/** The debug core has all mechanisms, so it stands in for the lean core, too. */
async function adopt(): Promise<void> {
  const [single, shared] = await Promise.all(["core.debug.wasm", "core.debug.shared.wasm"].map(read));
  const [alone, together] = await Promise.all([WebAssembly.compile(single!), WebAssembly.compile(shared!)]);
  adoptCore({
    modules: [
      { file: "core.wasm", module: alone },
      { file: "core.lean.wasm", module: alone },
      { file: "core.shared.wasm", module: together },
      { file: "core.lean.shared.wasm", module: together },
    ],
    digest: sha256Hex(new Uint8Array(single!)).slice(0, 16),
  });
}

async function read(file: string): Promise<Uint8Array<ArrayBuffer>> {
  const url = new URL(`../../src/engine/core/${file}`, import.meta.url);
  return new Uint8Array(await readFile(url));
}
