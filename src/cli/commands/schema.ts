import type { Command } from "commander";
import { scenarioJsonSchema } from "../../scenario/describe/json-schema.js";
import type { Environment } from "../support/environment.js";

export function define(command: Command, env: Environment): void {
  command.action(() => {
    env.stdout.write(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`, "json");
  });
}
