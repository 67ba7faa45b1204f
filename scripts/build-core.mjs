/**
 * Compiles assembly/ four times: for a memory of its own (core.wasm), for a memory that threads
 * share (core.shared.wasm), and both as the lean core (core.lean.*, see
 * assembly/memory/features.ts). Writes what TypeScript must know of it, as the compiler sees it:
 * records, enumerations and constants to src/engine/core/layout.ts, limits to src/plan/limits.ts.
 *
 * `--debug` compiles the debug core alone (core.debug*.wasm, see assembly/memory/debug.ts), which
 * only tests run. `--check` fails if one of these files would change. `--names` keeps function
 * names, for profiles.
 */
import { readFileSync, writeFileSync } from "node:fs";
import asc from "assemblyscript/asc";
import { EmitBoundary } from "./boundary.mjs";

async function compile(target, transforms) {
  const names = process.argv.includes("--names") ? ["--debug"] : [];
  const { error, stderr } = await asc.main(["--target", target, ...names], { transforms });
  if (error) {
    process.stderr.write(`${stderr.toString()}${error.message}\n`);
    process.exit(1);
  }
}

if (process.argv.includes("--debug")) {
  await compile("debugSingle", []);
  await compile("debugShared", []);
  process.exit();
}
await compile("single", [EmitBoundary]);
await compile("shared", []);
await compile("leanSingle", []);
await compile("leanShared", []);
for (const [path, text] of EmitBoundary.files) {
  if (textOf(path) === text) continue;
  if (process.argv.includes("--check")) {
    process.stderr.write(`${path} is not what assembly/ says; run npm run build:core\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(path, text);
  }
}

function textOf(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
