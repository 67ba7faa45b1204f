/**
 * Every example that is a program prints what its expected.txt says. They import the built package
 * by its name. `HEDDLE_WRITE_DOCS=1` writes the files instead.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { filesOf } from "../tidy/modules.js";
import { commandsOf, textOf } from "./console.js";

const folderOf = (name: string) => fileURLToPath(new URL(`../../examples/${name}/`, import.meta.url));
const NAMES = [...new Set(filesOf("examples").map((path) => path.split("/")[1]!))].filter((name) =>
  existsSync(`${folderOf(name)}main.mjs`),
);

describe("examples in code", () => {
  it.each(NAMES)("print what they did: %s", { timeout: 120_000 }, (name) => {
    const cwd = folderOf(name);
    expect(existsSync(`${cwd}README.md`)).toBe(true);
    const { status, stdout, stderr } = spawnSync(process.execPath, ["main.mjs"], { cwd, encoding: "utf8" });
    expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
    const output = stdout.trimEnd();
    if (process.env.HEDDLE_WRITE_DOCS === "1") {
      writeFileSync(`${cwd}expected.txt`, textOf([{ command: "node main.mjs", output }]));
      return;
    }
    const [shown] = commandsOf(readFileSync(`${cwd}expected.txt`, "utf8"));
    expect(shown).toEqual({ command: "node main.mjs", output });
  });
});
