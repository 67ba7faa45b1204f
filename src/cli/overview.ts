/** Command lines that ask for help and name no command: nothing of any command is loaded. */
import { VERSION } from "../util/version.js";
import { programOf, runProgram } from "./listed.js";
import { ExitCode } from "./support/exit-codes.js";
import { presented } from "./support/presented.js";
import { traitsOf } from "./support/terminal.js";

export async function answerOverview(args: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = ExitCode.Done;
  const env = {
    stdout: outputOf("stdout"),
    stderr: outputOf("stderr"),
    version: VERSION,
    setExitCode: (given: ExitCode) => {
      code = given;
    },
  };
  await runProgram(() => programOf(env, async () => false), args, env);
  return code;
}

function outputOf(name: "stdout" | "stderr") {
  return presented({ write: (text) => void process[name].write(text), ...traitsOf(name) }, process.env);
}
