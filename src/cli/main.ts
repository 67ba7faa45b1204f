#!/usr/bin/env node
/** The `heddle` program: the one place that touches the process. */
import { availableParallelism, freemem } from "node:os";
import type { WriteStream } from "node:tty";
import { fileURLToPath } from "node:url";
import { VERSION } from "../version.js";
import type { Environment, Output } from "./environment.js";
import { ExitCode } from "./exit-codes.js";
import { fileErrorReason } from "./failures.js";
import { loadLibrary } from "./library.js";
import { runCommandLine } from "./program.js";
import { presenter } from "./terminal-text.js";

function outputOf(stream: WriteStream): Output {
  const shown = presenter(stream, process.env);
  return {
    write: (text, kind) => {
      stream.write(shown(text, kind));
    },
    isTerminal: stream.isTTY === true,
    get columns() {
      return stream.columns ?? 80;
    },
    hasColor: stream.isTTY === true && stream.hasColors(),
  };
}

/** A reader that has seen enough, like `head`, is not an error; a disk that is full is one of the user's. */
function endWhenClosed(stream: WriteStream, name: string): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    if (stream !== process.stderr) {
      process.stderr.write(`heddle: cannot write ${name}: ${fileErrorReason(error)}\n`);
    }
    process.exit(ExitCode.Input);
  });
}

/** What is free on the machine, and no more than a container's limit leaves. */
function memoryLimitBytes(): number {
  const constrained = process.constrainedMemory() ?? 0;
  const left = constrained > 0 ? constrained - process.memoryUsage.rss() : Number.POSITIVE_INFINITY;
  return Math.max(0, Math.min(freemem(), left));
}

/** The first interrupt asks the run to stop, the second ends the process. */
function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(ExitCode.Interrupted);
    controller.abort();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return controller.signal;
}

const env: Environment = {
  stdout: outputOf(process.stdout),
  stderr: outputOf(process.stderr),
  get stdin() {
    return process.stdin;
  },
  version: VERSION,
  cores: availableParallelism(),
  examplesUrl: new URL("../../examples/", import.meta.url),
  get memoryLimitBytes() {
    return memoryLimitBytes();
  },
  variables: process.env,
  program: [process.execPath, fileURLToPath(import.meta.url)],
  interruptSignal,
  setExitCode: (code) => {
    process.exitCode = code;
  },
  library: loadLibrary,
};

endWhenClosed(process.stdout, "standard output");
endWhenClosed(process.stderr, "standard error");
await runCommandLine(process.argv.slice(2), env);
