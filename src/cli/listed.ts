/**
 * The program as its own help shows it: which commands there are. Nothing of what they do is here,
 * so that `heddle --help` loads little.
 */
import { Command } from "commander";
import type { Environment } from "./support/environment.js";
import { describeFailure } from "./support/failures.js";

interface Entry {
  readonly name: string;
  readonly description: string;
  /** As help shows it beside the name. */
  readonly argument?: string;
}

const COMMANDS = [
  {
    name: "run",
    description: "simulate a scenario and print its result",
    argument: "<file>",
  },
  {
    name: "resume",
    description: "go on with a run from its snapshot",
    argument: "<snapshot>",
  },
  {
    name: "sweep",
    description: "simulate a scenario over axes of values and seeds, into a store of results",
    argument: "[file]",
  },
  {
    name: "compare",
    description: "compare results of heddle run: figures, settings, and what explains the difference",
    argument: "<results...>",
  },
  {
    name: "bench-routing",
    description: "compare routing policies on the fabric of a scenario, under several traffic patterns, over seeds",
    argument: "<file>",
  },
  {
    name: "perf",
    description: "simulate a collective over sizes, and print the table of nccl-tests",
    argument: "<file>",
  },
  {
    name: "what-if",
    description: "simulate a scenario as it is and with changes, and tell what each would buy",
    argument: "<file>",
  },
  {
    name: "diagnose",
    description: "rank what made a run slower than a healthy one: links, optics, NICs, ranks, settings",
    argument: "<result>",
  },
  {
    name: "report",
    description: "make one page of results, to be read, printed and sent to others",
    argument: "<results...>",
  },
  {
    name: "serve",
    description: "open the playground: scenarios in a page, as they run",
    argument: "[file]",
  },
  {
    name: "chart",
    description: "draw a metric of a sweep over one of its axes, a line for each combination of the others",
    argument: "<points>",
  },
  {
    name: "validate",
    description: "check a scenario without simulating it",
    argument: "<file>",
  },
  {
    name: "topo",
    description: "describe the fabric of a scenario",
    argument: "<file>",
  },
  {
    name: "cost",
    description: "list what the network of a scenario is bought of, its price and its power",
    argument: "<file>",
  },
  {
    name: "availability",
    description: "tell what failures and checkpoints leave of a job's time over weeks",
    argument: "<file>",
  },
  {
    name: "parts",
    description: "print the parts that networks are made of: reach, power, price, failures, with sources",
    argument: "[name]",
  },
  {
    name: "import",
    description: "make a scenario of files of other programs, such as traces",
    argument: "<format> <files...>",
  },
  {
    name: "export",
    description: "write what a scenario does as the input of another program",
    argument: "<format> <file>",
  },
  {
    name: "presets",
    description: "list the presets, or print what one sets",
    argument: "[name]",
  },
  {
    name: "schema",
    description: "print the JSON Schema of scenario files, for editors",
  },
  {
    name: "explain-model",
    description: "print every policy and mechanism of the model, or one: parameters, units, defaults, source",
    argument: "[name]",
  },
  {
    name: "examples",
    description: "list the bundled examples, which run, validate and topo take by name",
  },
  {
    name: "build-policy",
    description: "compile a routing policy into a core of its own, as fast as a built-in one",
    argument: "<file>",
  },
  {
    name: "completion",
    description: "print what completes command lines in a shell: bash, zsh, fish",
    argument: "<shell>",
  },
] as const satisfies readonly Entry[];

export type CommandName = (typeof COMMANDS)[number]["name"];

/** What the program needs of the process by itself. */
export type ProgramEnvironment = Pick<Environment, "stdout" | "stderr" | "version" | "setExitCode">;

const AFTER_HELP = `
Exit codes: 0 done; 2 the input is wrong; 3 the simulated job could not finish;
1 a fault of heddle's own; 130 interrupted.`;

/**
 * Commander throws instead of exiting; its output goes to the environment.
 * @param define gives a command its options, or returns false: then it has nothing but its name
 */
export async function programOf(
  env: ProgramEnvironment,
  define: (name: CommandName, command: Command) => Promise<boolean>,
): Promise<Command> {
  const program = new Command("heddle");
  program
    .description("Packet-level simulation of collective communication on GPU-cluster fabrics.")
    .version(env.version)
    .addHelpText("after", AFTER_HELP)
    .configureOutput({ writeOut: (text) => env.stdout.write(text), writeErr: (text) => env.stderr.write(text) })
    .showHelpAfterError("(--help tells what there is)")
    // Of most commands the options are not loaded.
    .configureHelp({ subcommandTerm: termOf })
    // Commands have subcommands with options of the same names.
    .enablePositionalOptions()
    .exitOverride();
  for (const entry of COMMANDS) {
    const command = program.command(entry.name).description(entry.description);
    if (!(await define(entry.name, command)) && "argument" in entry) command.argument(entry.argument);
  }
  return program;
}

function termOf(command: Command): string {
  const parts = command.registeredArguments.map((argument) => {
    const name = argument.variadic ? `${argument.name()}...` : argument.name();
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...parts].join(" ");
}

/**
 * Runs a command line, the arguments after the program's name. Never throws: failures become
 * messages and exit codes.
 */
export async function runProgram(
  build: () => Promise<Command>,
  args: readonly string[],
  env: ProgramEnvironment,
): Promise<void> {
  try {
    const program = await build();
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    const { code, text } = describeFailure(error, args.includes("--verbose"));
    env.setExitCode(code);
    env.stderr.write(text);
  }
}
