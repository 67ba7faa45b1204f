import type { Command } from "commander";
import { scenarioJsonSchema } from "../../scenario/schema/json-schema.js";
import type { Environment } from "../environment.js";

export function define(command: Command, env: Environment): void {
  command.action(() => {
    env.stdout.write(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`, "json");
  });
}
