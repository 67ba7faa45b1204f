import type { Command } from "commander";
import { scenarioDigest } from "../../scenario/parse/digest.js";
import type { Environment } from "../support/environment.js";
import { readScenario } from "../support/input.js";
import { addSetOption, addVerboseOption, FILE_ARGUMENT } from "../support/options.js";

export function define(command: Command, env: Environment): void {
  command.argument(...FILE_ARGUMENT).option("--quiet", "no warnings");
  addVerboseOption(addSetOption(command)).action(
    async (file: string, options: { set: readonly string[]; quiet?: boolean }) => {
      const { scenario, policy } = await readScenario(file, options, env);
      const library = await env.library();
      library.checkScenario(scenario);
      if (policy !== undefined) await library.checkPolicy(await policy.source());
      env.stdout.write(
        `${file}: valid, scenario ${JSON.stringify(scenario.name)}, digest ${scenarioDigest(scenario)}\n`,
      );
    },
  );
}
