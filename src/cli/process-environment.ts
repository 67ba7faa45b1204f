/** The environment of commands in a process: what does not depend on the thread. */
import { availableParallelism, freemem } from "node:os";
import { fileURLToPath } from "node:url";
import { VERSION } from "../version.js";
import type { Environment, Output } from "./environment.js";
import { loadLibrary } from "./library.js";
import { withoutRawControls } from "./terminal.js";

export type Channels = Pick<Environment, "stdout" | "stderr" | "stdin" | "setExitCode" | "heedInterrupts">;

export function environmentOf({ stdout, stderr, ...channels }: Channels): Environment {
  return {
    ...channels,
    stdout: safe(stdout),
    stderr: safe(stderr),
    version: VERSION,
    cores: availableParallelism(),
    examplesUrl: new URL("../../examples/", import.meta.url),
    get memoryLimitBytes() {
      return memoryLimitBytes();
    },
    variables: process.env,
    program: [process.execPath, fileURLToPath(new URL("./main.js", import.meta.url))],
    library: loadLibrary,
  };
}

/** On a terminal nothing but the program itself moves the cursor. */
function safe(output: Output): Output {
  if (!output.isTerminal) return output;
  return {
    write: (text) => output.write(withoutRawControls(text)),
    isTerminal: true,
    hasColor: output.hasColor,
    get columns() {
      return output.columns;
    },
  };
}

/** What is free on the machine, and no more than a container's limit leaves. */
function memoryLimitBytes(): number {
  const constrained = process.constrainedMemory() ?? 0;
  const left = constrained > 0 ? constrained - process.memoryUsage.rss() : Number.POSITIVE_INFINITY;
  return Math.max(0, Math.min(freemem(), left));
}
