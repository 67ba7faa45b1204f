/** Compiled code that the program keeps between processes. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const MAIN = new URL("../../dist/cli/main.js", import.meta.url).pathname;
const home = mkdtempSync(join(tmpdir(), "heddle-kept-"));
const folder = join(home, "heddle");
afterAll(() => rmSync(home, { recursive: true, force: true }));

function parts(variables: NodeJS.ProcessEnv = {}, args = ["parts"]): string {
  const env = { ...process.env, XDG_CACHE_HOME: home, ...variables };
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: "utf8", env });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout;
}

const kept = () => readdirSync(folder).map((name) => join(folder, name));

test("a command gives the same output with code that was kept, and with none", () => {
  const without = parts({ NODE_DISABLE_COMPILE_CACHE: "1" });
  expect(() => kept()).toThrow();
  expect(parts()).toBe(without);
  const [file] = kept();
  const before = readFileSync(file!);
  expect(parts()).toBe(without);
  expect(readFileSync(file!)).toEqual(before);
});

test("code that is damaged, cut short or another version's is replaced", () => {
  const [file] = kept();
  const whole = readFileSync(file!);
  const flipped = Buffer.from(whole);
  flipped[whole.length >> 1]! ^= 1;
  for (const damaged of [flipped, whole.subarray(0, 1000), Buffer.alloc(0)]) {
    writeFileSync(file!, damaged);
    parts();
    expect(readFileSync(file!).length).toBeGreaterThan(whole.length / 2);
    expect(readFileSync(file!)).not.toEqual(damaged);
  }
});

test("each command has code of its own, and asking for help has", () => {
  parts({}, ["presets"]);
  parts({}, ["parts", "--help"]);
  expect(
    kept()
      .map((path) => /-(\w+)\.code$/.exec(path)?.[1])
      .sort(),
  ).toEqual(["help", "parts", "presets"]);
});

test("of many files the newest stay", () => {
  for (let i = 0; i < 40; i++) writeFileSync(join(folder, `other-${i}.code`), "");
  parts({}, ["examples"]);
  expect(kept()).toHaveLength(16);
  expect(kept().some((path) => path.endsWith("-examples.code"))).toBe(true);
});

test("a folder that cannot be made is no fault", () => {
  const file = join(home, "file");
  writeFileSync(file, "");
  expect(parts({ XDG_CACHE_HOME: file })).toBe(parts());
});
