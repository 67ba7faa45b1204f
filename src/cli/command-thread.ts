/** The command's thread, as the thread sees it that takes signals. */
import { Worker } from "node:worker_threads";
import { ExitCode } from "./support/exit-codes.js";
import { type CommandData, type FromCommand, type StreamName, type ToCommand, UNSETTLED } from "./support/messages.js";
import { traitsOf } from "./support/terminal.js";

/** A command that has not begun to wind up by then is ended. */
const GRACE_MS = 300;
/** Processor time that a command must have had by then, where others keep the machine busy. */
const GRACE_CPU_MS = 150;
/** However little processor time it had. */
const LONGEST_GRACE_MS = 5000;
const LOOK_EVERY_MS = 50;
/** A command makes much that it soon drops: with the usual 16 MiB it would collect all the time. */
const YOUNG_GENERATION_MB = 64;

const WITHOUT_ANSWER =
  "the command ended without an answer: it waited for what does not come, e.g. a module whose top-level await never settles";
const EXITED = "a module that the command loaded, e.g. a routing policy,";

export class CommandThread {
  /** The exit code, once the command has ended. */
  readonly ended: Promise<ExitCode>;
  readonly #worker: Worker;
  #heeds = false;
  #interrupted = false;
  #windsUp = false;
  #done = false;
  #settle: (code: ExitCode) => void = () => {};

  constructor(args: readonly string[], url: URL) {
    const workerData: CommandData = { args, stdout: traitsOf("stdout"), stderr: traitsOf("stderr") };
    this.#worker = new Worker(url, {
      workerData,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    this.ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#worker.on("message", (message: FromCommand) => this.#take(message));
    this.#worker.on("error", (error) => this.#fail(describe(error)));
    this.#worker.on("exit", (code) => this.#endedAlone(code));
    for (const stream of ["stdout", "stderr"] as const) this.#tellColumns(stream);
  }

  /** The first interrupt asks a command that heeds it to stop; any other ends the process. */
  interrupt(): void {
    if (this.#interrupted || !this.#heeds) this.#end();
    this.#interrupted = true;
    this.#post({ kind: "interrupt" });
    const [sinceMs, before] = [performance.now(), process.cpuUsage()];
    const timer = setInterval(() => {
      if (this.#windsUp || this.#done) return clearInterval(timer);
      const waitedMs = performance.now() - sinceMs;
      const { user, system } = process.cpuUsage(before);
      const hadItsTurn = (user + system) / 1000 >= GRACE_CPU_MS;
      if (waitedMs >= LONGEST_GRACE_MS || (waitedMs >= GRACE_MS && hadItsTurn)) this.#end();
    }, LOOK_EVERY_MS);
  }

  /** Threads are ended with the process, wherever they are. */
  #end(): never {
    process.stderr.write("heddle: interrupted\n");
    process.exit(ExitCode.Interrupted);
  }

  #take(message: FromCommand): void {
    switch (message.kind) {
      case "write":
        process[message.stream].write(message.text);
        break;
      case "heeding":
        this.#heeds = message.heeds;
        break;
      case "winding-up":
        this.#windsUp = true;
        break;
      case "stdin":
        if (message.wanted) this.#readInput();
        else process.stdin.destroy();
        break;
      case "done":
        this.#done = true;
        process.stdin.destroy();
        void this.#worker.terminate();
        this.#settle(message.code);
    }
  }

  /** heddle never calls `process.exit` in the thread: where it was called, a user's module did. */
  #endedAlone(code: number): void {
    if (code === UNSETTLED) this.#fail(WITHOUT_ANSWER);
    else this.#endWith(ExitCode.Input, `${EXITED} called process.exit(${code}); it must not`);
  }

  /** What the command did not expect: it has no exit code of its own. */
  #fail(message: string): void {
    this.#endWith(ExitCode.Internal, `internal error: ${message}`);
  }

  #endWith(code: ExitCode, message: string): void {
    if (this.#done) return;
    this.#done = true;
    process.stdin.destroy();
    process.stderr.write(`heddle: ${message}\n`);
    this.#settle(code);
  }

  #post(message: ToCommand): void {
    this.#worker.postMessage(message);
  }

  #readInput(): void {
    const { stdin } = process;
    stdin.on("data", (chunk: Buffer) => this.#post({ kind: "stdin", chunk: new Uint8Array(chunk) }));
    stdin.on("end", () => this.#post({ kind: "stdin", chunk: null }));
    stdin.on("error", ({ message }) => this.#post({ kind: "stdin", chunk: null, error: message }));
  }

  #tellColumns(stream: StreamName): void {
    if (!process[stream].isTTY) return;
    process[stream].on("resize", () => this.#post({ kind: "columns", stream, columns: traitsOf(stream).columns }));
  }
}

function describe(error: unknown): string {
  const { code, message, stack } = error as { code?: string; message?: string; stack?: string };
  if (code === "ERR_WORKER_OUT_OF_MEMORY") {
    return "the command ran out of memory outside of the simulation; NODE_OPTIONS=--max-old-space-size=MB gives it more";
  }
  return stack ?? message ?? String(error);
}
