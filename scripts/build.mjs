// Puts what tsc does not emit beside its output, and makes its declarations readable for older
// compilers: the compiled core, what workers load, and the scenario schema.
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";

for (const file of [
  "core.wasm",
  "core.shared.wasm",
  "core.lean.wasm",
  "core.lean.shared.wasm",
  "worker.js",
  "imports.js",
  "imports.d.ts",
  "policy-host.js",
  "policy-host.d.ts",
])
  copyFileSync(`src/engine/core/${file}`, `dist/engine/core/${file}`);
copyFileSync("src/study/batch/bootstrap.cjs", "dist/study/batch/bootstrap.cjs");
copyFileSync("src/study/flow-files/parquet-worker.js", "dist/study/flow-files/parquet-worker.js");
const { scenarioJsonSchema } = await import("../dist/index.js");
writeFileSync("dist/scenario.schema.json", `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);

/**
 * Which buffer an array lies in is part of its type since TypeScript 5.7; before that the types
 * have no parameter.
 */
const BUFFER = /\b((?:Big)?(?:Uint|Int|Float)\d+(?:Clamped)?Array|Buffer|DataView)<ArrayBuffer(?:Like)?>/g;
for (const name of readdirSync("dist", { recursive: true })) {
  if (!name.endsWith(".d.ts")) continue;
  const text = readFileSync(`dist/${name}`, "utf8");
  const readable = text.replaceAll(BUFFER, "$1");
  if (readable !== text) writeFileSync(`dist/${name}`, readable);
}
