/** The command line: which commands there are, and what becomes of errors. */
import { Command } from "commander";
import * as benchRouting from "./commands/bench-routing.js";
import * as buildPolicy from "./commands/build-policy.js";
import * as chart from "./commands/chart.js";
import * as compare from "./commands/compare.js";
import * as examples from "./commands/examples.js";
import * as explainModel from "./commands/explain-model.js";
import * as presets from "./commands/presets.js";
import * as resume from "./commands/resume.js";
import * as run from "./commands/run.js";
import * as schema from "./commands/schema.js";
import * as sweep from "./commands/sweep/index.js";
import * as topo from "./commands/topo.js";
import * as validate from "./commands/validate.js";
import type { Environment } from "./environment.js";
import { describeFailure } from "./failures.js";

const COMMANDS = [
  run,
  resume,
  sweep,
  compare,
  benchRouting,
  chart,
  validate,
  topo,
  presets,
  schema,
  explainModel,
  examples,
  buildPolicy,
];

const AFTER_HELP = `
Exit codes: 0 done; 2 the input is wrong; 3 the simulated job could not finish;
1 a fault of heddle's own; 130 interrupted.`;

/** Commander throws instead of exiting; its output goes to the environment. */
export function buildProgram(env: Environment): Command {
  const program = new Command("heddle");
  program
    .description("Packet-level simulation of collective communication on GPU-cluster fabrics.")
    .version(env.version)
    .addHelpText("after", AFTER_HELP)
    .configureOutput({ writeOut: (text) => env.stdout.write(text), writeErr: (text) => env.stderr.write(text) })
    .showHelpAfterError("(--help tells what there is)")
    // Commands have subcommands with options of the same names.
    .enablePositionalOptions()
    .exitOverride();
  for (const command of COMMANDS) command.register(program, env);
  return program;
}

/** Runs one command line, the arguments after the program's name. Never throws: failures become messages and exit codes. */
export async function runCommandLine(args: readonly string[], env: Environment): Promise<void> {
  try {
    await buildProgram(env).parseAsync([...args], { from: "user" });
  } catch (error) {
    const { code, text } = describeFailure(error, args.includes("--verbose"));
    env.setExitCode(code);
    env.stderr.write(text);
  }
}
