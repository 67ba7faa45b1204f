import type { Command } from "commander";
import type { Environment } from "../support/environment.js";
import { readScenario } from "../support/input.js";
import { addSetOption, addVerboseOption, FILE_ARGUMENT } from "../support/options.js";
import { printDocument } from "../support/print-document.js";

interface CostOptions {
  readonly set: readonly string[];
  readonly json?: boolean;
}

export function define(command: Command, env: Environment): void {
  command.argument(...FILE_ARGUMENT).option("--json", "print one JSON document");
  addVerboseOption(addSetOption(command)).action(async (file: string, options: CostOptions) => {
    const { scenario } = await readScenario(file, options, env);
    const { describeCost, formatCost } = await env.library();
    const cost = describeCost(scenario);
    printDocument(cost, () => formatCost(cost, { name: scenario.name }), options, env);
  });
}
