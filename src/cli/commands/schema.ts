import type { Command } from "commander";
import { scenarioJsonSchema } from "../../scenario/schema/json-schema.js";
import type { Environment } from "../environment.js";

export function register(program: Command, env: Environment): void {
  program
    .command("schema")
    .description("print the JSON Schema of scenario files, for editors")
    .action(() => {
      env.stdout.write(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`, "json");
    });
}
