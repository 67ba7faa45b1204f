/** The environment of commands in a process: what does not depend on the thread. */
import { availableParallelism, freemem } from "node:os";
import { fileURLToPath } from "node:url";
import { VERSION } from "../util/version.js";
import type { Environment, Output } from "./support/environment.js";
import { loadLibrary } from "./support/library.js";
import { withoutRawControls } from "./support/terminal.js";
import { presenter } from "./support/terminal-text.js";

export type Channels = Pick<Environment, "stdout" | "stderr" | "stdin" | "setExitCode" | "heedInterrupts">;

export function environmentOf({ stdout, stderr, ...channels }: Channels): Environment {
  return {
    ...channels,
    stdout: presented(stdout),
    stderr: presented(stderr),
    version: VERSION,
    cores: availableParallelism(),
    examplesUrl: new URL("../../examples/", import.meta.url),
    get memoryLimitBytes() {
      return memoryLimitBytes();
    },
    get usedMemoryBytes() {
      return process.memoryUsage.rss();
    },
    variables: process.env,
    program: [process.execPath, fileURLToPath(new URL("./main.js", import.meta.url))],
    library: loadLibrary,
  };
}

/**
 * Text as the stream can show it; on a terminal nothing but the program itself moves the cursor.
 */
function presented(output: Output): Output {
  const shown = presenter(output, process.env);
  return {
    write: (text, kind) => output.write(shown(output.isTerminal ? withoutRawControls(text) : text, kind)),
    isTerminal: output.isTerminal,
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
