import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { heddle } from "../end-to-end/heddle.js";

const scriptFor = (shell: string) => heddle(["completion", shell]).stdout;

/** What bash offers for the last of the words. */
function offered(script: string, ...words: string[]): string[] {
  const program = `${script}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _heddle; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const text = execFileSync("bash", ["-c", program, "bash", ...words], { encoding: "utf8", cwd: "/" });
  return text.split("\n").filter((word) => word !== "");
}

const hasShell = (shell: string) => spawnSync(shell, ["-c", "true"]).status === 0;

/** What zsh makes of a line at the tabulator, in a terminal of its own. */
function completedInZsh(line: string, expected: string): string {
  const program = `zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1=; autoload -Uz compinit; compinit -u -D; source \${(q)1}; echo re''ady"
zpty -r shell text '*ready*'
zpty -w -n shell "$2"$'\t'
zpty -r shell text "*$3*"
print -r -- "$text"`;
  const folder = mkdtempSync(join(tmpdir(), "heddle-"));
  try {
    writeFileSync(join(folder, "script"), scriptFor("zsh"));
    const args = ["-f", "-c", program, "zsh", join(folder, "script"), line, expected];
    return execFileSync("zsh", args, { encoding: "utf8", cwd: folder, timeout: 60_000 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("heddle completion", () => {
  it("completes commands, examples, options and their values in bash", () => {
    const script = scriptFor("bash");
    expect(offered(script, "heddle", "wh")).toEqual(["what-if"]);
    expect(offered(script, "heddle", "run", "bad-")).toEqual(["bad-optic"]);
    expect(offered(script, "heddle", "run", "hello", "--expl")).toEqual(["--explain"]);
    expect(offered(script, "heddle", "sweep", "submit", "sl")).toEqual(["slurm"]);
    expect(offered(script, "heddle", "bench-routing", "hello", "--rank-by", "p99")).toEqual(["p99-fct"]);
  });

  it("writes the same for zsh, and commands with their meaning for fish", () => {
    expect(scriptFor("zsh")).toBe(`autoload -U +X bashcompinit && bashcompinit\n${scriptFor("bash")}`);
    const lines = scriptFor("fish").split("\n");
    expect(lines).toContain(
      "complete -c heddle -n '__fish_use_subcommand' -a validate -d 'check a scenario without simulating it'",
    );
    expect(lines.some((line) => line.includes("-l rank-by -r -f -a 'jct bandwidth least-bandwidth p99-fct'"))).toBe(
      true,
    );
  });

  it("offers sweeps to sweep, and to no other command", () => {
    const script = scriptFor("bash");
    expect(offered(script, "heddle", "sweep", "layout-")).toEqual(["layout-sweep"]);
    expect(offered(script, "heddle", "run", "layout-")).toEqual([]);
  });

  it.skipIf(!hasShell("zsh")).each([
    ["heddle run --expl", "--explain"],
    ["heddle run bad-", "bad-optic"],
    ["heddle sweep submit sl", "slurm"],
  ])("completes %s in zsh", (line, word) => {
    expect(completedInZsh(line, word)).toContain(word);
  });

  it.skipIf(!hasShell("fish")).each([
    ["heddle run --expl", "--explain"],
    ["heddle run bad-", "bad-optic"],
    ["heddle sweep layout-", "layout-sweep"],
  ])("completes %s in fish", (line, word) => {
    const program = `${scriptFor("fish")}\ncomplete -C '${line}'`;
    const offers = execFileSync("fish", ["--no-config", "-c", program], { encoding: "utf8", cwd: "/" });
    expect(offers.split("\n").map((offer) => offer.split("\t")[0])).toContain(word);
  });

  it("refuses other shells", () => {
    const { code, stderr } = heddle(["completion", "tcsh"]);
    expect(code).toBe(2);
    expect(stderr).toContain("bash, zsh, fish");
  });
});
