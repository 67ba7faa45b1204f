/** The command line: what each command loads, and which one a command line asks for. */
import type { Command } from "commander";
import { type CommandName, programOf, runProgram } from "./listed.js";
import { namedIn } from "./support/command-line.js";
import type { Environment } from "./support/environment.js";

interface CommandModule {
  define(command: Command, env: Environment, whole: () => Promise<Command>): void;
}

/** Modules of the commands: what a command does not need is not loaded. */
export const MODULES: Readonly<Record<CommandName, () => Promise<CommandModule>>> = {
  run: () => import("./commands/run.js"),
  resume: () => import("./commands/resume.js"),
  sweep: () => import("./commands/sweep/index.js"),
  compare: () => import("./commands/compare.js"),
  "bench-routing": () => import("./commands/bench-routing.js"),
  perf: () => import("./commands/perf.js"),
  "what-if": () => import("./commands/what-if.js"),
  diagnose: () => import("./commands/diagnose.js"),
  report: () => import("./commands/report.js"),
  serve: () => import("./commands/serve.js"),
  chart: () => import("./commands/chart.js"),
  validate: () => import("./commands/validate.js"),
  topo: () => import("./commands/topo.js"),
  cost: () => import("./commands/cost.js"),
  availability: () => import("./commands/availability.js"),
  parts: () => import("./commands/parts.js"),
  import: () => import("./commands/import.js"),
  export: () => import("./commands/export.js"),
  presets: () => import("./commands/presets.js"),
  schema: () => import("./commands/schema.js"),
  "explain-model": () => import("./commands/explain-model.js"),
  examples: () => import("./commands/examples.js"),
  "build-policy": () => import("./commands/build-policy.js"),
  completion: () => import("./commands/completion.js"),
};

/**
 * The program, in which only the command that is asked for is more than its name.
 * @param args of the command line, or "all" for all commands with their options
 */
function buildProgram(args: readonly string[] | "all", env: Environment): Promise<Command> {
  const wanted = args === "all" ? "all" : namedIn(args);
  return programOf(env, async (name, command) => {
    if (wanted !== "all" && name !== wanted) return false;
    (await MODULES[name]()).define(command, env, () => buildProgram("all", env));
    return true;
  });
}

/**
 * Runs one command line, the arguments after the program's name. Never throws: failures become
 * messages and exit codes.
 */
export function runCommandLine(args: readonly string[], env: Environment): Promise<void> {
  return runProgram(() => buildProgram(args, env), args, env);
}
