import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { around, benchDocument } from "./documents.js";

const COMPARE = fileURLToPath(new URL("../../bench/compare.mjs", import.meta.url));
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "heddle-bench-"));
  const write = (name: string, document: unknown) => writeFileSync(join(directory, name), JSON.stringify(document));
  const tree = { nsPerHop: around(40) };
  write("a.json", benchDocument({ ring: { nsPerHop: around(100) }, tree, old: tree }));
  write("slow.json", benchDocument({ ring: { nsPerHop: around(120) }, tree: { ...tree, digest: "ff" } }));
  write("few.json", benchDocument({ ring: { nsPerHop: [100, 100, 100] } }));
  write("other.json", { schema: "heddle.result/1" });
});

afterAll(() => rmSync(directory, { recursive: true }));

function compare(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMPARE, ...args], {
    cwd: directory,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

describe("bench:compare", () => {
  it("prints a line for each scenario, and shouts when behaviour changed", () => {
    const { status, stdout } = compare("a.json", "slow.json");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ring +100\.0 +120\.0 +1\.200 .* slower$/m);
    expect(stdout).toMatch(/^tree +40\.0 +40\.0 +1\.000 .* undecided +BEHAVIOUR CHANGED$/m);
    expect(stdout).toMatch(/^only in A: old$/m);
    expect(stdout).toMatch(/^BEHAVIOUR CHANGED in 1 of 2 scenarios: tree$/m);
  });

  it("exits with 1 above the limit", () => {
    const failed = compare("a.json", "slow.json", "--fail-above", "1.10");
    expect(failed.status).toBe(1);
    expect(failed.stderr).toContain("slower than 1.1: ring");
    expect(compare("a.json", "slow.json", "--fail-above", "1.25").status).toBe(0);
    expect(compare("slow.json", "a.json", "--fail-above", "1.10").status).toBe(0);
  });

  it("prints one document with --json", () => {
    const { stdout } = compare("a.json", "slow.json", "--json", "--fail-above", "1.10");
    const { schema, scenarios, onlyInA, failed } = JSON.parse(stdout);
    expect(schema).toBe("heddle.bench-comparison/1");
    expect(scenarios.map(({ name }: { name: string }) => name)).toEqual(["ring", "tree"]);
    expect([onlyInA, failed]).toEqual([["old"], ["ring"]]);
  });

  it("warns of intervals of few runs", () => {
    expect(compare("a.json", "few.json").stdout).toContain("note: an interval of 3 runs");
    expect(compare("a.json", "slow.json").stdout).not.toContain("note:");
  });

  it("exits with 2 where there is nothing to compare", () => {
    expect(compare("a.json", "other.json")).toMatchObject({
      status: 2,
      stderr: "error: other.json is not a document of schema heddle.bench/1\n",
    });
    expect(compare("a.json", "missing.json").status).toBe(2);
  });
});
