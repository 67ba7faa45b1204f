/** Sweep files, and the scenarios that they name. */
import { realpath } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve } from "node:path";
import { formatIssue, type ScenarioIssue } from "../../scenario/errors.js";
import { type BaseText, readSweep, type SweepFile } from "../../sweep/sweep-file.js";
import { exampleNames } from "../bundled.js";
import type { Environment } from "../environment.js";
import { InputError } from "../failures.js";
import { readScenarioText } from "../input.js";

export interface SweepInput {
  readonly sweep: SweepFile;
  /** As messages show it. */
  readonly file: string;
}

/** @throws InputError, ScenarioError */
export async function readSweepInput(name: string, set: readonly string[], env: Environment): Promise<SweepInput> {
  const { text, file, defaultName } = await readScenarioText(name, env, "sweep");
  const isBundled = (await exampleNames(env.examplesUrl, "sweep")).includes(name) && file !== name;
  const folder = isBundled ? null : name === "-" ? "." : dirname(name);
  const sweep = await readSweep(text, { file, defaultName, set, readBase: (base) => readBase(base, folder, env) });
  return { sweep, file };
}

/** A file in the sweep's folder or below, or a bundled example: a sweep that came from elsewhere must not read other files. */
async function readBase(name: string, folder: string | null, env: Environment): Promise<BaseText> {
  const examples = await exampleNames(env.examplesUrl);
  const path = folder === null ? name : resolve(folder, name);
  const real = folder === null ? null : await realpath(path).catch(() => null);
  if (folder === null || real === null) {
    if (examples.includes(name)) return readScenarioText(name, env);
    const where = folder === null ? "" : ` in ${folder}`;
    throw new InputError(`there is no file ${JSON.stringify(name)}${where}; bundled examples: ${examples.join(", ")}`);
  }
  const inside = relative(await realpath(folder), real);
  if (inside.startsWith("..") || isAbsolute(inside)) {
    throw new InputError(
      `${JSON.stringify(name)} is outside of the sweep's folder; put the scenario beside the sweep file`,
    );
  }
  const shown = relative(".", path);
  return readScenarioText(shown.startsWith("..") ? path : shown, env);
}

export function printWarnings(warnings: readonly ScenarioIssue[], quiet: boolean, env: Environment): void {
  if (quiet) return;
  for (const warning of warnings) env.stderr.write(`warning: ${formatIssue(warning)}\n`);
}
