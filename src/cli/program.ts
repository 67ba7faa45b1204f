/** The command line: which commands there are, and what becomes of errors. */
import { Command } from "commander";
import type { Environment } from "./support/environment.js";
import { describeFailure } from "./support/failures.js";

interface Entry {
  readonly name: string;
  readonly description: string;
  /** As help shows it beside the name. */
  readonly argument?: string;
  /** Its module: what a command does not need is not loaded. */
  load(): Promise<{ define(command: Command, env: Environment, whole: () => Promise<Command>): void }>;
}

export const COMMANDS: readonly Entry[] = [
  {
    name: "run",
    description: "simulate a scenario and print its result",
    argument: "<file>",
    load: () => import("./commands/run.js"),
  },
  {
    name: "resume",
    description: "go on with a run from its snapshot",
    argument: "<snapshot>",
    load: () => import("./commands/resume.js"),
  },
  {
    name: "sweep",
    description: "simulate a scenario over axes of values and seeds, into a store of results",
    argument: "[file]",
    load: () => import("./commands/sweep/index.js"),
  },
  {
    name: "compare",
    description: "compare results of heddle run: figures, settings, and what explains the difference",
    argument: "<results...>",
    load: () => import("./commands/compare.js"),
  },
  {
    name: "bench-routing",
    description: "compare routing policies on the fabric of a scenario, under several traffic patterns, over seeds",
    argument: "<file>",
    load: () => import("./commands/bench-routing.js"),
  },
  {
    name: "perf",
    description: "simulate a collective over sizes, and print the table of nccl-tests",
    argument: "<file>",
    load: () => import("./commands/perf.js"),
  },
  {
    name: "what-if",
    description: "simulate a scenario as it is and with changes, and tell what each would buy",
    argument: "<file>",
    load: () => import("./commands/what-if.js"),
  },
  {
    name: "diagnose",
    description: "rank what made a run slower than a healthy one: links, optics, NICs, ranks, settings",
    argument: "<result>",
    load: () => import("./commands/diagnose.js"),
  },
  {
    name: "report",
    description: "make one page of results, to be read, printed and sent to others",
    argument: "<results...>",
    load: () => import("./commands/report.js"),
  },
  {
    name: "serve",
    description: "open the playground: scenarios in a page, as they run",
    argument: "[file]",
    load: () => import("./commands/serve.js"),
  },
  {
    name: "chart",
    description: "draw a metric of a sweep over one of its axes, a line for each combination of the others",
    argument: "<points>",
    load: () => import("./commands/chart.js"),
  },
  {
    name: "validate",
    description: "check a scenario without simulating it",
    argument: "<file>",
    load: () => import("./commands/validate.js"),
  },
  {
    name: "topo",
    description: "describe the fabric of a scenario",
    argument: "<file>",
    load: () => import("./commands/topo.js"),
  },
  {
    name: "cost",
    description: "list what the network of a scenario is bought of, its price and its power",
    argument: "<file>",
    load: () => import("./commands/cost.js"),
  },
  {
    name: "availability",
    description: "tell what failures and checkpoints leave of a job's time over weeks",
    argument: "<file>",
    load: () => import("./commands/availability.js"),
  },
  {
    name: "parts",
    description: "print the parts that networks are made of: reach, power, price, failures, with sources",
    argument: "[name]",
    load: () => import("./commands/parts.js"),
  },
  {
    name: "import",
    description: "make a scenario of files of other programs, such as traces",
    argument: "<format> <files...>",
    load: () => import("./commands/import.js"),
  },
  {
    name: "export",
    description: "write what a scenario does as the input of another program",
    argument: "<format> <file>",
    load: () => import("./commands/export.js"),
  },
  {
    name: "presets",
    description: "list the presets, or print what one sets",
    argument: "[name]",
    load: () => import("./commands/presets.js"),
  },
  {
    name: "schema",
    description: "print the JSON Schema of scenario files, for editors",
    load: () => import("./commands/schema.js"),
  },
  {
    name: "explain-model",
    description: "print every policy and mechanism of the model, or one: parameters, units, defaults, source",
    argument: "[name]",
    load: () => import("./commands/explain-model.js"),
  },
  {
    name: "examples",
    description: "list the bundled examples, which run, validate and topo take by name",
    load: () => import("./commands/examples.js"),
  },
  {
    name: "build-policy",
    description: "compile a routing policy into a core of its own, as fast as a built-in one",
    argument: "<file>",
    load: () => import("./commands/build-policy.js"),
  },
  {
    name: "completion",
    description: "print what completes command lines in a shell: bash, zsh, fish",
    argument: "<shell>",
    load: () => import("./commands/completion.js"),
  },
];

const AFTER_HELP = `
Exit codes: 0 done; 2 the input is wrong; 3 the simulated job could not finish;
1 a fault of heddle's own; 130 interrupted.`;

/**
 * Commander throws instead of exiting; its output goes to the environment. Only the command that is
 * asked for is more than its name.
 * @param args of the command line, or "all" for all commands with their options
 */
async function buildProgram(args: readonly string[] | "all", env: Environment): Promise<Command> {
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
  const wanted = args === "all" ? null : args.find((argument) => !argument.startsWith("-") && argument !== "help");
  for (const { name, description, argument, load } of COMMANDS) {
    const command = program.command(name).description(description);
    if (wanted === null || name === wanted) (await load()).define(command, env, () => buildProgram("all", env));
    else if (argument !== undefined) command.argument(argument);
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
 * Runs one command line, the arguments after the program's name. Never throws: failures become
 * messages and exit codes.
 */
export async function runCommandLine(args: readonly string[], env: Environment): Promise<void> {
  try {
    const program = await buildProgram(args, env);
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    const { code, text } = describeFailure(error, args.includes("--verbose"));
    env.setExitCode(code);
    env.stderr.write(text);
  }
}
