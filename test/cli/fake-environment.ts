import { pathToFileURL } from "node:url";
import { runCommandLine } from "../../src/cli/program.js";
import type { Environment, Output } from "../../src/cli/support/environment.js";
import { type Library, loadLibrary } from "../../src/cli/support/library.js";

export interface FakeOptions {
  readonly stdin?: string | Uint8Array;
  readonly isTerminal?: boolean;
  readonly examples?: string;
  readonly library?: Partial<Library>;
  readonly signal?: AbortSignal;
}

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** Runs a command line in an environment made up for it. */
export async function heddle(args: readonly string[], options: FakeOptions = {}): Promise<Ran> {
  const texts = { stdout: "", stderr: "" };
  let code = 0;
  const output = (name: "stdout" | "stderr"): Output => ({
    write: (text) => {
      texts[name] += text;
    },
    isTerminal: options.isTerminal ?? false,
    columns: 80,
    hasColor: false,
  });
  const env: Environment = {
    stdout: output("stdout"),
    stderr: output("stderr"),
    stdin: chunks(options.stdin ?? ""),
    version: "1.2.3",
    cores: 2,
    examplesUrl: pathToFileURL(`${options.examples ?? "/nonexistent"}/`),
    memoryLimitBytes: 2 ** 34,
    usedMemoryBytes: 100 * 2 ** 20,
    variables: {},
    program: ["/usr/bin/node", "/opt/heddle/main.js"],
    heedInterrupts: (work) => work({ signal: options.signal ?? new AbortController().signal, windUp() {} }),
    setExitCode: (value) => {
      code = value;
    },
    library: async () => (options.library ?? (await loadLibrary())) as Library,
  };
  await runCommandLine(args, env);
  return { ...texts, code };
}

async function* chunks(text: string | Uint8Array): AsyncGenerator<Uint8Array> {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}
