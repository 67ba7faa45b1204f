/**
 * The thread that takes signals: asks for help are answered here, commands get a thread of their
 * own.
 */

import { VERSION } from "../util/version.js";
import { asksForHelp, namedIn } from "./support/command-line.js";
import { ExitCode } from "./support/exit-codes.js";
import { fileErrorReason } from "./support/file-errors.js";

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

async function answerHere(args: readonly string[]): Promise<ExitCode> {
  if (namedIn(args) === undefined) {
    const { answerOverview } = await import("./overview.js");
    return answerOverview(args);
  }
  const { loadProgram } = await import("./script.js");
  const { entries, keepCode } = loadProgram(import.meta.url, ["help", ...args]);
  const code = await entries.answer(args);
  keepCode();
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
