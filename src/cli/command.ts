/**
 * The command's thread: what it does may take as long as it likes, since another thread takes
 * signals.
 */
import { parentPort, workerData } from "node:worker_threads";
import { environmentOf } from "./process-environment.js";
import { runCommandLine } from "./program.js";
import type { HeedingWork, Output } from "./support/environment.js";
import { ExitCode } from "./support/exit-codes.js";
import { type CommandData, type FromCommand, type StreamName, type ToCommand, UNSETTLED } from "./support/messages.js";

const port = parentPort!;
const data = workerData as CommandData;
const post = (message: FromCommand) => port.postMessage(message);

const columns = { stdout: data.stdout.columns, stderr: data.stderr.columns };

function outputOf(stream: StreamName): Output {
  const { isTerminal, hasColor } = data[stream];
  return {
    write: (text) => post({ kind: "write", stream, text }),
    isTerminal,
    hasColor,
    get columns() {
      return columns[stream];
    },
  };
}

/** Standard input, which only the other thread can read without keeping this one from its end. */
async function* input(): AsyncGenerator<Uint8Array> {
  const waiting: (Uint8Array | Error | null)[] = [];
  let wake = () => {};
  onInput = ({ chunk, error }) => {
    waiting.push(error === undefined ? chunk : new Error(error));
    wake();
  };
  post({ kind: "stdin", wanted: true });
  port.ref();
  try {
    for (;;) {
      if (waiting.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const next = waiting.shift()!;
      if (next === null) return;
      if (next instanceof Error) throw next;
      yield next;
    }
  } finally {
    port.unref();
    post({ kind: "stdin", wanted: false });
  }
}

let onInput: (message: ToCommand & { kind: "stdin" }) => void = () => {};
const interrupt = new AbortController();

port.on("message", (message: ToCommand) => {
  if (message.kind === "interrupt") interrupt.abort();
  else if (message.kind === "columns") columns[message.stream] = message.columns;
  else onInput(message);
});
// This thread does not stay for messages alone.
port.unref();

async function heedInterrupts<T>(work: HeedingWork<T>): Promise<T> {
  post({ kind: "heeding", heeds: true });
  try {
    return await work({ signal: interrupt.signal, windUp: () => post({ kind: "winding-up" }) });
  } finally {
    post({ kind: "heeding", heeds: false });
  }
}

let code: ExitCode = ExitCode.Done;
const env = environmentOf({
  stdout: outputOf("stdout"),
  stderr: outputOf("stderr"),
  stdin: { [Symbol.asyncIterator]: input },
  setExitCode: (given) => {
    code = given;
  },
  heedInterrupts,
});

/** @param atEnd called when all is told but the end itself, which ends this thread */
export async function runCommandOfThread(atEnd: () => void): Promise<void> {
  // What this thread waits for may never come: then it ends by itself, and the other one says so.
  process.once("beforeExit", () => {
    process.exitCode = UNSETTLED;
  });
  await runCommandLine(data.args, env);
  atEnd();
  post({ kind: "done", code });
}
