import type { Command } from "commander";
import { listExamples } from "../bundled.js";
import type { Environment } from "../environment.js";
import { formatNames } from "../names.js";

export function define(command: Command, env: Environment): void {
  command.option("--json", "print one JSON document").action(async (options: { json?: boolean }) => {
    const examples = await listExamples(env.examplesUrl);
    env.stdout.write(options.json === true ? `${JSON.stringify(examples, null, 2)}\n` : formatNames(examples));
  });
}
