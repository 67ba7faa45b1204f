/** Command lines that are answered in the thread that takes signals: asks for help. */
import { environmentOf } from "./process-environment.js";
import { runCommandLine } from "./program.js";
import { ExitCode } from "./support/exit-codes.js";
import { traitsOf } from "./support/terminal.js";

export async function answerHere(args: readonly string[]): Promise<ExitCode> {
  const { stdout, stderr } = process;
  let code: ExitCode = ExitCode.Done;
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
