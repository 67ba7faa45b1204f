import type { Command } from "commander";
import { load } from "../../study/charts/render.js";
import { reportPage } from "../../study/report/report.js";
import type { Environment } from "../support/environment.js";
import { addVerboseOption } from "../support/options.js";
import { checkWritable, writeWhole } from "../support/output.js";
import { readResultFile } from "../support/result-file.js";

interface Options {
  readonly output: string;
  readonly title?: string;
}

export function define(command: Command, env: Environment): void {
  command
    .argument("<results...>", "JSON results of heddle run; of several, the first is what others are compared with")
    .requiredOption("-o, --output <file>", "the page, e.g. report.html")
    .option("--title <text>", "instead of the scenario's name");
  addVerboseOption(command).action((files: readonly string[], options: Options) => report(files, options, env));
}

async function report(files: readonly string[], { output, title }: Options, env: Environment): Promise<void> {
  await checkWritable(output);
  // Found out before long files are read.
  await Promise.all(["vega", "vega-lite"].map((name) => load(name)));
  const results = await Promise.all(files.map(async (name) => ({ name, result: await readResultFile(name) })));
  await writeWhole(output, await reportPage(results, title));
  env.stderr.write(`heddle: wrote ${output}\n`);
}
