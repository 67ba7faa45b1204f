import type { Command } from "commander";
import { stringify } from "yaml";
import { schemaDefaults } from "../../scenario/describe/json-schema.js";
import { policiesOf } from "../../scenario/describe/presets.js";
import { PRESETS, presetNames } from "../../scenario/presets/presets.js";
import type { Preset } from "../../scenario/types/preset.js";
import { didYouMean } from "../../scenario/types/suggest.js";
import { type Environment, kindOf } from "../support/environment.js";
import { InputError } from "../support/failures.js";
import { formatNames } from "../support/names.js";

export function define(command: Command, env: Environment): void {
  command
    .argument("[name]", "preset to print")
    .option("--json", "print one JSON document")
    .action((name: string | undefined, options: { json?: boolean }) => {
      env.stdout.write(name === undefined ? list(options) : print(name, options), kindOf(options.json));
    });
}

function list({ json }: { json?: boolean }): string {
  if (json === true) return `${JSON.stringify(PRESETS.map(withDefaults), null, 2)}\n`;
  return formatNames(PRESETS);
}

function print(name: string, { json }: { json?: boolean }): string {
  const preset = PRESETS.find((candidate) => candidate.name === name);
  if (preset === undefined) {
    const known = presetNames();
    throw new InputError(
      `there is no preset ${JSON.stringify(name)}${didYouMean(name, known)}; there are ${known.join(", ")}`,
    );
  }
  const { description, settings, source } = withDefaults(preset);
  if (json === true) return `${JSON.stringify(settings, null, 2)}\n`;
  const chosen = policiesOf(preset).map(({ path, name, sentence }) => `#   ${path} ${name}: ${sentence}\n`);
  const from = source === undefined ? "" : `# Source: ${source}.\n`;
  return `# ${description}\n${from}${chosen.join("")}${stringify(settings)}`;
}

/** Most defaults stand in the schema rather than in the preset of that name. */
function withDefaults(preset: Preset): Preset {
  return preset.name === "default" ? { ...preset, settings: schemaDefaults() } : preset;
}
