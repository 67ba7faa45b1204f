/**
 * Console blocks: commands that a page shows, each with the output that it has.
 *
 *     $ npx heddle run hello | grep JCT
 *       JCT               691.98 us
 *
 * A page's commands run in one folder, in their order, so that one may read what another wrote. A
 * block "```yaml my.yaml" is a file of that folder.
 */
import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** A command of a page, with its output: all lines up to the next command. */
export interface Shown {
  readonly command: string;
  readonly output: string;
}

/** The commands of the text of a console block. A command may go on after a backslash. */
export function commandsOf(block: string): Shown[] {
  const parts = block.split(/^\$ /m).slice(1);
  return parts.map((part) => {
    const [command] = /^(?:.*\\\n)*.*/.exec(part)!;
    return { command, output: part.slice(command.length + 1).trimEnd() };
  });
}

/** The text of a console block with these commands and outputs. */
export function textOf(shown: readonly Shown[]): string {
  return shown.map(({ command, output }) => `$ ${command}\n${output === "" ? "" : `${output}\n`}`).join("\n");
}

/**
 * What does not depend on the machine and its load. Of the last lines of a run, which say how fast
 * it was, the digest stays.
 */
export function stable(output: string): string {
  return output
    .replace(/^[\d.]+ (?:[kMG] )?packet-hops in [\s\S]*?(?=^digest)/gm, "… packet-hops in …\n")
    .replace(/ calls of [\d.]+ ns, [\d.]+ % of the run$/gm, " calls")
    .replace(/[ \t]+$/gm, "")
    .trimEnd();
}

/** A folder to run commands in, where `npx heddle` is the built program. */
export class Shell {
  readonly #root = mkdtempSync(join(tmpdir(), "heddle-docs-"));
  readonly #folder = join(this.#root, "work");

  constructor() {
    const bin = join(this.#root, "bin");
    mkdirSync(bin);
    mkdirSync(this.#folder);
    const npx = join(bin, "npx");
    writeFileSync(npx, `#!/bin/sh\nshift\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
    chmodSync(npx, 0o755);
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.#folder, name), text);
  }

  /** What a command prints on standard output, whatever its exit code is. */
  async run(command: string): Promise<string> {
    const env = {
      ...process.env,
      PATH: `${join(this.#root, "bin")}:${process.env.PATH}`,
      LC_ALL: "C.UTF-8",
      COLUMNS: "80",
    };
    const options = { cwd: this.#folder, env, maxBuffer: 1 << 26 };
    const { stdout } = await promisify(execFile)("bash", ["-c", command], options).catch(
      (fault: { stdout?: string; code?: unknown }) => {
        if (typeof fault.code !== "number") throw fault;
        return { stdout: fault.stdout ?? "" };
      },
    );
    return stdout.trimEnd();
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}
