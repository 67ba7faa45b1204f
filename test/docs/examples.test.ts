/**
 * Every example prints what its expected.txt says. `HEDDLE_WRITE_DOCS=1` writes it instead; with
 * `HEDDLE_SLOW=1` those are run, too, that take more than a few seconds.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { filesOf } from "../tidy/modules.js";
import { commandsOf, Shell, stable, textOf } from "./console.js";

const WRITES = process.env.HEDDLE_WRITE_DOCS === "1";
const SLOW = new Set([
  ...["allreduce-32k", "allreduce-1gib-32k-pinned", "gpt-3-175b-64", "gpt-3-175b-1k"],
  ...["llama-3-405b-16k", "llama-3-70b-64", "routing-sweep"],
]);
/** A run of ten minutes of CPU time: docs/PERFORMANCE.md has its figures. */
const UNRECORDED = "allreduce-1gib-32k";
const at = (path: string) => new URL(`../../examples/${path}`, import.meta.url);
const NAMES = [...new Set(filesOf("examples").map((path) => path.split("/")[1]!))].filter((name) =>
  ["scenario.yaml", "sweep.yaml"].some((file) => existsSync(at(`${name}/${file}`))),
);

/** The first command of its page. */
function commandOf(name: string): string {
  return /^npx heddle .*$/m.exec(readFileSync(at(`${name}/README.md`), "utf8"))![0];
}

describe("examples", () => {
  it("have a page and an expected output each, and editors find their schema", () => {
    const lacking = NAMES.filter((name) => name !== UNRECORDED).filter(
      (name) => !existsSync(at(`${name}/README.md`)) || !existsSync(at(`${name}/expected.txt`)),
    );
    expect(lacking).toEqual([]);
    const scenarios = NAMES.filter((name) => existsSync(at(`${name}/scenario.yaml`)));
    const lost = scenarios.filter((name) => {
      const [first] = readFileSync(at(`${name}/scenario.yaml`), "utf8").split("\n");
      return first !== "# yaml-language-server: $schema=../../dist/scenario.schema.json";
    });
    expect(lost).toEqual([]);
  });

  const run = NAMES.filter((name) => name !== UNRECORDED && (process.env.HEDDLE_SLOW === "1" || !SLOW.has(name)));
  it.concurrent.each(run)("print what they did: %s", { timeout: 1_800_000 }, async (name) => {
    const shell = new Shell();
    try {
      const command = commandOf(name);
      const output = await shell.run(`${command} --quiet`);
      const file = at(`${name}/expected.txt`);
      const [shown] = existsSync(file) ? commandsOf(readFileSync(file, "utf8")) : [];
      const isSame = shown?.command === command && stable(shown.output) === stable(output);
      // What differs in speed alone stays as it was.
      if (WRITES) return isSame ? undefined : writeFileSync(file, textOf([{ command, output }]));
      expect(shown!.command).toBe(command);
      expect(stable(shown!.output)).toBe(stable(output));
    } finally {
      shell.remove();
    }
  });
});
