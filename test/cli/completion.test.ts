import { execFileSync } from "node:child_process";
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

  it("refuses other shells", () => {
    const { code, stderr } = heddle(["completion", "tcsh"]);
    expect(code).toBe(2);
    expect(stderr).toContain("bash, zsh, fish");
  });
});
