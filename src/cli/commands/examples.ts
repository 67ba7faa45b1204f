import type { Command } from "commander";
import { listExamples } from "../bundled.js";
import { type Environment, kindOf } from "../environment.js";
import { formatNames } from "../names.js";

export function register(program: Command, env: Environment): void {
  program
    .command("examples")
    .description("list the bundled examples, which run, validate and topo take by name")
    .option("--json", "print one JSON document")
    .action(async (options: { json?: boolean }) => {
      const examples = await listExamples(env.examplesUrl);
      env.stdout.write(
        options.json === true ? `${JSON.stringify(examples, null, 2)}\n` : formatNames(examples),
        kindOf(options.json),
      );
    });
}
