import { stat } from "node:fs/promises";
import type { Command } from "commander";
import type { Environment } from "../../support/environment.js";
import { InputError } from "../../support/failures.js";
import { addSetOption, addVerboseOption } from "../../support/options.js";
import { readSweepInput } from "../../sweep/input.js";
import { addPoolOptions, addSweepOption, SWEEP_ARGUMENT_TEXT } from "../../sweep/options.js";
import { checkPareto } from "../../sweep/pareto.js";
import { addTornadoOptions, checkTornadoOptions, checkTornadoOutput, readTornadoInput } from "../../sweep/tornado.js";
import * as exportRows from "./export.js";
import { type LocalOptions, resumeSweep, runSweep } from "./local.js";
import * as merge from "./merge.js";
import * as plan from "./plan.js";
import * as run from "./run.js";
import * as show from "./show.js";
import * as status from "./status.js";
import * as submit from "./submit.js";

const SUBCOMMANDS = [show, exportRows, plan, run, merge, status, submit];

const AFTER_HELP = `
The store (--out) keeps every finished point: the same command again goes on where it was.
Exit codes: 0 every point is in and its job finished; 3 a point has no result, or its job could
not finish; 2 the input is wrong; 1 a fault of heddle's own; 130 interrupted.`;

export function define(sweep: Command, env: Environment): void {
  sweep
    .argument("[file]", `${SWEEP_ARGUMENT_TEXT}; with --tornado a scenario; with --resume also the folder of a store`)
    .option("--out <dir>", "folder of the store (default: the sweep's name with .sweep)")
    .option("--resume", "go on with a sweep that is in the store already")
    .addHelpText("after", AFTER_HELP)
    // Options after the name of a subcommand are its own.
    .enablePositionalOptions();
  addTornadoOptions(sweep)
    .option("--json", "with --tornado: print one JSON document")
    .option("--chart <file>", "with --tornado: draw a chart, .svg or .png")
    .option(
      "--pareto <file>",
      "list the points by cost and JCT, mark those that none beats in both, and draw them, .svg or .png",
    );
  addVerboseOption(addSetOption(addSweepOption(addPoolOptions(sweep)))).action(
    async (file: string | undefined, options: LocalOptions) => local(file, options, env),
  );
  for (const command of SUBCOMMANDS) command.register(sweep, env);
}

async function local(file: string | undefined, options: LocalOptions, env: Environment): Promise<void> {
  checkTornadoOptions(options);
  await checkTornadoOutput(options);
  await checkPareto(options, options.tornado === true);
  if (options.resume === true) {
    const isFolder = file !== undefined && (await stat(file).catch(() => null))?.isDirectory() === true;
    const folder = isFolder ? file : file === undefined ? options.out : undefined;
    if (folder !== undefined) {
      if (options.tornado === true)
        throw new InputError("a store holds a tornado as it was planned; leave --tornado out");
      if (options.set.length > 0) throw new InputError("--set needs the sweep file; a store holds points as they are");
      return resumeSweep(folder, options, env);
    }
  }
  if (file === undefined) {
    const what = options.tornado === true ? "a scenario" : "a sweep file, or a store: heddle sweep --resume --out DIR";
    throw new InputError(`name ${what}`);
  }
  const input = options.tornado
    ? await readTornadoInput(file, options.set, options, env)
    : await readSweepInput(file, options.set, env);
  return runSweep(input, options, env);
}
