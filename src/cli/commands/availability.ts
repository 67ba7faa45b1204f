import type { Command } from "commander";
import { type Environment, kindOf } from "../support/environment.js";
import { InputError } from "../support/failures.js";
import { readScenario } from "../support/input.js";
import { addSetOption, addVerboseOption, FILE_ARGUMENT } from "../support/options.js";

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
  const text = options.json === true ? toJson(report) : formatAvailability(report);
  env.stdout.write(text, kindOf(options.json));
}

async function several(file: string, options: AvailabilityOptions, env: Environment): Promise<void> {
  const { path, values } = readVariation(options.vary!);
  const { describeAvailability, formatVariation } = await env.library();
  const rows = [];
  for (const value of values) {
    const set = [...options.set, `${path}=${value}`];
    const { scenario } = await readScenario(file, { ...options, set }, env);
    rows.push({ value, report: describeAvailability(scenario) });
  }
  env.stdout.write(options.json === true ? toJson(rows) : formatVariation(path, rows), kindOf(options.json));
}

/** @throws InputError */
function readVariation(text: string): { path: string; values: readonly string[] } {
  const [, path, list] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (path === undefined || list === undefined) {
    throw new InputError(`--vary ${text}: write a path and values, e.g. checkpoint.interval=5min,10min,1h`);
  }
  return { path, values: list.split(",").map((value) => value.trim()) };
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
