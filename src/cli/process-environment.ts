/** The environment of commands in a process: what does not depend on the thread. */
import { availableParallelism, freemem } from "node:os";
import { fileURLToPath } from "node:url";
import { VERSION } from "../util/version.js";
import type { Environment } from "./support/environment.js";
import { loadLibrary } from "./support/library.js";
import { presented } from "./support/presented.js";

export type Channels = Pick<Environment, "stdout" | "stderr" | "stdin" | "setExitCode" | "heedInterrupts">;

export function environmentOf({ stdout, stderr, ...channels }: Channels): Environment {
  return {
    ...channels,
    stdout: presented(stdout, process.env),
    stderr: presented(stderr, process.env),
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

/** What is free on the machine, and no more than a container's limit leaves. */
function memoryLimitBytes(): number {
  const constrained = process.constrainedMemory() ?? 0;
  const left = constrained > 0 ? constrained - process.memoryUsage.rss() : Number.POSITIVE_INFINITY;
  return Math.max(0, Math.min(freemem(), left));
}
