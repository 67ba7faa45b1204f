// Puts what tsc does not emit beside its output: the compiled core, what workers load, and the scenario schema.
import { copyFileSync, writeFileSync } from "node:fs";

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
  copyFileSync(`src/core/${file}`, `dist/core/${file}`);
copyFileSync("src/batch/bootstrap.cjs", "dist/batch/bootstrap.cjs");
const { scenarioJsonSchema } = await import("../dist/index.js");
writeFileSync("dist/scenario.schema.json", `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
