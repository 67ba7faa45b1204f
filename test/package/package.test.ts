/** The package as npm makes and installs it. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { simulate } from "../../src/index.js";
import { SCENARIOS } from "./scenarios.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const LIMIT_BYTES = 5e6;
const folder = mkdtempSync(join(tmpdir(), "heddle-"));
const project = join(folder, "project");
let archive = "";

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command, and gives what it printed. */
function run(cwd: string, command: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  expect({ command: [command, ...args].join(" "), status, stderr }).toMatchObject({ status: 0 });
  return stdout;
}

const tool = (name: string) => join(ROOT, "node_modules/.bin", name);

beforeAll(() => {
  const said = run(ROOT, "npm", "pack", "--json", "--ignore-scripts", "--pack-destination", folder);
  const [{ filename }] = JSON.parse(said) as [{ filename: string }];
  archive = join(folder, filename);
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
  run(project, "npm", "install", archive, "--omit=optional", "--prefer-offline", "--no-audit", "--no-fund");
});

test("is smaller than 5 MB", () => {
  expect(statSync(archive).size).toBeLessThan(LIMIT_BYTES);
});

test("runs from an empty project, as a library and as a program", async () => {
  const document = SCENARIOS["adaptive paths"]!;
  writeFileSync(
    join(project, "main.js"),
    `import { simulate } from "heddle";
     const { engine } = await simulate(${JSON.stringify(document)});
     console.log(engine.digest);`,
  );
  const { engine } = await simulate(document);
  expect(run(project, process.execPath, "main.js").trim()).toBe(engine.digest);
  writeFileSync(join(project, "scenario.json"), JSON.stringify(document));
  const printed = run(project, join(project, "node_modules/.bin/heddle"), "run", "scenario.json", "--json");
  expect(JSON.parse(printed)).toMatchObject({ engine: { digest: engine.digest } });
});

test("says what bundlers ask of it, and its types resolve as its modules do", () => {
  run(ROOT, tool("publint"), "run", archive, "--strict");
  run(ROOT, tool("attw"), archive, "--profile", "esm-only");
});
