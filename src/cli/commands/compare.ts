import type { Command } from "commander";
import { compareResults } from "../../study/compare/compare.js";
import { groupBySeeds, type Side } from "../../study/compare/sides.js";
import { formatComparison } from "../../study/compare/text.js";
import { checkOutputs, type DocumentOutputs, writeOutputs } from "../support/document-output.js";
import type { Environment } from "../support/environment.js";
import { InputError } from "../support/failures.js";
import { addVerboseOption } from "../support/options.js";
import { printDocument } from "../support/print-document.js";
import { readResultFile } from "../support/result-file.js";

interface CompareOptions extends Omit<DocumentOutputs, "chart"> {
  readonly json?: boolean;
  readonly group?: boolean;
  readonly all?: boolean;
}

export function define(command: Command, env: Environment): void {
  command
    .argument("<results...>", "JSON results; several runs of one side, over seeds, with commas: A1.json,A2.json")
    .option("--group", "put runs that differ in nothing but the seed on one side")
    .option("--all", "every figure, not only the most important that differ")
    .option("--json", "print one JSON document, and nothing else")
    .option("--out <file>", "write the comparison to a file, as JSON, too");
  addVerboseOption(command).action((files: readonly string[], options: CompareOptions) => compare(files, options, env));
}

async function compare(names: readonly string[], options: CompareOptions, env: Environment): Promise<void> {
  await checkOutputs(options);
  const given = await Promise.all(names.map(readSide));
  const single = given.flatMap(({ results }, i) =>
    results.map((result, run) => ({ name: names[i]!.split(",")[run]!, results: [result] })),
  );
  const document = compareResults(options.group === true ? groupBySeeds(single) : given);
  const { hasColor: color } = env.stdout;
  printDocument(document, () => formatComparison(document, { color, all: options.all === true }), options, env);
  await writeOutputs(document, options);
}

async function readSide(name: string): Promise<Side> {
  const files = name.split(",");
  if (files.includes("")) throw new InputError(`${JSON.stringify(name)} has an empty name; write A1.json,A2.json`);
  const results = await Promise.all(files.map(readResultFile));
  return { name: files.length === 1 ? name : `${files[0]} and ${files.length - 1} more`, results };
}
