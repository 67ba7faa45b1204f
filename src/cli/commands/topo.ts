import type { Command } from "commander";
import type { ListedLink } from "../../answer/result/list-links.js";
import { formatQuantity } from "../../scenario/types/units.js";
import { type Environment, kindOf } from "../support/environment.js";
import { readScenario } from "../support/input.js";
import { addSetOption, addVerboseOption, FILE_ARGUMENT } from "../support/options.js";

interface TopoOptions {
  readonly set: readonly string[];
  readonly json?: boolean;
  readonly list?: boolean;
}

export function define(command: Command, env: Environment): void {
  command
    .argument(...FILE_ARGUMENT)
    .option("--list", "list every link with the names of its ends, as faults name them")
    .option("--json", "print one JSON document");
  addVerboseOption(addSetOption(command)).action((file: string, options: TopoOptions) => topo(file, options, env));
}

async function topo(file: string, options: TopoOptions, env: Environment): Promise<void> {
  const { scenario } = await readScenario(file, options, env);
  const library = await env.library();
  if (options.list === true) {
    const links = [...library.listLinks(scenario)];
    env.stdout.write(
      options.json === true ? toJson(links) : links.map(formatLink).join(""),
      options.json === true ? "json" : "data",
    );
    return;
  }
  const report = library.describeTopology(scenario);
  const color = env.stdout.hasColor;
  env.stdout.write(
    options.json === true ? toJson(report) : `${library.formatTopology(report, { color }).trimEnd()}\n`,
    kindOf(options.json),
  );
}

/** Tab-separated: for cut, sort and grep. */
function formatLink({ from, to, index, level, rateBps }: ListedLink): string {
  return `${from}\t${to}\t${index}\t${level}\t${formatQuantity("rate", rateBps)}\n`;
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
