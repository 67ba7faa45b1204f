import type { Command } from "commander";
import { listExamples } from "../support/bundled.js";
import { type Environment, kindOf } from "../support/environment.js";
import { formatNames } from "../support/names.js";

export function define(command: Command, env: Environment): void {
  command.option("--json", "print one JSON document").action(async (options: { json?: boolean }) => {
    const examples = await listExamples(env.examplesUrl);
    const text = options.json === true ? `${JSON.stringify(examples, null, 2)}\n` : formatNames(examples);
    env.stdout.write(text, kindOf(options.json));
  });
}
