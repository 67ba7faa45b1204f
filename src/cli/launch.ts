/**
 * The thread that takes signals: asks for help are answered here, commands get a thread of their
 * own.
 */

import { VERSION } from "../util/version.js";
import { ExitCode } from "./support/exit-codes.js";
import { fileErrorReason } from "./support/file-errors.js";
import { traitsOf } from "./support/terminal.js";

/** Sets what an interrupt does; the process ends where there is nothing. */
export type SetInterrupt = (listener: (() => void) | undefined) => void;

/** @param commandUrl module of the command's thread */
export async function launch(args: readonly string[], commandUrl: URL, setInterrupt: SetInterrupt): Promise<void> {
  endWhenClosed("stdout", "standard output");
  endWhenClosed("stderr", "standard error");
  if (args.length === 1 && (args[0] === "--version" || args[0] === "-V")) {
    process.stdout.write(`${VERSION}\n`);
  } else if (asksForHelp(args)) {
    process.exitCode = await answerHere(args);
  } else {
    const { CommandThread } = await import("./command-thread.js");
    const thread = new CommandThread(args, commandUrl);
    setInterrupt(() => thread.interrupt());
    process.exitCode = await thread.ended;
    setInterrupt(undefined);
  }
}

function asksForHelp(args: readonly string[]): boolean {
  return args.length === 0 || args[0] === "help" || args.includes("--help") || args.includes("-h");
}

async function answerHere(args: readonly string[]): Promise<ExitCode> {
  const [{ runCommandLine }, { environmentOf }] = await Promise.all([
    import("./program.js"),
    import("./process-environment.js"),
  ]);
  let code: ExitCode = ExitCode.Done;
  const { stdout, stderr } = process;
  const env = environmentOf({
    stdout: { write: (text) => void stdout.write(text), ...traitsOf("stdout") },
    stderr: { write: (text) => void stderr.write(text), ...traitsOf("stderr") },
    stdin: process.stdin,
    setExitCode: (given) => {
      code = given;
    },
    // Nothing here takes long: an interrupt ends the process.
    heedInterrupts: (work) => work({ signal: new AbortController().signal, windUp() {} }),
  });
  await runCommandLine(args, env);
  return code;
}

/**
 * A reader that has seen enough, like `head`, is not an error; a disk that is full is one of the
 * user's.
 */
function endWhenClosed(name: "stdout" | "stderr", title: string): void {
  process[name].on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    if (name !== "stderr") process.stderr.write(`heddle: cannot write ${title}: ${fileErrorReason(error)}\n`);
    process.exit(ExitCode.Input);
  });
}
