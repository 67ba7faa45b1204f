/** What the program's script offers to the threads that load it. */
import type { ExitCode } from "./support/exit-codes.js";

/** Runs the command of a thread that was made for it. @param atEnd called once it is done */
export async function runInThread(atEnd: () => void): Promise<void> {
  const { runCommandOfThread } = await import("./command.js");
  await runCommandOfThread(atEnd);
}

/** Answers what takes no time, e.g. `--help`, in the thread that takes signals. */
export async function answer(args: readonly string[]): Promise<ExitCode> {
  const { answerHere } = await import("./answer-here.js");
  return answerHere(args);
}
