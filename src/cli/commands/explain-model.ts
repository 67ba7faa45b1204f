import type { Command } from "commander";
import { combinationsAsMarkdown } from "../../scenario/describe/combinations.js";
import { describePolicies, type PolicyDescription } from "../../scenario/describe/policies.js";
import { policiesAsMarkdown, policiesAsText } from "../../scenario/describe/text.js";
import { didYouMean } from "../../scenario/types/suggest.js";
import type { Environment } from "../support/environment.js";
import { InputError } from "../support/failures.js";

interface Options {
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly combinations?: boolean;
}

export function define(command: Command, env: Environment): void {
  command
    .argument("[name]", "policy, e.g. dcqcn, or the field that chooses it, e.g. routing.policy")
    .option("--json", "print one JSON document")
    .option("--markdown", "print Markdown")
    .option("--combinations", "print what goes with what, and what is refused and why, in Markdown")
    .action((name: string | undefined, { json, markdown, combinations }: Options) => {
      if (combinations === true) return printCombinations(env, { name, json });
      const chosen = choose(describePolicies(), name);
      if (json === true) env.stdout.write(`${JSON.stringify(chosen, null, 2)}\n`, "json");
      else if (markdown === true) env.stdout.write(policiesAsMarkdown(chosen), "data");
      else env.stdout.write(policiesAsText(chosen));
    });
}

/** @throws InputError where something else was asked for besides */
function printCombinations(
  env: Environment,
  { name, json }: { name: string | undefined; json: boolean | undefined },
): void {
  if (name !== undefined || json === true) {
    throw new InputError("--combinations prints one page of Markdown; leave the name and --json out");
  }
  env.stdout.write(combinationsAsMarkdown(), "data");
}

function choose(policies: readonly PolicyDescription[], name: string | undefined): readonly PolicyDescription[] {
  if (name === undefined) return policies;
  const chosen = policies.filter((policy) => policy.name === name || policy.path === name);
  if (chosen.length > 0) return chosen;
  const known = [...new Set(policies.flatMap((policy) => [policy.name, policy.path]))];
  throw new InputError(
    `there is no policy ${JSON.stringify(name)}${didYouMean(name, known)}; there are ${known.join(", ")}`,
  );
}
