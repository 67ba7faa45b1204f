import type { Command } from "commander";
import { didYouMean } from "../../scenario/types/suggest.js";
import { EXPORT_FORMATS } from "../../study/exports/registry.js";
import type { Environment } from "../support/environment.js";
import { InputError } from "../support/failures.js";
import { readScenario } from "../support/input.js";
import { addSetOption, addVerboseOption, FILE_ARGUMENT } from "../support/options.js";
import { checkWritable, inBlocks, writeParts } from "../support/output.js";

interface ExportOptions {
  readonly set: readonly string[];
  readonly out?: string;
  readonly quiet?: boolean;
}

export function define(command: Command, env: Environment): void {
  const list = Object.entries(EXPORT_FORMATS).map(([name, { sentence }]) => `  ${name.padEnd(5)} ${sentence}`);
  command
    .argument("<format>", "what to write; see below")
    .argument(...FILE_ARGUMENT)
    .option("-o, --out <file>", "write to a file (default: standard output)")
    .option("--quiet", "no warnings")
    .addHelpText("after", `\nFormats:\n${list.join("\n")}\n`);
  addVerboseOption(addSetOption(command)).action((format: string, file: string, options: ExportOptions) =>
    exportScenario(format, file, options, env),
  );
}

async function exportScenario(name: string, file: string, options: ExportOptions, env: Environment): Promise<void> {
  const names = Object.keys(EXPORT_FORMATS);
  const format = Object.hasOwn(EXPORT_FORMATS, name) ? EXPORT_FORMATS[name] : undefined;
  if (format === undefined) {
    const guess = didYouMean(name, names);
    throw new InputError(`there is no format ${JSON.stringify(name)}${guess}; formats are ${names.join(", ")}`);
  }
  if (options.out !== undefined) await checkWritable(options.out);
  const { scenario } = await readScenario(file, options, env);
  const { resolvePlan } = await import("../../resolve/resolve.js");
  const { text, notes } = format.write(resolvePlan(scenario).plan, scenario);
  if (options.out === undefined) for (const part of inBlocks(text)) env.stdout.write(part, "data");
  else await writeParts(options.out, text);
  if (options.quiet !== true) for (const note of notes) env.stderr.write(`warning: ${note}\n`);
}
