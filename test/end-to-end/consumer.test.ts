import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const TSC = join(ROOT, "node_modules/typescript/bin/tsc");

const folder = mkdtempSync(join(tmpdir(), "heddle-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const OPTIONS = {
  target: "es2022",
  module: "nodenext",
  moduleResolution: "nodenext",
  lib: ["es2023", "dom"],
  types: [],
  strict: true,
  skipLibCheck: false,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  noEmit: true,
};

const PROGRAM = `
import { formatResult, parseScenario, type ScenarioDocument, simulate, Simulation } from "heddle";
import { RunPool, runBatch } from "heddle/batch";

const topology = { kind: "leaf-spine", gpus: 16 };
const document: ScenarioDocument = { topology, workload: { kind: "collective", size: "1MiB" } };
const text: string = formatResult(await simulate(document, { onProgress: ({ shareDone }) => void shareDone }));
const pool: RunPool = await RunPool.start({ workers: 1 });
await runBatch(pool, [], { memoryLimitBytes: 1e9, onEnd() {} });
const simulation = await Simulation.start(parseScenario(JSON.parse(text) as unknown).scenario);
// @ts-expect-error: GPUs are counted
await simulate({ topology: { kind: "leaf-spine", gpus: "many" }, workload: { kind: "collective" } });
// @ts-expect-error: there is nothing to do
await simulate({ topology });
// @ts-expect-error: what is not known goes through parseScenario
await simulate(JSON.parse(text) as unknown);
export { simulation };
`;

test("strict programs compile against the declarations, and know what a scenario is", () => {
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(ROOT, join(folder, "node_modules/heddle"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "main.ts"), PROGRAM);
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: OPTIONS, files: ["main.ts"] }));
  const { status, stdout } = spawnSync(process.execPath, [TSC, "-p", folder], { encoding: "utf8" });
  expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
});

test("declarations hold no types with parameters that TypeScript before 5.7 does not know", () => {
  const names = readdirSync(join(ROOT, "dist"), { recursive: true, encoding: "utf8" });
  const newer = names.filter(
    (name) =>
      name.endsWith(".d.ts") &&
      /\b(\w+\d+\w*Array|Buffer|DataView)</.test(readFileSync(join(ROOT, "dist", name), "utf8")),
  );
  expect(newer).toEqual([]);
});

test("the package holds the program, the bundle's parts, and what workers load", () => {
  const { stdout } = spawnSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: ROOT,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  const [{ files }] = JSON.parse(stdout) as [{ files: readonly { path: string }[] }];
  const packed = new Set(files.map(({ path }) => path));
  const needed = [
    "dist/cli/main.js",
    "dist/cli/thread.cjs",
    "dist/study/batch/bootstrap.cjs",
    "dist/study/batch/worker.js",
  ];
  for (const path of [...needed, "dist/engine/core/worker.js", "dist/engine/core/core.wasm", "dist/index.d.ts"]) {
    expect(packed.has(path), path).toBe(true);
  }
  for (const name of readdirSync(join(ROOT, "dist/cli"))) expect(packed.has(`dist/cli/${name}`), name).toBe(true);
});
