import type { Command } from "commander";
import type { AvailabilityReport } from "../../answer/availability/report.js";
import type { Environment } from "../support/environment.js";
import { InputError } from "../support/failures.js";
import { readScenario } from "../support/input.js";
import { addSetOption, addVerboseOption, FILE_ARGUMENT } from "../support/options.js";
import { printDocument } from "../support/print-document.js";

interface AvailabilityOptions {
  readonly set: readonly string[];
  readonly json?: boolean;
  readonly vary?: string;
}

export function define(command: Command, env: Environment): void {
  command
    .argument(...FILE_ARGUMENT)
    .option("--vary <path=a,b,...>", "a row for each value, e.g. checkpoint.interval=5min,10min,1h")
    .option("--json", "print one JSON document");
  addVerboseOption(addSetOption(command)).action((file: string, options: AvailabilityOptions) =>
    options.vary === undefined ? one(file, options, env) : several(file, options, env),
  );
}

async function one(file: string, options: AvailabilityOptions, env: Environment): Promise<void> {
  const { scenario } = await readScenario(file, options, env);
  const { describeAvailability, formatAvailability } = await env.library();
  const report = describeAvailability(scenario);
  printDocument(report, () => formatAvailability(report), options, env);
}

async function several(file: string, options: AvailabilityOptions, env: Environment): Promise<void> {
  const { path, values } = readVariation(options.vary!);
  const { describeAvailability, formatVariation } = await env.library();
  const rows: { readonly value: string; readonly report: AvailabilityReport }[] = [];
  for (const value of values) {
    const set = [...options.set, `${path}=${value}`];
    const { scenario } = await readScenario(file, { ...options, set }, env);
    rows.push({ value, report: describeAvailability(scenario) });
  }
  printDocument(rows, () => formatVariation(path, rows), options, env);
}

/** @throws InputError */
function readVariation(text: string): { path: string; values: readonly string[] } {
  const [, path, list] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (path === undefined || list === undefined) {
    throw new InputError(`--vary ${text}: write a path and values, e.g. checkpoint.interval=5min,10min,1h`);
  }
  return { path, values: list.split(",").map((value) => value.trim()) };
}
