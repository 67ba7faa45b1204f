import type { Command } from "commander";
import { allParts, partsAsMarkdown, partsAsText } from "../../answer/cost/parts-text.js";
import { didYouMean } from "../../scenario/types/suggest.js";
import type { Environment } from "../support/environment.js";
import { InputError } from "../support/failures.js";

interface PartsOptions {
  readonly json?: boolean;
  readonly markdown?: boolean;
}

export function define(command: Command, env: Environment): void {
  command
    .argument("[name]", "part to print, e.g. dr4")
    .option("--json", "print one JSON document")
    .option("--markdown", "print Markdown")
    .action((name: string | undefined, { json, markdown }: PartsOptions) => {
      const parts = choose(name);
      if (json === true) env.stdout.write(`${JSON.stringify(parts, null, 2)}\n`, "json");
      else if (markdown === true) env.stdout.write(partsAsMarkdown(parts), "data");
      else env.stdout.write(partsAsText(parts));
    });
}

function choose(name: string | undefined): ReturnType<typeof allParts> {
  const parts = allParts();
  if (name === undefined) return parts;
  const isWanted = (part: { readonly name: string }) => part.name === name;
  const { optics, switches, nics } = parts;
  const chosen = {
    optics: optics.filter(isWanted),
    switches: switches.filter(isWanted),
    nics: nics.filter(isWanted),
  };
  if (chosen.optics.length + chosen.switches.length + chosen.nics.length > 0) return chosen;
  const known = [...optics, ...switches, ...nics].map((part) => part.name);
  throw new InputError(
    `there is no part ${JSON.stringify(name)}${didYouMean(name, known)}; there are ${known.join(", ")}`,
  );
}
