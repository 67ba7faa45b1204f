import type { Command } from "commander";
import { scenarioJsonSchema } from "../../scenario/describe/json-schema.js";
import { schemaAsMarkdown } from "../../scenario/describe/schema-page.js";
import type { Environment } from "../support/environment.js";

export function define(command: Command, env: Environment): void {
  command
    .option("--markdown", "print all fields as a page of Markdown")
    .action(({ markdown }: { readonly markdown?: boolean }) => {
      const schema = scenarioJsonSchema();
      if (markdown === true) env.stdout.write(schemaAsMarkdown(schema as object), "data");
      else env.stdout.write(`${JSON.stringify(schema, null, 2)}\n`, "json");
    });
}
